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

/// What the desktop says, or what the person chose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Light,
    Dark,
    HighContrast,
}

/// Looks at what a visit comes to in a window that looks so.
fn no_violation(look: Look, visit: impl FnOnce(&mut Looker<'_>)) {
    let desktop = Desktop::new();
    let _portal = Portal::start(&desktop, look == Look::Dark);
    let app = App::start(&desktop);
    let mut looker = Looker { app: &app, wrong: vec![] };
    app.until_ready();
    if look == Look::HighContrast {
        app.find("tab", "Preferences").click();
        app.find("radio", "High contrast").click();
        app.find("tab", "API tokens").click();
    }
    visit(&mut looker);
    assert!(looker.wrong.is_empty(), "{}", looker.wrong.join("\n"));
}

/// From an empty list to a token that was used and judged.
fn one_token(looker: &mut Looker<'_>) {
    let app = looker.app;
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
    app.find("tab", "Preferences").click();
    app.find("radio", "Like the system");
    looker.look("preferences");
}

/// What a list of some length has: more than one letter in each count, and rows to choose from.
fn many_tokens(looker: &mut Looker<'_>) {
    let app = looker.app;
    let used = app.seed("poller-04", &["devices:read", "devices:write"]);
    (5..=15).for_each(|number| drop(app.seed(&format!("poller-{number:02}"), &["devices:read"])));
    assert_eq!(app.use_token(&used, "devices:read"), 200);
    app.look_away_and_back();
    app.find("button", "All 12");
    app.find("button", "poller-04, details").click();
    app.find("complementary", "poller-04").until_it_says("127.0.0.1");
    looker.look("details");
    app.find("button", "Rotate…").click();
    app.find("alertdialog", "Rotate “poller-04”?");
    looker.look("rotate");
    app.press("Escape");
    app.until_no_dialog();
    app.find("button", "Close details").click();
    app.find("button", "Test a token").click();
    app.find("dialog", "Test a token").find("button", "Test the clipboard").click();
    app.until_it_says("What was found");
    looker.look("test");
    app.press("Escape");
    app.until_no_dialog();
    app.press("ctrl+k");
    app.find("combobox", "Search commands and tokens");
    looker.look("palette");
    app.press("Escape");
    app.until_no_dialog();
    app.find("button", "Timeline").click();
    app.until_it_says("What lapses in the next 12 months");
    looker.look("timeline");
    app.find("button", "Filter").click();
    app.find("checkbox", "Can write, 1 token");
    looker.look("filters");
    app.press("Escape");
    app.find("checkbox", "Select all that are shown").click();
    app.find("button", "Delete…").click();
    app.find("alertdialog", "Delete 12 tokens?");
    looker.look("many");
    app.press("Escape");
    app.until_no_dialog();
}

#[test]
fn what_one_token_goes_through_is_accessible_in_light() {
    no_violation(Look::Light, one_token);
}

#[test]
fn what_one_token_goes_through_is_accessible_in_dark() {
    no_violation(Look::Dark, one_token);
}

#[test]
fn what_one_token_goes_through_is_accessible_in_high_contrast() {
    no_violation(Look::HighContrast, one_token);
}

#[test]
fn what_is_done_with_many_is_accessible_in_light() {
    no_violation(Look::Light, many_tokens);
}

#[test]
fn what_is_done_with_many_is_accessible_in_dark() {
    no_violation(Look::Dark, many_tokens);
}

#[test]
fn what_is_done_with_many_is_accessible_in_high_contrast() {
    no_violation(Look::HighContrast, many_tokens);
}
