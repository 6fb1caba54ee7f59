use super::*;

#[tokio::test]
async fn opening_twice_keeps_the_tables() {
    let fixture = Fixture::new();
    fixture
        .tables
        .call(Operation::PutItem, put("a", "u", 650))
        .await
        .unwrap();
    let fixture = fixture.reopened().await.reopened().await;
    for table in [
        USER_TABLE,
        ACTIVITY_TABLE,
        ACTIVITY_CATEGORY_TABLE,
        USER_AGGREGATE_TABLE,
    ] {
        let count = fixture
            .tables
            .call(Operation::Scan, json!({ "TableName": table }))
            .await
            .unwrap();
        assert_eq!(count["Count"], u32::from(table == ACTIVITY_TABLE), "{table}");
    }
}

#[test]
fn a_damaged_database_is_an_error_with_its_path_and_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tables.db");
    let garbage = vec![7_u8; 8192];
    std::fs::write(&path, &garbage).unwrap();
    let error = Tables::open(&path).unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    let text = error.to_string();
    assert!(
        text.contains(path.to_str().unwrap()) && text.contains("kept as it is"),
        "{text}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), garbage);
}

#[tokio::test]
async fn a_database_of_a_newer_engine_is_an_error() {
    let fixture = Fixture::new();
    let path = fixture.directory.path().join("tables.db");
    fixture.tables.close().await;
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute(
            "UPDATE _config SET value = '999' WHERE key = 'schema_version'",
            [],
        )
        .unwrap();
    let error = Tables::open(&path).unwrap_err();
    assert!(matches!(error, OpenError::Newer { .. }), "{error:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn other_users_have_no_access_to_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let fixture = Fixture::new();
    fixture
        .tables
        .call(Operation::PutItem, put("a", "u", 650))
        .await
        .unwrap();
    for entry in std::fs::read_dir(fixture.directory.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(
            entry.metadata().unwrap().permissions().mode() & 0o077,
            0,
            "{:?}",
            entry.path()
        );
    }
}
