//! The value crosses from the shell to the page in no flow, and no screen reader is told of it.

use palpabl_nms_settings_tests::memory::forms_in;
use palpabl_nms_settings_tests::patience::{until, until_true};
use palpabl_nms_settings_tests::portal::Portal;
use palpabl_nms_settings_tests::reader::Reader;
use palpabl_nms_settings_tests::{App, Desktop};

use crate::main_job::assert_no_secret;

/// What was to be seen and heard at each step.
struct Witness<'app> {
    app: &'app App<'app>,
    reader: Reader,
    seen: Vec<String>,
}

impl Witness<'_> {
    fn look(&mut self) {
        let tree = self.reader.tree();
        assert!(tree.iter().any(|one| one.role == "button"), "a reader is told little: {tree:#?}");
        self.seen.push(format!("{tree:?}"));
        self.seen.push(self.app.everything());
    }

    fn reveal(&mut self) {
        self.app.once().find("button", "Reveal").click();
        until_true("the picture is drawn", || {
            self.app.look("return document.querySelector('[role=dialog] img')?.naturalWidth > 100") == true
        });
        self.look();
    }
}

/// Created, revealed, hidden, revealed again, copied.
fn copied(witness: &mut Witness<'_>) -> String {
    let app = witness.app;
    app.create("poller-03", &["devices:read"]);
    witness.look();
    witness.reveal();
    app.once().find("button", "Hide").click();
    app.once().find("button", "Reveal");
    witness.look();
    witness.reveal();
    let token = app.copy();
    witness.look();
    app.done();
    witness.look();
    token
}

/// Rotated, the new value revealed and copied.
fn rotated(witness: &mut Witness<'_>) -> String {
    let app = witness.app;
    app.find("button", "poller-03, details").click();
    app.find("complementary", "poller-03").find("button", "Rotate…").click();
    let question = app.find("alertdialog", "Rotate “poller-03”?");
    question.find("radio", "in 24 hours").click();
    question.find("button", "Rotate token").click();
    app.once();
    witness.reveal();
    let token = app.copy();
    witness.look();
    app.done();
    token
}

/// Saved to the keychain and, with a desktop portal running, to a file; looked at within the snippets; left.
fn saved(witness: &mut Witness<'_>) -> String {
    let (app, path) = (witness.app, witness.app.desktop().home().join("collector.token"));
    let once = app.create("poller-04", &["metrics:read"]);
    once.find("button", "Save to system keychain").click();
    app.until_it_says("In the system keychain, not copied");
    once.find("button", "Save to a file…").click();
    app.answer_file_dialog("Save the token to a file", &path);
    let token = until("the file", || std::fs::read_to_string(&path).ok().filter(|text| !text.is_empty()));
    until_true("the file is told of", || app.text().contains("collector.token"));
    witness.reveal();
    once.find("button", "Close").click();
    app.until_no_dialog();
    token
}

/// Core dumps are off in every process, and none can get them back.
fn assert_no_dumps(app: &App<'_>) {
    for (pid, name) in app.processes() {
        let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap_or_default();
        let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap_or_default();
        assert_eq!(core.split_whitespace().collect::<Vec<_>>(), ["0", "0", "bytes"], "{name}");
    }
}

#[test]
fn the_value_crosses_to_the_page_and_to_a_screen_reader_in_no_flow() {
    let mut desktop = Desktop::new();
    let reader = Reader::start(&mut desktop);
    let _portal = Portal::start(&desktop, false);
    let app = App::start(&desktop);
    app.until_ready();
    app.hear_all();
    let mut witness = Witness { app: &app, reader, seen: vec![] };
    let mut tokens = vec![copied(&mut witness), rotated(&mut witness), saved(&mut witness)];
    assert_no_dumps(&app);
    // The last one is left without a copy; only its file tells which value it was.
    app.create("poller-05", &["metrics:read"]);
    witness.reveal();
    let path = desktop.home().join("other.token");
    app.once().find("button", "Save to a file…").click();
    app.answer_file_dialog("Save the token to a file", &path);
    tokens.push(until("the file", || std::fs::read_to_string(&path).ok().filter(|text| !text.is_empty())));
    until_true("the file is told of", || app.text().contains("other.token"));
    app.press("Escape");
    app.until_no_dialog();
    witness.look();

    let heard = app.all_heard();
    for sign in
        ["ASKED ipc://localhost/create_token", "ANSWERED ipc://localhost/reveal_token", "TOLD {\"event\":\"vault\""]
    {
        assert!(heard.iter().any(|message| message.starts_with(sign)), "not heard: {sign}");
    }
    println!("FIGURE {} messages heard, {} looks", heard.len(), witness.seen.len());
    for token in tokens {
        assert_eq!(token.len(), 55);
        assert!(heard.iter().any(|message| message.contains(&token[..17])), "what is public of it is heard");
        for text in heard.iter().chain(&witness.seen) {
            assert_no_secret(text, &token);
            assert_eq!(forms_in(text.as_bytes(), &token), Vec::<&str>::new());
        }
    }
}
