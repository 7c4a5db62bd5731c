//! A disk that is full and one that may only be read: real ones, mounted for the program alone.
//!
//! A computer that lets nobody mount (some containers) has these tests say so and pass; `disk.rs` takes the room away
//! in a way that works everywhere.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::older::store_file;
use crate::rounds::tell;
use crate::running::{Running, all_files, json_of, printed, program, whole};

/// The program, which sees what this script has mounted over its folder, `$D`; nobody else does.
fn behind_a_mount(script: &str, folder: &Path) -> Command {
    let mut shell = Command::new("unshare");
    shell.args(["--mount", "--map-root-user", "sh", "-ec"]);
    shell.arg(format!("{script}\nexec \"$0\" \"$@\"")).arg(program().get_program()).env("D", folder);
    shell.env_remove("RUST_LOG").stdin(Stdio::null());
    shell
}

fn can_mount() -> bool {
    let mut tried = Command::new("unshare");
    tried.args(["--mount", "--map-root-user", "mount", "-t", "tmpfs", "none", "/mnt"]);
    let can = tried.output().is_ok_and(|output| output.status.success());
    if !can {
        tell("SKIPPED: nobody may mount here");
    }
    can
}

/// Writes until nothing more goes onto the disk.
fn fill(file: &Path) {
    let mut filler = File::create(file).unwrap();
    for size in [64 * 1024, 1024, 1] {
        while filler.write_all(&vec![b'x'; size]).is_ok() {}
    }
}

#[test]
fn on_a_full_disk_it_says_so_loses_nothing_and_goes_on_when_there_is_room_again() {
    if !can_mount() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=8m,mode=700 none \"$D\"";
    let seen = |pid: u32| PathBuf::from(format!("/proc/{pid}/root{}", folder.path().display()));
    let command = behind_a_mount(mount, folder.path());
    let server = Running::start_seen(command, folder.path(), |child| seen(child.id()));
    let disk = seen(server.child.id());
    let mut kept: Vec<(String, String)> = (0..5).map(|number| server.make(&format!("before {number}"))).collect();
    fill(&disk.join("filler"));
    // What is in the log already may be written over for a while.
    let refused = (0..2_000).find_map(|number| {
        let answer = server.create(&format!("no room {number}"));
        if answer.status() != 201 {
            return Some(answer);
        }
        let made = json_of(answer);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        kept.push((text(&made["token"]["id"]), text(&made["secret"])));
        None
    });
    let refused = refused.expect("a full disk");
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (503, &"1".parse().unwrap()));
    let problem: Value = serde_json::from_str(&refused.text().unwrap()).unwrap();
    assert!(problem["type"].as_str().unwrap().ends_with(":storage-unavailable"), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("Nothing was changed"), "{problem}");
    let works = |secret: &str| server.with(secret, "GET", "/devices").send().unwrap().status() == 200;
    assert!(kept.iter().all(|(_, secret)| works(secret)), "what is there can be read and used");
    assert_eq!(server.ask("DELETE", &format!("/tokens/{}", kept[0].0)).send().unwrap().status(), 503);
    assert!(works(&kept[0].1), "not deleted is not deleted");
    fs::remove_file(disk.join("filler")).unwrap();
    kept.push(server.make("after"));
    assert!(kept.iter().all(|(_, secret)| works(secret)));
    assert_eq!(server.get("/tokens?limit=1")["counts"]["all"], kept.len());
    assert_eq!(whole(&store_file(&disk)), ["ok"]);
    tell(&format!("a disk of 8 MiB, full: 503, {} tokens kept, 0 lost, written again without a restart", kept.len()));
}

#[test]
fn in_a_folder_that_may_only_be_read_it_says_so_and_nothing_is_touched() {
    if !can_mount() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path());
    let (id, _) = server.make("kept");
    server.stop();
    let before = all_files(folder.path());
    let mount = "mount --bind \"$D\" \"$D\"\nmount -o remount,bind,ro \"$D\"";
    let mut command = behind_a_mount(mount, folder.path());
    let output = command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    let path = folder.path().display();
    assert!(said.contains(&format!("the data folder {path} cannot be used: Read-only file system")), "{said}");
    assert!(all_files(folder.path()) == before);
    assert!(printed(folder.path(), &["session"]).starts_with("pnms_ses_"));
    assert_eq!(Running::start(folder.path()).get(&format!("/tokens/{id}"))["name"], "kept");
}
