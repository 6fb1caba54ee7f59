//! The file of the account.

use std::fs;

use super::*;
use caltrack_client::config::DataDir;

fn data() -> (tempfile::TempDir, DataDir) {
    let dir = tempfile::tempdir().unwrap();
    let data = DataDir::new(dir.path().to_owned());
    (dir, data)
}

#[test]
fn two_programs_that_start_at_once_use_one_password() {
    let (dir, data) = data();
    assert_eq!(stored_account(&data), StoredAccount::Absent);
    let (one, fresh) = file::begin(&data.account()).unwrap();
    assert!(fresh);
    let (two, fresh) = file::begin(&data.account()).unwrap();
    assert!(!fresh);
    assert_eq!(one.password, two.password);
    assert_eq!(stored_account(&data), StoredAccount::Begun);
    file::update(&data.account(), |record| record.ready = true).unwrap();
    assert_eq!(stored_account(&data), StoredAccount::Ready);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(data.account()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_damaged_file_is_reported_and_kept() {
    let (_dir, data) = data();
    for text in ["{", ""] {
        fs::write(data.account(), text).unwrap();
        let Err(problem) = file::read(&data.account()) else {
            panic!("a problem");
        };
        assert!(
            problem.to_string().contains("account.json is damaged"),
            "{problem}"
        );
        assert_eq!(fs::read_to_string(data.account()).unwrap(), text);
    }
}

#[test]
fn the_session_provides_the_id_if_an_older_file_lacks_it() {
    let (_dir, data) = data();
    let text = r#"{"username":"me","password":"p","ready":true}"#;
    fs::write(data.account(), text).unwrap();
    assert_eq!(stored_account(&data), StoredAccount::Ready);
    assert_eq!(automatic_account(&data), None);
    let session = |username: &str| {
        let session = serde_json::json!({"version": 1, "username": username, "sub": "s-1", "access_token": "a",
            "refresh_token": "r", "expires": 0, "lifetime": 3600});
        fs::write(data.session("local"), session.to_string()).unwrap();
    };
    session("ann");
    assert!(known_account(&data).is_none(), "the id of another user");
    session("me");
    let known = known_account(&data).unwrap();
    assert_eq!((known.username.as_str(), known.sub.as_str()), ("me", "s-1"));
}

#[test]
fn only_the_accounts_own_password_is_stored() {
    let (_dir, data) = data();
    file::keep_password(&data.account(), "ann", "hers").unwrap();
    assert_eq!(stored_account(&data), StoredAccount::Absent);
    file::keep_password(&data.account(), "Me", "mine").unwrap();
    assert_eq!(stored_account(&data), StoredAccount::Ready);
    assert_eq!(file::read(&data.account()).unwrap().unwrap().username, "me");
    file::keep_password(&data.account(), "ann", "hers").unwrap();
    assert_eq!(file::read(&data.account()).unwrap().unwrap().password, "mine");
    // A password that the pool accepts replaces a damaged file.
    fs::write(data.account(), "{").unwrap();
    file::keep_password(&data.account(), "me", "new").unwrap();
    assert_eq!(file::read(&data.account()).unwrap().unwrap().password, "new");
}
