//! Starting on a directory with missing, emptied, damaged or linked files.

mod killed;

use std::{collections::BTreeMap, fs};

use caltrack_aggregator::recount;
use caltrack_local_cognito::Transport;
use caltrack_local_core::{
    account::{CLIENT_ID, POOL_ID},
    tables::{ACTIVITY_TABLE, Operation, USER_AGGREGATE_TABLE},
};
use serde_json::{Value, json};

use super::*;

const SUB: &str = "0f8b5d1e-6c1a-4f2e-9b0d-3a7c5e9d1b24";
const PASSWORD: &str = "Correct-Horse-7!";

fn with_known_account() -> BackendOptions {
    BackendOptions {
        account: Some(KnownAccount {
            username: "me".to_owned(),
            sub: SUB.to_owned(),
            password: PASSWORD.to_owned(),
        }),
        ..BackendOptions::default()
    }
}

/// Starts and stops a backend. The error has the reason and the advice of a failed start.
async fn start(directory: &Path, options: BackendOptions) -> Result<(), String> {
    match Backend::start(directory, options).await {
        Ok(backend) => {
            // The keys are made in the background; the next backend must not make them too.
            backend.pool.jwks().await;
            backend.shutdown().await;
            Ok(())
        }
        Err(error) => Err(format!("{error}. {}.", error.advice())),
    }
}

async fn log_an_entry(backend: &Backend) {
    let item = json!({ "id": { "S": "1" }, "userid": { "S": SUB }, "date": { "S": "2026-11-23" } });
    let put = json!({ "TableName": ACTIVITY_TABLE, "Item": item });
    backend.tables.call(Operation::PutItem, put).await.unwrap();
}

async fn sign_in(backend: &Backend) -> Result<String, String> {
    let parameters = json!({ "USERNAME": "me", "PASSWORD": PASSWORD });
    let body =
        json!({ "ClientId": CLIENT_ID, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    let response = backend
        .pool
        .call("InitiateAuth", body, "http://localhost", Transport::SocketFile)
        .await;
    let response = response.map_err(|error| error.to_string())?;
    let access = response["AuthenticationResult"]["AccessToken"].clone();
    let user = json!({ "AccessToken": access });
    let user: Value = backend
        .pool
        .call("GetUser", user, "http://localhost", Transport::SocketFile)
        .await
        .unwrap();
    Ok(user["UserAttributes"][0]["Value"].as_str().unwrap().to_owned())
}

/// Totals, exactly as they are stored, by user and day.
async fn rows(backend: &Backend) -> BTreeMap<(String, String), Value> {
    let scan = json!({ "TableName": USER_AGGREGATE_TABLE });
    let page = backend.tables.call(Operation::Scan, scan).await.unwrap();
    let text = |row: &Value, name: &str| row[name]["S"].as_str().unwrap().to_owned();
    let rows = page["Items"].as_array().unwrap().iter();
    rows.map(|row| ((text(row, "userid"), text(row, "date")), row.clone()))
        .filter(|((user, _), _)| !user.starts_with("evt#"))
        .collect()
}

/// Every day has what its entries add up to; kcal only where its user hasn't written them.
async fn assert_recounted(backend: &Backend) -> BTreeMap<(String, String), Value> {
    let scan = json!({ "TableName": ACTIVITY_TABLE });
    let page = backend.tables.call(Operation::Scan, scan).await.unwrap();
    let mut expected = recount(page["Items"].as_array().unwrap());
    let rows = rows(backend).await;
    for (day, row) in &rows {
        let amounts = expected.remove(day).unwrap_or_default();
        for (name, number) in amounts.counted() {
            assert_eq!(row[name]["N"], number, "{name} of {row}");
        }
        if row.get("setByUser").is_none() {
            assert_eq!(
                row["caloriesConsumed"]["N"],
                amounts.consumed.to_string(),
                "{row}"
            );
            assert_eq!(row["caloriesBurned"]["N"], amounts.burned.to_string(), "{row}");
        }
    }
    assert_eq!(expected, BTreeMap::new(), "days without a row");
    rows
}

/// The fixture was written by the last program of format 1 and killed while 20 records were not booked yet. Its log has edits, moves
/// between days and categories, deletes, entries without `date`, of an unknown category and of 0 kcal, days with a weight or own
/// totals, and a second user.
#[tokio::test]
async fn a_directory_of_the_first_format_is_upgraded_when_it_opens() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let tables = include_bytes!("../../tests/fixtures/format-1/tables.db");
    fs::write(path.join("tables.db"), tables).unwrap();
    let mut before = None;
    for format in ["1", "2", "1", ""] {
        // The last: its file was deleted, as advised where it is damaged. An interrupted upgrade is repeated.
        if format.is_empty() {
            fs::remove_file(path.join("version")).unwrap();
        } else {
            fs::write(path.join("version"), format).unwrap();
        }
        let backend = Backend::start(path, with_known_account()).await.unwrap();
        let rows = assert_recounted(&backend).await;
        assert_eq!(rows.len(), 11);
        assert_eq!(*before.get_or_insert_with(|| rows.clone()), rows, "{format}");
        backend.shutdown().await;
        assert_eq!(fs::read_to_string(path.join("version")).unwrap().trim(), "2");
    }
    let backend = Backend::start(path, with_known_account()).await.unwrap();
    for ((user, date), row) in before.unwrap() {
        let item = json!({ "id": { "S": format!("new-{user}-{date}") }, "userid": { "S": user }, "date": { "S": date },
            "category": { "S": "Food" }, "caloriesConsumed": { "N": "70" }, "protein": { "N": "0.1" } });
        let put = json!({ "TableName": ACTIVITY_TABLE, "Item": item });
        backend.tables.call(Operation::PutItem, put).await.unwrap();
        backend.tables.caught_up().await;
        let entries = |row: &Value| row["entries"]["N"].as_str().unwrap().parse::<i64>().unwrap();
        let after = rows(&backend).await.remove(&(user, date)).unwrap();
        assert_eq!(entries(&after), entries(&row) + 1);
    }
    assert_recounted(&backend).await;
    backend.shutdown().await;
}

#[tokio::test]
async fn the_known_account_is_recreated_with_its_id_in_a_new_pool() {
    let directory = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let backend = Backend::start(directory.path(), with_known_account())
            .await
            .unwrap();
        assert_eq!(sign_in(&backend).await.unwrap(), SUB);
        backend.shutdown().await;
    }
    fs::remove_file(directory.path().join("pool.db")).unwrap();
    let backend = Backend::start(directory.path(), with_known_account())
        .await
        .unwrap();
    assert_eq!(sign_in(&backend).await.unwrap(), SUB);
    backend.shutdown().await;
}

