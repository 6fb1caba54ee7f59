//! The files of the pool: its database and the codes.

use std::path::Path;

use super::{super::Purpose, *};
use crate::CodeFile;

#[tokio::test]
async fn accounts_keys_and_sessions_survive_a_restart_and_no_password_is_stored() {
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
fn a_damaged_or_newer_file_is_an_error_and_is_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pool.db");
    std::fs::write(
        &path,
        "this is no database, and long enough to be read as one".repeat(20),
    )
    .unwrap();
    let before = std::fs::read(&path).unwrap();
    let settings = || PoolSettings::local(Arc::new(RecordedCodes::default()));
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
async fn codes_are_not_written_through_a_symbolic_link() {
    let directory = tempfile::tempdir().unwrap();
    let precious = directory.path().join("precious");
    std::fs::write(&precious, "precious").unwrap();
    std::os::unix::fs::symlink(&precious, directory.path().join("codes.jsonl")).unwrap();
    let error = with_code_file(directory.path())
        .call("SignUp", sign_up(), BASE, Transport::Port)
        .await
        .unwrap_err();
    assert!(error.message.contains("symbolic link"), "{error}");
    assert_eq!(std::fs::read(&precious).unwrap(), b"precious");
}

/// A pool that writes its codes to `codes.jsonl` in the same directory.
fn with_code_file(directory: &Path) -> UserPool {
    let codes = CodeFile::at(directory.join("codes.jsonl"));
    UserPool::open(&directory.join("pool.db"), PoolSettings::local(Arc::new(codes))).unwrap()
}

#[test]
fn a_rehearsal_writes_nothing_and_fails_where_a_delivery_fails() {
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
    // Also after a crash in the middle of a line.
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

/// The last code in `codes.jsonl`.
fn code_in(directory: &Path) -> String {
    let lines = std::fs::read_to_string(directory.join("codes.jsonl")).unwrap();
    let line: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    text(&line, "code").to_owned()
}

/// Delivers codes to a full disk, `/dev/full`.
#[cfg(target_os = "linux")]
struct FullDisk;

#[cfg(target_os = "linux")]
impl CodeSink for FullDisk {
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
async fn a_sign_up_whose_code_cannot_be_stored_makes_no_account_and_can_be_repeated() {
    let directory = tempfile::tempdir().unwrap();
    let full = UserPool::open(
        &directory.path().join("pool.db"),
        PoolSettings::local(Arc::new(FullDisk)),
    )
    .unwrap();
    for _ in 0..2 {
        let error = full
            .call("SignUp", sign_up(), BASE, Transport::Port)
            .await
            .unwrap_err();
        assert_eq!(error.kind, "CodeDeliveryFailureException");
        assert!(error.message.contains("No space left"), "{error}");
        assert!(error.message.contains("nothing was changed"), "{error}");
    }
    let given = json!({ "UserPoolId": POOL_ID, "Username": "ann", "TemporaryPassword": PASSWORD });
    let error = full.administer("AdminCreateUser", given).await.unwrap_err();
    assert_eq!(error.kind, "CodeDeliveryFailureException");
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

/// A directory stands in the file's place, since the superuser could write to a read-only file.
#[tokio::test]
async fn a_code_that_cannot_be_written_is_not_counted_and_the_earlier_one_stays_valid() {
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
    // More requests than the five that are allowed in an hour.
    for _ in 0..6 {
        let error = pool
            .call("ResendConfirmationCode", name.clone(), BASE, Transport::Port)
            .await
            .unwrap_err();
        assert_eq!(error.kind, "CodeDeliveryFailureException");
    }
    let confirm = json!({ "ClientId": CLIENT_ID, "Username": "ann", "ConfirmationCode": code });
    pool.call("ConfirmSignUp", confirm, BASE, Transport::Port)
        .await
        .unwrap();
    let error = pool
        .call("ForgotPassword", name.clone(), BASE, Transport::Port)
        .await
        .unwrap_err();
    assert_eq!(error.kind, "CodeDeliveryFailureException");
    std::fs::remove_dir(&codes).unwrap();
    pool.call("ForgotPassword", name, BASE, Transport::Port)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_full_disk_is_reported_and_leaves_no_half_written_account() {
    let world = World::with_user("ann").await;
    // The signing keys are written first: they need pages too.
    world.pool.jwks().await;
    let leave_room = |pages| world.pool.inner().store().leave_room(pages);
    let mut failures = 0;
    // With a hundred users the disk also fills in the middle of a sign-up: users and codes need new pages at
    // different times.
    for user in 0..100 {
        let body = json!({ "Username": format!("user-{user}"), "Password": PASSWORD });
        let delivered_before = world.codes.delivered.lock().unwrap().len();
        let mut room = 0;
        leave_room(room);
        while let Err(error) = world.call("SignUp", body.clone()).await {
            assert_eq!(error.kind, "InternalErrorException", "user-{user}: {error}");
            assert!(error.message.contains("The disk is full"), "{error}");
            assert_eq!(
                world.codes.delivered.lock().unwrap().len(),
                delivered_before,
                "a code was sent for an account that was not made"
            );
            failures += 1;
            room += 1;
            leave_room(room);
        }
    }
    assert!(failures > 10, "the disk was full {failures} times");
    world.confirm("user-99").await;
    world.sign_in("ann", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_read_only_file_is_an_error_in_cognitos_format_for_writes_and_serves_reads() {
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
        let error = world.error_of(operation, body).await;
        assert_eq!(error.0, "InternalErrorException", "{operation}");
        assert!(
            error.1.contains("can't be read or written"),
            "{operation}: {}",
            error.1
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
