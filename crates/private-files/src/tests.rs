use std::{
    fs::{self, OpenOptions},
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
};

use super::{metadata::may_own, *};

fn mode_of(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

fn reason(error: &io::Error) -> Untrusted {
    Untrusted::of(error).unwrap_or_else(|| panic!("{error}"))
}

/// A named pipe without a reader or writer.
fn pipe(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

/// Something that another user owns: given away by root, or root's where others run the test.
fn of_another_user(directory: &Path, name: &str) -> PathBuf {
    let path = directory.join(name);
    fs::write(&path, "theirs").unwrap();
    if std::os::unix::fs::chown(&path, Some(65_534), None).is_ok() {
        path
    } else {
        PathBuf::from("/etc/passwd")
    }
}

#[test]
fn only_the_user_may_own_what_is_used_and_root_what_is_only_read() {
    assert!(may_own(1000, 1000, false));
    assert!(!may_own(1001, 1000, false) && !may_own(1001, 1000, true));
    assert!(!may_own(0, 1000, false) && may_own(0, 1000, true));
    // Root is no exception: a user's directory can lead root to root's files.
    assert!(!may_own(1000, 0, false) && !may_own(1000, 0, true));
}

#[test]
fn what_belongs_to_another_user_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let theirs = of_another_user(directory.path(), "file");
    let before = fs::read(&theirs).unwrap();
    for error in [
        open(&theirs, OpenOptions::new().read(true)).unwrap_err(),
        read(&theirs).unwrap_err(),
        length(&theirs).unwrap_err(),
        prepare_database(&theirs).unwrap_err(),
        close(&theirs).unwrap_err(),
    ] {
        assert!(matches!(reason(&error), Untrusted::Owner(_)), "{error}");
    }
    assert_eq!(fs::read(&theirs).unwrap(), before);

    let made = directory.path().join("directory");
    fs::create_dir(&made).unwrap();
    let theirs = match std::os::unix::fs::chown(&made, Some(65_534), None) {
        Ok(()) => made.as_path(),
        Err(_) => Path::new("/etc"),
    };
    for error in [
        create_directory(theirs).unwrap_err(),
        check_directory(theirs).unwrap_err(),
    ] {
        assert!(matches!(reason(&error), Untrusted::Owner(_)), "{error}");
    }
}

#[test]
fn links_are_not_followed_and_what_they_lead_to_is_untouched() {
    let directory = tempfile::tempdir().unwrap();
    let precious = directory.path().join("precious");
    fs::write(&precious, "precious").unwrap();
    fs::set_permissions(&precious, fs::Permissions::from_mode(0o644)).unwrap();
    let link = directory.path().join("link");
    symlink(&precious, &link).unwrap();
    let mut writing = OpenOptions::new();
    writing.write(true).create(true).truncate(true);
    for error in [
        open(&link, &mut writing).unwrap_err(),
        open(&link, OpenOptions::new().append(true).create(true)).unwrap_err(),
        read(&link).unwrap_err(),
        length(&link).unwrap_err(),
        prepare_database(&link).unwrap_err(),
        close(&link).unwrap_err(),
    ] {
        assert_eq!(reason(&error), Untrusted::Link);
    }
    assert_eq!(
        create(&link, b"new").unwrap_err().kind(),
        io::ErrorKind::AlreadyExists
    );
    // A link in place of the file is replaced; its target stays.
    replace(&link, b"new").unwrap();
    assert_eq!(fs::read(&link).unwrap(), b"new");
    assert_eq!(fs::read(&precious).unwrap(), b"precious");
    assert_eq!(mode_of(&precious), 0o644);
}

#[test]
fn what_is_not_a_regular_file_is_refused_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let pipe_at = directory.path().join("pipe");
    pipe(&pipe_at);
    let inside = directory.path().join("directory");
    fs::create_dir(&inside).unwrap();
    for path in [pipe_at, inside] {
        for error in [
            read(&path).unwrap_err(),
            read_settings(&path).unwrap_err(),
            open(&path, OpenOptions::new().append(true)).unwrap_err(),
            open(&path, OpenOptions::new().read(true).write(true)).unwrap_err(),
            length(&path).unwrap_err(),
            prepare_database(&path).unwrap_err(),
        ] {
            assert_eq!(reason(&error), Untrusted::Kind, "{error}");
        }
    }
}

#[test]
fn settings_may_be_a_link() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "text").unwrap();
    let link = directory.path().join("link");
    symlink(&file, &link).unwrap();
    assert_eq!(read_settings(&link).unwrap(), b"text");
    let theirs = of_another_user(directory.path(), "theirs");
    if theirs.starts_with(directory.path()) {
        assert!(matches!(
            reason(&read_settings(&theirs).unwrap_err()),
            Untrusted::Owner(65_534)
        ));
    }
}

#[test]
fn files_are_the_owners_alone_new_or_old() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    replace(&at("replaced"), b"one").unwrap();
    replace(&at("replaced"), b"two").unwrap();
    create(&at("created"), b"one").unwrap();
    open(&at("opened"), OpenOptions::new().append(true).create(true)).unwrap();
    for old in ["old", "old-wal", "old-shm"] {
        fs::write(at(old), "x").unwrap();
        fs::set_permissions(at(old), fs::Permissions::from_mode(0o664)).unwrap();
    }
    prepare_database(&at("old")).unwrap();
    prepare_database(&at("new")).unwrap();
    let names = fs::read_dir(directory.path()).unwrap();
    let names: Vec<PathBuf> = names.map(|entry| entry.unwrap().path()).collect();
    assert_eq!(names.len(), 7, "no temporary file stays behind: {names:?}");
    for name in names {
        assert_eq!(mode_of(&name), 0o600, "{}", name.display());
    }
    assert_eq!(read(&at("replaced")).unwrap(), b"two");
    assert_eq!(
        (length(&at("new")).unwrap(), length(&at("none")).unwrap()),
        (Some(0), None)
    );
    create_directory(&at("a/b")).unwrap();
    assert_eq!((mode_of(&at("a")), mode_of(&at("a/b"))), (0o700, 0o700));
}

#[test]
fn a_directory_is_closed_to_others_and_one_without_writing_is_not_opened_by_force() {
    let directory = tempfile::tempdir().unwrap();
    for (before, after) in [
        (0o755, 0o700),
        (0o777, 0o700),
        (0o700, 0o700),
        (0o555, 0o555),
        // Others may write there: the owner's permissions are kept, the others' are removed.
        (0o577, 0o500),
    ] {
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(before)).unwrap();
        assert_eq!(is_open_to_others(directory.path()).unwrap(), before != after);
        close_directory(directory.path()).unwrap();
        assert_eq!(mode_of(directory.path()), after);
    }
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o700)).unwrap();
}
