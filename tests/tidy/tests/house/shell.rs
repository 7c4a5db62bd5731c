//! Runs the scripts of `.ci` in a made-up project on a made-up machine: a folder with copies of them, and a PATH on which
//! every program but the plainest is a few lines written by the test.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::PathBuf,
    process::{Command, Stdio},
};

use tempfile::TempDir;
use tidy::root;

/// What any Debian has. Everything else is there only when a test puts it there.
const PLAIN: [&str; 26] = [
    "awk", "basename", "cat", "chmod", "cksum", "cp", "cut", "dirname", "env", "expand", "find", "grep", "head", "ln",
    "mkdir", "mktemp", "rm", "sed", "sh", "sleep", "sort", "tail", "tee", "touch", "tr", "xargs",
];

pub(crate) struct Machine {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// What a script said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

#[expect(clippy::unwrap_used, reason = "a test's helper")]
impl Machine {
    /// With good versions of Rust and Node, all packages installed, and root at the keyboard.
    pub(crate) fn ready() -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap(), variables: Vec::new() };
        for folder in ["bin", "home/.cargo/bin", "project/.ci", "project/ui/src", "project/src-tauri", "project/tests"]
        {
            fs::create_dir_all(machine.path(folder)).unwrap();
        }
        for program in PLAIN {
            let real =
                ["/usr/bin", "/bin"].iter().map(|place| PathBuf::from(place).join(program)).find(|path| path.exists());
            symlink(real.unwrap(), machine.path("bin").join(program)).unwrap();
        }
        for entry in fs::read_dir(root().join(".ci")).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), machine.path("project/.ci").join(entry.file_name())).unwrap();
        }
        machine.file("Cargo.toml", "rust-version = \"1.94\"\n");
        machine.program("rustc", "echo 'rustc 1.94.1 (0123456 2026-03-21)'");
        machine.program("cargo", "exit 0");
        machine.program("node", "echo v20.19.5");
        machine.program("npm", "exit 0");
        machine.program("id", "echo 0");
        machine.program("dpkg-query", "shift 2; for package in \"$@\"; do echo \"$package installed\"; done");
        machine.program("apt-get", "echo \"apt-get $*\"");
        machine
    }

    /// Puts a program on the PATH, in place of what is there.
    pub(crate) fn program(&self, name: &str, lines: &str) {
        self.script(&format!("bin/{name}"), lines);
    }

    /// Puts a script anywhere on the machine.
    pub(crate) fn script(&self, path: &str, lines: &str) {
        let path = self.path(path);
        drop(fs::remove_file(&path));
        fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(crate) fn without(&self, program: &str) {
        fs::remove_file(self.path("bin").join(program)).unwrap();
    }

    /// dpkg-query knows all packages but these.
    pub(crate) fn lacks(&self, packages: &[&str]) {
        let pattern = packages.join("|");
        let answer = format!("case $package in {pattern}) ;; *) echo \"$package installed\" ;; esac");
        self.program("dpkg-query", &format!("shift 2; for package in \"$@\"; do {answer}; done; exit 1"));
    }

    /// Writes a file of the project.
    pub(crate) fn file(&self, path: &str, text: &str) {
        let path = self.path("project").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn set(&mut self, variable: &str, value: &str) {
        self.variables.push((variable.to_owned(), value.to_owned()));
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// Runs `.ci/<script>`; nothing of this machine's environment is seen.
    pub(crate) fn run(&self, script: &str, arguments: &[&str]) -> Said {
        let output = Command::new("/bin/sh")
            .arg(self.path("project/.ci").join(script))
            .args(arguments)
            .current_dir("/")
            .env_clear()
            .env("PATH", self.path("bin"))
            .env("HOME", self.path("home"))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Said {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Said {
    /// Ended with this status, and said each of these on standard error.
    pub(crate) fn complains(&self, status: i32, sentences: &[&str]) {
        assert_eq!(self.status, status, "{self:?}");
        for sentence in sentences {
            assert!(self.err.contains(sentence), "“{sentence}” is not in: {}", self.err);
        }
    }

    /// Ended well and in silence.
    pub(crate) fn is_quiet(&self) {
        assert_eq!((self.status, self.out.as_str(), self.err.as_str()), (0, "", ""));
    }
}
