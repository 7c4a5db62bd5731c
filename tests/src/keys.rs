//! The real keyboard and pointer: keys that go through the X server to whatever has the focus there, into the page as well as into
//! GTK's own dialogs.

use std::path::Path;
use std::time::Duration;

use crate::app::App;
use crate::patience::{until, until_true, within};

/// How many times Tab may be pressed before something counts as out of reach.
const REACH: usize = 120;

impl App<'_> {
    /// Presses a key, by the X server's name for it: `Tab`, `shift+Tab`, `Return`, `space`, `Escape`, `Down`.
    #[track_caller]
    pub fn press(&self, key: &str) {
        let said = self.desktop().run("xdotool", &["key", "--clearmodifiers", key], None);
        assert!(said.is_some_and(|said| said.status == 0), "the key {key} could not be pressed");
    }

    /// Presses the pointer so many times, as quickly as a person can, at a place within the window in pixels from its
    /// corner.
    #[track_caller]
    pub fn press_pointer_at(&self, (x, y): (i16, i16), times: u8) {
        let place = self.place();
        let (x, y) = ((place.x + x).to_string(), (place.y + y).to_string());
        let said = self.desktop().run(
            "xdotool",
            &["mousemove", &x, &y, "click", "--repeat", &times.to_string(), "--delay", "60", "1"],
            None,
        );
        assert!(said.is_some_and(|said| said.status == 0), "the pointer could not be pressed");
    }

    /// Types a path into GTK's file dialog with this title, instead of the name that it proposes, and takes it.
    #[track_caller]
    pub fn answer_file_dialog(&self, title: &str, path: &Path) {
        self.display().focus(self.display().window(title));
        self.press("ctrl+a");
        self.type_letters(&path.display().to_string());
        self.press("Return");
        until_true("the file dialog is gone", || self.display().window_now(title).is_none());
        self.display().focus(self.window());
    }

    /// Types a path into GTK's dialog for a file to open, and takes it.
    #[track_caller]
    pub fn choose_in_file_dialog(&self, title: &str, path: &Path) {
        self.display().focus(self.display().window(title));
        // Opens the field for a path.
        self.press("ctrl+l");
        self.press("ctrl+a");
        self.type_letters(&path.display().to_string());
        let is_gone = || self.display().window_now(title).is_none().then_some(());
        until("the file dialog is gone", || {
            // It takes nothing before it has read the folder, and does not say when.
            self.press("Return");
            within(Duration::from_secs(2), is_gone)
        });
        self.display().focus(self.window());
    }

    /// Types letters.
    #[track_caller]
    pub fn type_letters(&self, letters: &str) {
        let said = self.desktop().run("xdotool", &["type", "--delay", "8", "--", letters], None);
        assert!(said.is_some_and(|said| said.status == 0), "the letters could not be typed");
    }

    /// Presses Tab until the focus is on what has this role and a name that begins so.
    #[track_caller]
    pub fn tab_to(&self, role: &str, name: &str) {
        self.walk_to("Tab", role, name);
    }

    /// Presses a key until the focus is on what has this role and a name that begins so.
    #[track_caller]
    pub fn walk_to(&self, key: &str, role: &str, name: &str) {
        let is_there =
            |(focused_role, focused_name): &(String, String)| focused_role == role && focused_name.starts_with(name);
        let mut way = vec![];
        for _ in 0..REACH {
            let before = self.focused();
            if is_there(&before) {
                return;
            }
            self.press(key);
            // The last stop of a way answers with itself; then the next key is as good.
            within(Duration::from_millis(500), || (self.focused() != before).then_some(()));
            way.push(format!("{} {:?}", before.0, before.1));
        }
        panic!("{key} never reaches {role} {name:?}; the way: {}", way.join(", "));
    }

    /// Waits until the focus is on what has this role and a name that begins so.
    #[track_caller]
    pub fn until_focus_on(&self, role: &str, name: &str) {
        let there = within(crate::patience::LIMIT, || {
            let (focused_role, focused_name) = self.focused();
            (focused_role == role && focused_name.starts_with(name)).then_some(())
        });
        assert!(there.is_some(), "the focus is not on {role} {name:?} but on {:?}", self.focused());
    }
}
