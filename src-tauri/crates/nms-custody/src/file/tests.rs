use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use super::*;

const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";

fn secret() -> Secret {
    Secret::new(VALUE.into())
}

/// A folder, and the names in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[track_caller]
fn check_private(path: &Path) {
    assert_eq!(std::fs::read(path).unwrap(), VALUE.as_bytes(), "the value and nothing else, no newline");
    let stat = std::fs::symlink_metadata(path).unwrap();
    assert!(stat.is_file());
    assert_eq!(stat.mode() & 0o7777, 0o600);
    assert_eq!(stat.nlink(), 1);
}

#[test]
fn a_new_file_holds_the_value_only_and_is_private_whatever_the_umask() {
    for umask in [0o000, 0o022, 0o077, 0o777] {
        let folder = Folder::new();
        let before = rustix::process::umask(Mode::from_raw_mode(umask));
        let saved = [Overwrite::Refuse, Overwrite::Replace].map(|overwrite| {
            let path = folder.path(&format!("{overwrite:?}"));
            write(&secret(), &path, overwrite).unwrap().path
        });
        rustix::process::umask(before);
        saved.iter().for_each(|path| check_private(path));
        assert_eq!(folder.names(), ["Refuse", "Replace"]);
    }
}

#[test]
fn an_existing_file_is_left_alone_unless_replacing_was_asked_for() {
    let folder = Folder::new();
    let path = folder.path("token");
    std::fs::write(&path, "older").unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(matches!(write(&secret(), &path, Overwrite::Refuse), Err(Error::FileExists)));
    assert_eq!(std::fs::read(&path).unwrap(), b"older");
    write(&secret(), &path, Overwrite::Replace).unwrap();
    check_private(&path);
    assert_eq!(folder.names(), ["token"]);
}

#[test]
fn replacing_does_not_write_through_an_open_or_linked_old_file() {
    let folder = Folder::new();
    let (path, other_name) = (folder.path("token"), folder.path("other"));
    std::fs::write(&path, "older").unwrap();
    std::fs::hard_link(&path, &other_name).unwrap();
    let mut reader = File::open(&path).unwrap();
    write(&secret(), &path, Overwrite::Replace).unwrap();
    check_private(&path);
    let mut seen = String::new();
    reader.read_to_string(&mut seen).unwrap();
    assert_eq!((seen.as_str(), std::fs::read_to_string(&other_name).unwrap().as_str()), ("older", "older"));
}

#[test]
fn a_link_is_never_followed() {
    let folder = Folder::new();
    let (link, target, nowhere) = (folder.path("link"), folder.path("target"), folder.path("nowhere"));
    std::fs::write(&target, "somebody's").unwrap();
    for to in [&target, &nowhere] {
        symlink(to, &link).unwrap();
        assert!(matches!(write(&secret(), &link, Overwrite::Refuse), Err(Error::FileExists)));
        write(&secret(), &link, Overwrite::Replace).unwrap();
        check_private(&link);
        assert_eq!(std::fs::read(&target).unwrap(), b"somebody's");
        assert!(!nowhere.exists());
        std::fs::remove_file(&link).unwrap();
    }
}

#[test]
fn what_is_no_place_for_a_file_is_told_apart() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("folder")).unwrap();
    std::fs::write(folder.path("file"), "").unwrap();
    rustix::fs::mknodat(CWD, folder.path("pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    let check = |path: PathBuf, overwrite, expected: fn(&Error) -> bool| {
        let error = write(&secret(), &path, overwrite).unwrap_err();
        assert!(expected(&error), "{}: {error}", path.display());
    };
    for overwrite in [Overwrite::Refuse, Overwrite::Replace] {
        check(folder.path("none/token"), overwrite, |error| matches!(error, Error::NoSuchFolder));
        check(folder.path("file/token"), overwrite, |error| matches!(error, Error::NoSuchFolder));
        check(folder.path(".."), overwrite, |error| matches!(error, Error::NotAFile));
        check(folder.path(&"x".repeat(300)), overwrite, |error| matches!(error, Error::NotAFile));
        check("/proc/self/token".into(), overwrite, |error| {
            matches!(error, Error::FileRefused | Error::FileFailed(_) | Error::NoSuchFolder)
        });
    }
    check(folder.path("folder"), Overwrite::Replace, |error| matches!(error, Error::NotAFile));
    check(folder.path("pipe"), Overwrite::Replace, |error| matches!(error, Error::NotAFile));
    check(folder.path("pipe"), Overwrite::Refuse, |error| matches!(error, Error::FileExists));
    assert_eq!(folder.names(), ["file", "folder", "pipe"]);
}

#[test]
fn no_space_left_is_told_apart() {
    // The one device that is always full cannot be replaced by a file, but it gives the error that a full disk gives.
    let mut full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    assert!(matches!(full.write_all(b"x").map_err(io_error), Err(Error::DiskFull)));
}

#[test]
fn a_removed_file_is_the_tokens_own_and_no_other_is_touched() {
    let folder = Folder::new();
    let path = folder.path("token");
    let (prefix, suffix) = (&VALUE[..17], &VALUE[51..]);
    write(&secret(), &path, Overwrite::Refuse).unwrap();
    remove_value(&path, prefix, suffix).unwrap();
    assert_eq!(folder.names(), Vec::<String>::new());
    remove_value(&path, prefix, suffix).expect("it is gone");
    remove_value(&folder.path("none/token"), prefix, suffix).expect("so is its folder");
    let other = format!("{}{}", &VALUE[..16], &VALUE[17..]);
    for text in ["", "something else", &format!("{VALUE}\n{VALUE}"), &format!("{VALUE} and more"), &other] {
        std::fs::write(&path, text).unwrap();
        assert!(matches!(remove_value(&path, prefix, suffix), Err(Error::FileDiffers)), "{text}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    let target = folder.path("target");
    write(&secret(), &target, Overwrite::Refuse).unwrap();
    for make in [|at: &Path, target: &Path| symlink(target, at), |at: &Path, _: &Path| std::fs::create_dir(at)] {
        std::fs::remove_file(&path).unwrap();
        make(&path, &target).unwrap();
        assert!(matches!(remove_value(&path, prefix, suffix), Err(Error::NotAFile)));
        check_private(&target);
        if path.is_dir() {
            break;
        }
    }
}

#[test]
fn a_file_is_private_from_its_first_moment_before_anything_is_written() {
    let folder = Folder::new();
    let before = rustix::process::umask(Mode::from_raw_mode(0));
    let (parent, name) = open_folder(&folder.path("token")).map(|(parent, name)| (parent, name.to_owned())).unwrap();
    let begun = create(&parent, &name).unwrap();
    rustix::process::umask(before);
    assert_eq!(fstat(&begun).unwrap().st_mode & 0o7777, 0o600);
    assert!(matches!(create(&parent, &name), Err(Error::FileExists)));
}