/// Another id or password in the options changes nothing in the pool.
#[tokio::test]
async fn an_existing_user_is_not_changed() {
    let directory = tempfile::tempdir().unwrap();
    start(directory.path(), with_known_account()).await.unwrap();
    let mut other = with_known_account();
    if let Some(account) = &mut other.account {
        "another".clone_into(&mut account.sub);
        "Another-Horse-7!".clone_into(&mut account.password);
    }
    let backend = Backend::start(directory.path(), other).await.unwrap();
    assert_eq!(sign_in(&backend).await.unwrap(), SUB);
    backend.shutdown().await;
}

/// No operation and no member of a request sets the `sub`.
#[tokio::test]
async fn no_request_chooses_the_id_of_a_user() {
    let directory = tempfile::tempdir().unwrap();
    let backend = Backend::start(directory.path(), BackendOptions::default())
        .await
        .unwrap();
    let chosen = json!([{ "Name": "sub", "Value": SUB }]);
    let body = json!({ "ClientId": CLIENT_ID, "UserPoolId": POOL_ID, "Username": "ann", "Password": PASSWORD,
        "TemporaryPassword": PASSWORD, "UserSub": SUB, "Sub": SUB, "sub": SUB, "UserAttributes": chosen });
    for operation in ["Restore", "RestoreUser", "KnownAccount"] {
        let refused = backend
            .pool
            .call(operation, body.clone(), "http://localhost", Transport::SocketFile)
            .await;
        assert_eq!(refused.unwrap_err().kind, "UnknownOperationException");
    }
    let mut sign_up = body.clone();
    let refused = backend
        .pool
        .call(
            "SignUp",
            sign_up.clone(),
            "http://localhost",
            Transport::SocketFile,
        )
        .await;
    assert_eq!(refused.unwrap_err().kind, "NotAuthorizedException");
    sign_up["UserAttributes"] = json!([]);
    let made = backend
        .pool
        .call("SignUp", sign_up, "http://localhost", Transport::SocketFile)
        .await;
    assert_ne!(made.unwrap()["UserSub"], SUB);
    let mut body = body;
    body["Username"] = json!("bob");
    let refused = backend.pool.administer("AdminCreateUser", body.clone()).await;
    assert_eq!(refused.unwrap_err().kind, "InvalidParameterException");
    body["UserAttributes"] = json!([]);
    let made = backend.pool.administer("AdminCreateUser", body).await.unwrap();
    assert_ne!(made["User"]["Attributes"][0]["Value"], SUB);
    backend.shutdown().await;
}

#[tokio::test]
async fn emptied_tables_beside_an_account_are_an_error_and_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let tables = directory.path().join("tables.db");
    start(directory.path(), BackendOptions::default()).await.unwrap();
    // SQLite treats a file of one byte as empty too.
    for (options, rest) in [
        (BackendOptions::default(), ""),
        (with_known_account(), ""),
        (with_known_account(), "S"),
    ] {
        fs::write(&tables, rest).unwrap();
        let refused = start(directory.path(), options).await.unwrap_err();
        assert!(refused.contains("tables.db is empty"), "{refused}");
        assert!(refused.contains("Restore it from a backup"), "{refused}");
        assert_eq!(fs::read_to_string(&tables).unwrap(), rest);
    }
    fs::remove_file(&tables).unwrap();
    start(directory.path(), with_known_account()).await.unwrap();
}

