//! The pool's file, an `SQLite` database.

use std::path::Path;

use super::{super::Purpose, *};
use crate::CodeFile;

#[tokio::test]
async fn accounts_keys_and_sessions_outlive_a_restart_and_no_password_is_kept() {
    let world = World::with_own_keys();
    world.add_user("ann").await;
    let result = world.sign_in("ann", PASSWORD).await.unwrap();
    let World { pool, directory, .. } = world;
    drop(pool);
    let world = World::at(directory);
    world.pool.verify(text(&result, "AccessToken")).await.unwrap();
    world
        .call(
            "GetTokensFromRefreshToken",
            json!({ "RefreshToken": result["RefreshToken"] }),
        )
        .await
        .unwrap();
    world.sign_in("ann", PASSWORD).await.unwrap();
    for file in std::fs::read_dir(world.directory.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let holds = |secret: &str| {
            bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes())
        };
        assert!(!holds(PASSWORD) && !holds(text(&result, "RefreshToken")));
    }
}

#[test]
fn a_damaged_or_newer_file_is_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pool.db");
    std::fs::write(
        &path,
        "this is no database, and long enough to be read as one".repeat(20),
    )
    .unwrap();
    let before = std::fs::read(&path).unwrap();
    let settings = || PoolSettings::local(Arc::new(Letters::default()));
    let error = UserPool::open(&path, settings()).unwrap_err();
    assert!(error.to_string().contains("left as it is"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    std::fs::remove_file(&path).unwrap();
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    let error = UserPool::open(&path, settings()).unwrap_err();
    assert!(error.to_string().contains("newer version"), "{error}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn codes_are_not_written_through_a_link() {
    let directory = tempfile::tempdir().unwrap();
    let precious = directory.path().join("precious");
    std::fs::write(&precious, "precious").unwrap();
    std::os::unix::fs::symlink(&precious, directory.path().join("codes.jsonl")).unwrap();
    let refused = with_code_file(directory.path())
        .call("SignUp", sign_up(), BASE, Transport::Port)
        .await
        .unwrap_err();
    assert!(refused.message.contains("symbolic link"), "{refused}");
    assert_eq!(std::fs::read(&precious).unwrap(), b"precious");
}

/// A pool whose codes go into `codes.jsonl` beside it.
fn with_code_file(directory: &Path) -> UserPool {
    let codes = CodeFile::at(directory.join("codes.jsonl"));
    UserPool::open(&directory.join("pool.db"), PoolSettings::local(Arc::new(codes))).unwrap()
}

#[test]
fn what_is_rehearsed_leaves_no_line_and_fails_where_a_delivery_would() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("codes.jsonl");
    let codes = CodeFile::at(path.clone());
    let delivery = Delivery {
        username: "ann".to_owned(),
        purpose: Purpose::ForgotPassword,
        code: "123456".to_owned(),
    };
    codes.deliver(&delivery).unwrap();
    let before = std::fs::read_to_string(&path).unwrap();
    assert_eq!(before.lines().count(), 1);
    codes.rehearse(&delivery).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    // After a crash in the middle of a line as well.
    std::fs::write(&path, "{\"username").unwrap();
    codes.rehearse(&delivery).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"username");
    codes.deliver(&delivery).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert_eq!(
        codes.rehearse(&delivery).unwrap_err().kind(),
        codes.deliver(&delivery).unwrap_err().kind()
    );
}

fn sign_up() -> Value {
    json!({ "ClientId": CLIENT_ID, "Username": "ann", "Password": PASSWORD })
}

/// The last code of the file.
fn code_in(directory: &Path) -> String {
    let lines = std::fs::read_to_string(directory.join("codes.jsonl")).unwrap();
    let line: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    text(&line, "code").to_owned()
}

/// A disk without room.
#[cfg(target_os = "linux")]
struct Full;

#[cfg(target_os = "linux")]
impl CodeSink for Full {
    fn deliver(&self, delivery: &Delivery) -> std::io::Result<()> {
        use std::io::Write as _;
        let mut disk = std::fs::File::options().write(true).open("/dev/full")?;
        disk.write_all(delivery.code.as_bytes())
    }

