//! A disk that is full and one that may not be written, from the start or all of a sudden: real ones, mounted for the
//! program alone.
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
use crate::running::{Running, all_files, json_of, printed, program, until, whole};

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

/// The folder of the program's, as it sees it.
fn seen(child: u32, folder: &Path) -> PathBuf {
    PathBuf::from(format!("/proc/{child}/root{}", folder.display()))
}

/// What SQLite says of a store that only the program sees. Of a copy: SQLite would follow the way there to our own folder.
fn whole_copy_of(data: &Path) -> Vec<String> {
    let copy = tempfile::tempdir().unwrap();
    for name in ["nms.sqlite3", "nms.sqlite3-wal"] {
        fs::copy(data.join(name), copy.path().join(name)).unwrap();
    }
    whole(&store_file(copy.path()))
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
    let command = behind_a_mount(mount, folder.path());
    let server = Running::start_seen(command, folder.path(), |child| seen(child.id(), folder.path()));
    let disk = seen(server.child.id(), folder.path());
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
    assert_eq!(whole_copy_of(&disk), ["ok"]);
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

/// A disk of its own in a file, which the system itself stops writing to when it finds a fault on it.
struct Disk {
    image: PathBuf,
    folder: PathBuf,
}

impl Disk {
    /// `None` where only the system's own root may have one, or no such file system can be made.
    fn new(home: &Path) -> Option<Self> {
        let disk = Self { image: home.join("image"), folder: home.join("disk") };
        fs::create_dir(&disk.folder).unwrap();
        File::create(&disk.image).unwrap().set_len(16 * 1024 * 1024).unwrap();
        let made = Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&disk.image).output();
        let tried = disk.mounted("true").output();
        let can = [made, tried].iter().all(|output| output.as_ref().is_ok_and(|output| output.status.success()));
        if !can {
            tell("SKIPPED: nobody may mount a disk here");
        }
        can.then_some(disk)
    }

    fn mounted(&self, program: &str) -> Command {
        let mut shell = Command::new("unshare");
        let script = "mount -o loop,errors=remount-ro \"$IMAGE\" \"$DISK\"\nexec \"$0\" \"$@\"";
        shell.args(["--mount", "sh", "-ec", script, program]).env("IMAGE", &self.image).env("DISK", &self.folder);
        shell.env_remove("RUST_LOG").stdin(Stdio::null());
        shell
    }

    /// The program on it. It lives as long as the program does.
    fn serve(&self) -> Running {
        let data = self.folder.join("data");
        let command = self.mounted(program().get_program().to_str().unwrap());
        Running::start_seen(command, &data, |child| seen(child.id(), &data))
    }

    /// Has the system find a fault: it mounts it for reading only, whatever is open.
    fn fail(&self, server: &Running) {
        let mounts = fs::read_to_string(format!("/proc/{}/mounts", server.child.id())).unwrap();
        let mount = mounts.lines().find(|line| line.contains(self.folder.to_str().unwrap())).unwrap();
        let device = mount.split([' ', '/']).nth(2).unwrap();
        fs::write(format!("/sys/fs/ext4/{device}/trigger_fs_error"), "1").unwrap();
    }
}

#[test]
fn a_disk_that_can_only_be_read_all_of_a_sudden_is_said_and_nothing_that_was_answered_is_lost() {
    let home = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::new(home.path()) else { return };
    let server = disk.serve();
    let mut kept: Vec<(String, String)> = (0..3).map(|number| server.make(&format!("before {number}"))).collect();
    let works = |server: &Running, secret: &str| server.with(secret, "GET", "/devices").send().unwrap().status() == 200;
    let is_refused = |server: &Running, kept: &[(String, String)]| {
        let refused = server.create("nowhere to be written");
        assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (503, &"1".parse().unwrap()));
        let problem: Value = serde_json::from_str(&refused.text().unwrap()).unwrap();
        assert!(problem["detail"].as_str().unwrap().contains("Nothing was changed"), "{problem}");
        assert_eq!(server.ask("DELETE", &format!("/tokens/{}", kept[0].0)).send().unwrap().status(), 503);
        assert!(kept.iter().all(|(_, secret)| works(server, secret)), "what is there can be read and used");
        assert_eq!(server.get("/tokens?limit=1")["counts"]["all"], kept.len());
    };
    // Its files are closed to writing under it, and opened again.
    let files =
        ["nms.sqlite3", "nms.sqlite3-wal"].map(|name| seen(server.child.id(), &disk.folder).join("data").join(name));
    let lock = |how: &str| assert!(Command::new("chattr").arg(how).args(&files).status().unwrap().success());
    lock("+i");
    is_refused(&server, &kept);
    lock("-i");
    kept.push(server.make("after"));
    // The system finds a fault. It lets nobody write there again before the disk was mended and mounted anew, for which the
    // program has to end.
    disk.fail(&server);
    is_refused(&server, &kept);
    server.stop();
    let mended =
        || Command::new("e2fsck").args(["-f", "-y"]).arg(&disk.image).output().unwrap().status.code() <= Some(1);
    until("the disk is mended", mended);
    let server = disk.serve();
    assert!(kept.iter().all(|(_, secret)| works(&server, secret)));
    assert_eq!(server.get("/tokens?limit=1")["counts"]["all"], kept.len());
    server.make("life goes on");
    assert_eq!(whole_copy_of(&seen(server.child.id(), &disk.folder).join("data")), ["ok"]);
    tell(&format!("a disk that only reads from one moment to the next: 503, {} tokens kept, 0 lost", kept.len()));
}