#[tokio::test]
async fn an_emptied_pool_beside_an_account_or_entries_is_an_error_and_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let pool = directory.path().join("pool.db");
    let backend = Backend::start(directory.path(), BackendOptions::default())
        .await
        .unwrap();
    log_an_entry(&backend).await;
    backend.shutdown().await;
    for (options, rest) in [
        (BackendOptions::default(), ""),
        (with_known_account(), ""),
        (with_known_account(), "S"),
    ] {
        fs::write(&pool, rest).unwrap();
        let refused = start(directory.path(), options).await.unwrap_err();
        assert!(refused.contains("pool.db is empty"), "{refused}");
        assert!(
            refused.contains("entries are in tables.db as before"),
            "{refused}"
        );
        assert_eq!(fs::read_to_string(&pool).unwrap(), rest);
    }
    fs::remove_file(&pool).unwrap();
    start(directory.path(), with_known_account()).await.unwrap();
}

/// The files that a crash leaves: the tables are complete before the pool is begun.
#[tokio::test]
async fn a_start_succeeds_after_an_interrupted_first_start() {
    let directory = tempfile::tempdir().unwrap();
    let prepared = DataDirectory::prepare(directory.path()).unwrap();
    fs::write(prepared.tables(), "").unwrap();
    start(directory.path(), BackendOptions::default()).await.unwrap();
    fs::remove_file(prepared.pool()).unwrap();
    fs::write(prepared.pool(), "").unwrap();
    start(directory.path(), BackendOptions::default()).await.unwrap();

    let other = tempfile::tempdir().unwrap();
    let prepared = DataDirectory::prepare(other.path()).unwrap();
    let tables = Tables::open(&prepared.tables()).unwrap();
    assert!(
        fs::metadata(prepared.tables()).unwrap().len() > 0,
        "the tables are complete before the pool is begun"
    );
    tables.close().await;
}

/// A truncated file is not treated as a new database.
#[tokio::test]
async fn a_truncated_database_is_an_error_and_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let backend = Backend::start(directory.path(), with_known_account())
        .await
        .unwrap();
    log_an_entry(&backend).await;
    sign_in(&backend).await.unwrap();
    backend.shutdown().await;
    for name in ["tables.db", "pool.db"] {
        let path = directory.path().join(name);
        let whole = fs::read(&path).unwrap();
        for length in [2, 100, 512, 4_096, whole.len() / 2, whole.len() - 4_096] {
            fs::write(&path, &whole[..length]).unwrap();
            let refused = start(directory.path(), with_known_account()).await;
            let refused = refused.expect_err(&format!("{name} of {length} bytes"));
            assert!(
                refused.contains(&format!("{name} is damaged")),
                "{length}: {refused}"
            );
            assert_eq!(fs::read(&path).unwrap(), &whole[..length], "{name}");
        }
        fs::write(&path, &whole).unwrap();
    }
    start(directory.path(), with_known_account()).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_access_the_files_and_symbolic_links_are_rejected() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let directory = tempfile::tempdir().unwrap();
    let backend = Backend::start(directory.path(), BackendOptions::default())
        .await
        .unwrap();
    backend.credentials().unwrap();
    let sign_up = json!({ "ClientId": CLIENT_ID, "Username": "ann", "Password": PASSWORD });
    backend
        .pool
        .call("SignUp", sign_up, "http://localhost", Transport::SocketFile)
        .await
        .unwrap();
    let record = json!({ "eventID": "1" });
    let poison = PoisonFile::at(backend.directory.poison());
    poison.keep("a test", &record).await.unwrap();
    let mut names = Vec::new();
    for entry in fs::read_dir(directory.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
        names.push(entry.file_name().into_string().unwrap());
    }
    backend.shutdown().await;
    for name in ["version", "tables.db", "pool.db", "aggregator.credentials"] {
        assert!(names.iter().any(|other| other == name), "{names:?}");
        let (path, elsewhere) = (directory.path().join(name), directory.path().join("elsewhere"));
        fs::rename(&path, &elsewhere).unwrap();
        symlink(&elsewhere, &path).unwrap();
        let refused = start(directory.path(), BackendOptions::default())
            .await
            .unwrap_err();
        assert!(
            refused.contains(name) && refused.contains("symbolic link"),
            "{refused}"
        );
        fs::rename(&elsewhere, &path).unwrap();
    }
    let (path, elsewhere) = (poison_path(directory.path()), directory.path().join("elsewhere"));
    fs::rename(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    let before = fs::read(&elsewhere).unwrap();
    let refused = poison.keep("a test", &record).await.unwrap_err();
    assert!(refused.to_string().contains("symbolic link"), "{refused}");
    assert_eq!(fs::read(&elsewhere).unwrap(), before);
}

#[cfg(unix)]
fn poison_path(directory: &Path) -> PathBuf {
    directory.join("poison.jsonl")
}
