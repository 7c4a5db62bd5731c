//! axe-core in the real window, in each main state, light and dark, small and large: no violation.

use palpabl_nms_settings_tests::portal::Portal;
use palpabl_nms_settings_tests::{App, Desktop, axe};

const SIZES: [(u16, u16); 2] = [(800, 600), (1280, 900)];

/// Looks at the state in both sizes, and remembers what is wrong.
struct Looker<'app> {
    app: &'app App<'app>,
    wrong: Vec<String>,
}

impl Looker<'_> {
    fn look(&mut self, state: &str) {
        for (width, height) in SIZES {
            self.app.resize(width, height);
            let found = axe::violations(self.app);
            self.wrong.extend(found.into_iter().map(|violation| format!("{state} {width}x{height}: {violation}")));
            if self.app.look("return document.documentElement.scrollWidth > innerWidth") == true {
                self.wrong.push(format!("{state} {width}x{height}: the page is wider than its window"));
            }
        }
    }
}

fn every_state(dark: bool) {
    let desktop = Desktop::new();
    let _portal = Portal::start(&desktop, dark);
    let app = App::start(&desktop);
    let mut looker = Looker { app: &app, wrong: vec![] };
    app.until_ready();
    looker.look("empty");
    let dialog = app.open_create();
    dialog.find("button", "Select all").click();
    looker.look("create");
    dialog.find("button", "Cancel").click();
    app.until_no_dialog();
    app.create("poller-03", &["devices:write"]);
    looker.look("once");
    app.find("button", "Use this token").click();
    app.find("button", "Copy for curl");
    looker.look("texts for its use");
    app.press("Escape");
    app.find("alertdialog", "Close without the token?");
    looker.look("close question");
    app.press("Escape");
    app.copy();
    app.until_it_says("Waiting for its first call");
    looker.look("copied");
    app.done();
    looker.look("list");
    app.find("button", "Edit poller-03").click();
    app.find_like("dialog", "Edit").find("button", "Cancel");
    looker.look("edit");
    app.press("Escape");
    app.until_no_dialog();
    app.find("button", "Delete poller-03").click();
    app.find_like("alertdialog", "Delete");
    looker.look("delete");
    app.press("Escape");
    app.until_no_dialog();
    app.find("button", "A service stopped working").click();
    app.until_focus_on("radio", "It worked and stopped");
    ["Down", "Down"].into_iter().for_each(|key| app.press(key));
    app.find("dialog", "A service stopped working").find_like("button", "poller-03");
    looker.look("service stopped");
    app.find("dialog", "A service stopped working").find_like("button", "poller-03").click();
    app.until_it_says("nobody can show it again");
    looker.look("cause");
    app.press("Escape");
    app.until_no_dialog();
    app.find("tab", "Profile").click();
    app.until_it_says("Permissions you hold");
    looker.look("profile");
    assert!(looker.wrong.is_empty(), "{}", looker.wrong.join("\n"));
}

#[test]
fn every_state_is_accessible_in_light() {
    every_state(false);
}

#[test]
fn every_state_is_accessible_in_dark() {
    every_state(true);
}
