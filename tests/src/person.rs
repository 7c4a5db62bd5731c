//! What a person does with the app: the steps that tests and the demonstration share. Each ends when its effect is seen.

use std::time::Duration;

use crate::app::App;
use crate::page::{Part, assert_page_is_alive};
use crate::patience::{until, until_true};

impl App<'_> {
    /// Waits until the built-in NMS has answered and the list, or what stands in its place, can be worked with.
    #[track_caller]
    pub fn until_ready(&self) {
        self.find_like("button", "account menu");
        // With the list the page's head changes: a button that was found before is then somewhere else.
        until_true("the list was read", || self.look("return document.querySelector('.skeleton') === null") == true);
        self.find("button", "Create token");
    }

    /// Opens the dialog that creates a token.
    #[track_caller]
    pub fn open_create(&self) -> Part<'_> {
        self.until_ready();
        self.find("button", "Create token").click();
        self.find("dialog", "Create token")
    }

    /// Creates a token with these permissions (and what they bring along) and 90 days. The one-time step is then shown.
    #[track_caller]
    pub fn create(&self, name: &str, permissions: &[&str]) -> Part<'_> {
        // Asked while nothing is secret: later the process is closed to others.
        self.server_port();
        let dialog = self.open_create();
        dialog.find("textbox", "Name").enter(name);
        for permission in permissions {
            choose(&dialog, permission);
        }
        dialog.find("button", "Create token").click();
        self.once()
    }

    /// The one-time step, of a token that was created or rotated.
    #[track_caller]
    pub fn once(&self) -> Part<'_> {
        let is_it = |name: &String| name == "Token created" || name.starts_with("New value of ");
        let title = until("the one-time step", || self.names("dialog").into_iter().find(is_it));
        self.find("dialog", &title)
    }

    /// Copies the token in the one-time step, and reads it as another program would paste it.
    #[track_caller]
    pub fn copy(&self) -> String {
        self.once().find("button", "Copy token").click();
        self.until_it_says("Copied and checked.");
        until("the token on the clipboard", || self.desktop().clipboard())
    }

    /// Sees that the clipboard holds the token shortly before its minute is over, that it is empty then, and that the
    /// page says so.
    #[track_caller]
    pub fn until_its_minute_is_over_with(&self, token: &str) {
        self.advance(Duration::from_secs(55));
        assert_eq!(self.desktop().clipboard().as_deref(), Some(token));
        self.advance(Duration::from_secs(6));
        until_true("the clipboard is empty", || self.desktop().clipboard().is_none());
        self.until_it_says("Clipboard emptied.");
    }

    /// Leaves the one-time step after a copy.
    #[track_caller]
    pub fn done(&self) {
        self.once().find("button", "Done").click();
        self.until_no_dialog();
        assert_page_is_alive(self);
    }

    /// Creates, copies, leaves; the token.
    #[track_caller]
    pub fn create_and_copy(&self, name: &str, permissions: &[&str]) -> String {
        self.create(name, permissions);
        let token = self.copy();
        self.done();
        token
    }

    /// Takes a permission from a token that nobody needs of it: that is just saved.
    #[track_caller]
    pub fn take_permission(&self, name: &str, permission: &str) {
        self.choose_without(name, permission);
        self.until_no_dialog();
        assert_page_is_alive(self);
    }

    /// Takes a permission from a token that somebody used: who would be refused is said, and confirmed.
    #[track_caller]
    pub fn take_used_permission(&self, name: &str, permission: &str) {
        self.choose_without(name, permission);
        let question = self.find("alertdialog", &format!("Give “{name}” less power?"));
        question.until_it_says("1 caller of the last 30 days").until_it_says(permission);
        question.find("button", "Save all the same").click();
        self.until_no_dialog();
        assert_page_is_alive(self);
    }

    #[track_caller]
    fn choose_without(&self, name: &str, permission: &str) {
        self.find("button", &format!("Edit {name}")).click();
        let dialog = self.find_like("dialog", "Edit");
        choose(&dialog, permission);
        dialog.find("button", "Save").until_enabled().click();
    }

    /// Deletes a token, after the question.
    #[track_caller]
    pub fn delete(&self, name: &str) {
        self.find("button", &format!("Delete {name}")).click();
        self.find_like("alertdialog", "Delete").find("button", "Delete token").until_enabled().click();
        self.until_gone("button", &format!("Delete {name}"));
        assert_page_is_alive(self);
    }

    /// Waits until no dialog is open.
    #[track_caller]
    pub fn until_no_dialog(&self) {
        until("no dialog is open", || {
            let open = self.look("return document.querySelectorAll('[role=dialog], [role=alertdialog]').length");
            (open == 0).then_some(())
        });
    }

    /// The names of the tokens in the list, from the buttons that delete them.
    #[track_caller]
    pub fn listed(&self) -> Vec<String> {
        self.until_ready();
        let buttons = self.names("button");
        buttons.iter().filter_map(|name| name.strip_prefix("Delete ")).map(str::to_owned).collect()
    }
}

/// Checks or unchecks a permission in the picker, found by its search.
#[track_caller]
pub fn choose(dialog: &Part<'_>, permission: &str) {
    let search = dialog.find("searchbox", "Search permissions");
    search.replace_with(permission);
    dialog.find_like("checkbox", permission).click();
    search.replace_with("");
}
