//! `scan`: what it finds in files, what it says of it, what it does not say.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Output;

use nms_api::token_format;
use serde_json::json;
use tempfile::TempDir;

use crate::disk::behind_a_shell;
use crate::running::{Running, program, run};

/// One of the contract's own: no server knows it.
const STRANGER: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";

fn masked(value: &str) -> String {
    token_format::mask(&value[9..17], &value[51..])
}

fn scan(data: &Path, paths: &[&Path]) -> Output {
    program().args(["scan", "--data"]).arg(data).args(paths).output().unwrap()
}

#[track_caller]
fn said(output: &Output, status: i32, lines: &[String]) {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(text.lines().collect::<Vec<_>>(), lines, "{output:?}");
    assert_eq!(output.status.code(), Some(status), "{output:?}");
}

/// A folder of files with these values in them, one on the third line of each.
fn planted(values: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, value) in values {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("# set up\n\n  token: \"{value}\"\n")).unwrap();
    }
    folder
}

#[test]
fn what_is_found_is_told_with_its_place_and_whether_it_works_here_and_never_with_its_value() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path());
    let [active, paused, gone] = ["active", "paused", "gone"].map(|name| server.make(name));
    let pause = server.ask("PATCH", &format!("/tokens/{}", paused.0)).header("If-Match", "*");
    assert!(pause.json(&json!({"paused": true})).send().unwrap().status().is_success());
    assert!(server.ask("DELETE", &format!("/tokens/{}", gone.0)).send().unwrap().status().is_success());
    let values = [("a/deep/er.yml", &*active.1), ("b.env", &*paused.1), ("c", &*gone.1), ("d.json", STRANGER)];
    let folder = planted(&values);
    let states = ["works here: delete and replace it", "paused here", "deleted here", "not known here"];
    let told = |(name, value): &(&str, &str), state: &str| {
        format!("{}:3:{}: {state}", folder.path().join(name).display(), masked(value))
    };
    let lines: Vec<String> = values.iter().zip(states).map(|(value, state)| told(value, state)).collect();
    let during = scan(data.path(), &[folder.path()]);
    said(&during, 1, &lines);
    server.stop();
    let after = scan(data.path(), &[folder.path()]);
    said(&after, 1, &lines);
    for (_, value) in values {
        for text in [&during.stdout, &during.stderr, &after.stdout, &after.stderr] {
            assert!(!String::from_utf8_lossy(text).contains(&value[17..49]), "the value is in {text:?}");
        }
    }
}

#[test]
fn files_that_hold_no_token_are_clean_and_nobody_is_asked() {
    let (data, folder) = (tempfile::tempdir().unwrap(), planted(&[("a", &STRANGER[..54]), ("b", &masked(STRANGER))]));
    fs::write(folder.path().join("c"), format!("{STRANGER}0")).unwrap();
    said(&scan(data.path(), &[folder.path(), &folder.path().join("a")]), 0, &[]);
    assert!(fs::read_dir(data.path()).unwrap().next().is_none(), "no store was made");
}

#[test]
fn binary_files_and_long_lines_hide_nothing() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut lines = Vec::new();
    // Pieces of 256 KiB: before, on and behind each border between them.
    for (number, at) in [0_usize, 262_100, 262_143, 262_144, 524_280, 1_000_000].into_iter().enumerate() {
        let mut bytes: Vec<u8> = (0..at).map(|place| if place % 251 == 10 { b'\n' } else { 0xf0 }).collect();
        let line = 1 + bytes.iter().filter(|byte| **byte == b'\n').count();
        bytes.extend_from_slice(STRANGER.as_bytes());
        bytes.extend_from_slice(&[0; 70_000]);
        let path = folder.path().join(format!("{number}.bin"));
        fs::write(&path, bytes).unwrap();
        lines.push(format!("{}:{line}:{}: not known here", path.display(), masked(STRANGER)));
    }
    said(&scan(data.path(), &[folder.path()]), 1, &lines);
}

#[test]
fn links_and_pipes_are_named_and_not_followed() {
    let (data, folder, elsewhere) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), planted(&[("a", STRANGER)]));
    symlink(elsewhere.path(), folder.path().join("to-a-folder")).unwrap();
    symlink(elsewhere.path().join("a"), folder.path().join("to-a-file")).unwrap();
    symlink(folder.path(), folder.path().join("to-itself")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        folder.path().join("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let output = scan(data.path(), &[folder.path()]);
    said(&output, 0, &[]);
    let complaints = String::from_utf8(output.stderr).unwrap();
    for (name, what) in [("to-a-folder", "a symbolic link"), ("to-a-file", "a symbolic link"), ("pipe", "a pipe")] {
        let sentence = format!("{}: passed over: it is {what}", folder.path().join(name).display());
        assert!(complaints.contains(&sentence), "{complaints}");
    }
    assert_eq!(complaints.lines().count(), 4, "{complaints}");
}

#[test]
fn what_could_not_be_looked_at_is_trouble_and_hides_nothing_else() {
    let (data, folder) = (tempfile::tempdir().unwrap(), planted(&[("a", STRANGER)]));
    let (missing, a) = (folder.path().join("missing"), folder.path().join("a"));
    let line = format!("{}:3:{}: not known here", a.display(), masked(STRANGER));
    let output = scan(data.path(), &[&missing, &a]);
    said(&output, 2, &[line]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("missing: No such file"));
    // Nobody to ask: another process has the folder and does not answer.
    let lock = File::create(data.path().join("lock")).unwrap();
    lock.lock().unwrap();
    let output = scan(data.path(), &[&a]);
    said(&output, 2, &[format!("{}:3:{}: not compared", a.display(), masked(STRANGER))]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("another process"));
    let output = scan(&data.path().join("nowhere"), &[&a]);
    said(&output, 2, &[]);
    assert!(!data.path().join("nowhere").exists(), "it was not made");
    for wrong in [&["scan"][..], &["scan", "--set", "all", "x"], &["scan", "--listen", "127.0.0.1:1", "x"]] {
        assert_eq!(run(data.path(), wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn a_file_of_any_size_is_looked_through_in_little_memory() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = folder.path().join("disk.img");
    let mut file = File::create(&path).unwrap();
    // All zeros before it, which take no room on the disk.
    file.seek(SeekFrom::Start(96 * 1024 * 1024)).unwrap();
    file.write_all(STRANGER.as_bytes()).unwrap();
    let output = behind_a_shell("ulimit -d 49152").args(["scan", "--data"]).arg(data.path()).arg(&path).output();
    said(&output.unwrap(), 1, &[format!("{}:1:{}: not known here", path.display(), masked(STRANGER))]);
}