    fn rehearse(&self, delivery: &Delivery) -> std::io::Result<()> {
        self.deliver(delivery)
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_account_whose_code_finds_no_room_on_the_disk_is_not_made_and_can_be_made_later() {
    let directory = tempfile::tempdir().unwrap();
    let full = UserPool::open(
        &directory.path().join("pool.db"),
        PoolSettings::local(Arc::new(Full)),
    )
    .unwrap();
    for _ in 0..2 {
        let refused = full
            .call("SignUp", sign_up(), BASE, Transport::Port)
            .await
            .unwrap_err();
        assert_eq!(refused.kind, "CodeDeliveryFailureException");
        assert!(refused.message.contains("No space left"), "{refused}");
        assert!(refused.message.contains("nothing was changed"), "{refused}");
    }
    let given = json!({ "UserPoolId": POOL_ID, "Username": "ann", "TemporaryPassword": PASSWORD });
    let refused = full.administer("AdminCreateUser", given).await.unwrap_err();
    assert_eq!(refused.kind, "CodeDeliveryFailureException");
    drop(full);
    let pool = with_code_file(directory.path());
    pool.call("SignUp", sign_up(), BASE, Transport::Port)
        .await
        .unwrap();
    let confirm =
        json!({ "ClientId": CLIENT_ID, "Username": "ann", "ConfirmationCode": code_in(directory.path()) });
    pool.call("ConfirmSignUp", confirm, BASE, Transport::Port)
        .await
        .unwrap();
}

/// It is a directory here: that keeps even the superuser from writing, who is kept by no permission.
#[tokio::test]
async fn a_code_that_cannot_be_written_replaces_none_and_is_not_counted() {
    let directory = tempfile::tempdir().unwrap();
    let codes = directory.path().join("codes.jsonl");
    let pool = with_code_file(directory.path());
    pool.call("SignUp", sign_up(), BASE, Transport::Port)
        .await
        .unwrap();
    let code = code_in(directory.path());
    std::fs::remove_file(&codes).unwrap();
    std::fs::create_dir(&codes).unwrap();
    let name = json!({ "ClientId": CLIENT_ID, "Username": "ann" });
    // More than the five that an hour allows.
    for _ in 0..6 {
        let refused = pool
            .call("ResendConfirmationCode", name.clone(), BASE, Transport::Port)
            .await
            .unwrap_err();
        assert_eq!(refused.kind, "CodeDeliveryFailureException");
    }
    let confirm = json!({ "ClientId": CLIENT_ID, "Username": "ann", "ConfirmationCode": code });
    pool.call("ConfirmSignUp", confirm, BASE, Transport::Port)
        .await
        .unwrap();
    let refused = pool
        .call("ForgotPassword", name.clone(), BASE, Transport::Port)
        .await
        .unwrap_err();
    assert_eq!(refused.kind, "CodeDeliveryFailureException");
    std::fs::remove_dir(&codes).unwrap();
    pool.call("ForgotPassword", name, BASE, Transport::Port)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_pool_that_has_no_room_on_the_disk_says_so_and_makes_nothing_by_halves() {
    let world = World::with_user("ann").await;
    // The keys take room as well.
    world.pool.jwks().await;
    let leave_room = |pages| world.pool.inner().store().leave_room(pages);
    let mut refused = 0;
    // Enough for the disk to be full in the middle of an account as well: users and codes need a page at different times.
    for user in 0..100 {
        let body = json!({ "Username": format!("user-{user}"), "Password": PASSWORD });
        let letters = world.letters.0.lock().unwrap().len();
        let mut room = 0;
        leave_room(room);
        while let Err(error) = world.call("SignUp", body.clone()).await {
            assert_eq!(error.kind, "InternalErrorException", "user-{user}: {error}");
            assert!(error.message.contains("The disk is full"), "{error}");
            assert_eq!(world.letters.0.lock().unwrap().len(), letters, "a code of nobody");
            refused += 1;
            room += 1;
            leave_room(room);
        }
    }
    assert!(refused > 10, "the disk was full {refused} times");
    world.confirm("user-99").await;
    world.sign_in("ann", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_file_that_cannot_be_written_refuses_in_cognitos_shape_and_is_read_all_the_same() {
    let world = World::with_user("ann").await;
    let access = world.sign_in("ann", PASSWORD).await.unwrap()["AccessToken"].clone();
    world.pool.inner().store().read_only(true);
    for (operation, body) in [
        ("SignUp", json!({ "Username": "bob", "Password": PASSWORD })),
        ("ForgotPassword", json!({ "Username": "ann" })),
        ("GlobalSignOut", json!({ "AccessToken": access })),
        (
            "ChangePassword",
            json!({ "AccessToken": access, "PreviousPassword": PASSWORD, "ProposedPassword": "Correct-Horse-8!" }),
        ),
    ] {
        let refused = world.refused(operation, body).await;
        assert_eq!(refused.0, "InternalErrorException", "{operation}");
        assert!(
            refused.1.contains("can't be read or written"),
            "{operation}: {}",
            refused.1
        );
    }
    world
        .call("GetUser", json!({ "AccessToken": access }))
        .await
        .unwrap();
    world.sign_in("ann", PASSWORD).await.unwrap_err();
    world.pool.inner().store().read_only(false);
    world.sign_in("ann", PASSWORD).await.unwrap();
    world
        .call("SignUp", json!({ "Username": "bob", "Password": PASSWORD }))
        .await
        .unwrap();
}
