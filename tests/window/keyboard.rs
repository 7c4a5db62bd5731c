//! The whole job by keyboard alone: every key goes through the X server, nothing is clicked, no focus is set by a script.

use palpabl_nms_settings_tests::patience::until;
use palpabl_nms_settings_tests::{App, Desktop};

#[test]
fn the_whole_job_is_done_by_keyboard_alone() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let devices = format!("{}/api/v1/devices", app.server());

    create(&app);
    app.until_focus_on("button", "Copy token");
    app.press("Return");
    app.until_it_says("Copied and checked.");
    app.until_focus_on("button", "Copied");
    let token = until("the token", || desktop.clipboard());
    assert_eq!(desktop.curl(&devices, &token, None).status, 200);
    app.tab_to("button", "Done");
    app.press("Return");
    app.until_no_dialog();

    edit(&app);
    assert_eq!(desktop.curl(&devices, &token, Some("{}")).status, 403);

    app.tab_to("button", "Delete poller-03");
    app.press("Return");
    app.until_focus_on("button", "Keep it");
    app.find("button", "Delete token").until_enabled();
    app.tab_to("button", "Delete token");
    app.press("Return");
    app.until_it_says("No tokens yet");
    assert_eq!(desktop.curl(&devices, &token, None).status, 401);
}

fn create(app: &App<'_>) {
    app.tab_to("button", "Create token");
    app.press("Return");
    app.find("dialog", "Create token");
    app.until_focus_on("textbox", "Name");
    app.type_letters("poller-03");
    app.tab_to("searchbox", "Search permissions");
    app.type_letters("devices:write");
    app.tab_to("checkbox", "devices:write");
    app.press("space");
    app.until_it_says("2 of");
    app.tab_to("button", "30 days");
    app.press("space");
    app.tab_to("button", "Create token");
    app.press("Return");
    app.find("dialog", "Token created");
}

fn edit(app: &App<'_>) {
    app.tab_to("button", "Edit poller-03");
    app.press("Return");
    app.find_like("dialog", "Edit");
    // Escape leaves without a change, and the focus is where it was.
    app.press("Escape");
    app.until_no_dialog();
    app.until_focus_on("button", "Edit poller-03");
    app.press("Return");
    app.until_focus_on("textbox", "Name");
    app.tab_to("searchbox", "Search permissions");
    app.type_letters("devices:write");
    app.tab_to("checkbox", "devices:write");
    app.press("space");
    app.tab_to("button", "Save");
    app.press("Return");
    app.until_no_dialog();
}

#[test]
fn menus_and_tabs_are_walked_with_arrows() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.walk_to("Tab", "tab", "API tokens");
    app.press("Right");
    app.until_focus_on("tab", "Profile");
    app.until_it_says("Permissions you hold");

    // Named after the person, whoever that is here.
    let names = app.names("button");
    let menu = names.iter().find(|name| name.ends_with("account menu")).map_or("", String::as_str);
    app.walk_to("shift+Tab", "button", menu);
    app.press("Return");
    app.walk_to("Down", "menuitem", "Settings");
    app.press("Return");
    app.until_it_says("Scripts, collectors and services use these in your name.");
    app.until_no_dialog();
    app.walk_to("Tab", "button", "Create token");
}
