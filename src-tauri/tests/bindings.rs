//! The UI's types are generated from these; this fails when the committed files are stale.
//! `make bindings` writes them anew.

use std::{collections::BTreeMap, env, fs, path::Path};

use nms_api::{CallerOfToken, Catalogue, DailyUse, Event, EventQuery, NewToken, TokenChanges, TokenQuery, UseRecord};
use palpabl_nms_settings::{failure::Failure, view};
use ts_rs::{Config, TS};

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/ipc/generated");

#[test]
fn the_generated_types_are_those_that_the_ui_has() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::new().with_out_dir(folder.path()).with_large_int("number");
    export::<Failure>(&config);
    export::<view::SessionView>(&config);
    export::<view::RestoredView>(&config);
    export::<view::TokenPage>(&config);
    export::<view::EventPage>(&config);
    export::<view::EventOfTokenPage>(&config);
    export::<CallerOfToken>(&config);
    export::<EventQuery>(&config);
    export::<view::Overlap>(&config);
    export::<UseRecord>(&config);
    export::<DailyUse>(&config);
    export::<view::RememberedList>(&config);
    export::<view::Created>(&config);
    export::<view::SaveOutcome>(&config);
    export::<view::SaveWords>(&config);
    export::<view::RevealLook>(&config);
    export::<view::Revealed>(&config);
    export::<view::Snippet>(&config);
    export::<view::SnippetWanted>(&config);
    export::<view::CloseRequest>(&config);
    export::<view::Appearance>(&config);
    export::<view::SettingsView>(&config);
    export::<view::ExportFormat>(&config);
    export::<view::ExportProgress>(&config);
    export::<view::ExportOutcome>(&config);
    export::<view::Reminder>(&config);
    export::<view::ReminderWords>(&config);
    export::<view::ReminderOutcome>(&config);
    export::<view::OpenToken>(&config);
    export::<view::TestSource>(&config);
    export::<view::OpenWords>(&config);
    export::<view::TokenTest>(&config);
    export::<view::UnfinishedView>(&config);
    export::<view::TokenPlaces>(&config);
    export::<Catalogue>(&config);
    export::<NewToken>(&config);
    export::<TokenChanges>(&config);
    export::<TokenQuery>(&config);
    export::<Event>(&config);
    let generated = read(folder.path());
    assert!(generated.contains_key("Failure.ts"));
    if env::var_os("WRITE_BINDINGS").is_some() {
        write(Path::new(COMMITTED), &generated);
    }
    assert_eq!(generated, read(Path::new(COMMITTED)), "ui/src/ipc/generated is stale: run `make bindings`");
}

#[expect(clippy::unwrap_used, reason = "a test's helper")]
fn export<T: TS + 'static>(config: &Config) {
    T::export_all(config).unwrap();
}

#[expect(clippy::unwrap_used, reason = "a test's helper")]
fn read(folder: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeMap::new() };
    entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
        .collect()
}

#[expect(clippy::unwrap_used, reason = "a test's helper")]
fn write(folder: &Path, files: &BTreeMap<String, String>) {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    fs::create_dir_all(folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}
