//! The pool's file.

use super::*;

#[tokio::test]
async fn accounts_keys_and_sessions_outlive_a_restart_and_no_password_is_kept() {
    let world = World::with_user("ann").await;
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

#[tokio::test]
async fn a_file_of_the_first_format_is_brought_up_to_date_and_keeps_its_users() {
    let directory = tempfile::tempdir().unwrap();
    let db = rusqlite::Connection::open(directory.path().join("pool.db")).unwrap();
    db.execute_batch(&format!(
        "{} PRAGMA user_version = 1; INSERT INTO users VALUES ('old', 'sub-old', x'01', x'02', NULL, 1, 0);",
        super::super::store::SCHEMA
    ))
    .unwrap();
    drop(db);
    let world = World::at(directory);
    let taken = json!({ "Username": "old", "Password": PASSWORD });
    assert_eq!(world.refused("SignUp", taken).await.0, "UsernameExistsException");
    let set = json!({ "UserPoolId": POOL_ID, "Username": "old", "Password": PASSWORD, "Permanent": true });
    world.pool.administer("AdminSetUserPassword", set).await.unwrap();
    world.sign_in("old", PASSWORD).await.unwrap();
}
