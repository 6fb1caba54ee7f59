//! Entries whose ids are another user's, and that wait in the outbox before that is known.

use std::fs;

use serde_json::json;

use super::{
    accounts::{PASSWORD, account, configured, desk},
    keeping::{content, exported, fill, ids, path},
    serving::Served,
    *,
};

/// Puts the entries of one user into the log of another on the same backend, which is away at first. Returns what the other
/// has before this is undone.
fn put(command: &str, file: &str, host: &Place) -> Value {
    let mut served = Served::start(host, &[]);
    let address = served.address();
    let place = configured(&served);
    account(&place, &mut served, "ann");
    assert_eq!(
        desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD).code,
        0
    );
    assert_eq!(served.end("-TERM"), Some(0));
    let error = desk(&place, &[command, file, "--json"], "").error(4);
    assert_eq!(error["kept"].as_array().map(Vec::len), Some(3));
    let served = Served::start_on(host, &address, &[]);
    let synced = desk(&place, &["sync", "--json"], "");
    assert_eq!(synced.code, 0, "{synced:?}");
    assert_eq!(desk(&place, &["outbox", "--json"], "").out, "[]\n");
    let export = export(&place);
    assert_eq!(export["activities"].as_array().map(Vec::len), Some(3));
    assert_ne!(ids(&export), ids(&exported(host)));
    assert_eq!(served.end("-TERM"), Some(0));
    let _served = Served::start_on(host, &address, &[]);
    let again = desk(&place, &[command, file, "--json"], "");
    assert_eq!(again.code, 0, "{again:?}");
    let after = self::export(&place);
    assert_eq!(ids(&after), ids(&export));
    assert_eq!(content(after.clone()), content(export));
    assert_eq!(desk(&place, &["undo"], "").code, 0);
    assert_eq!(self::export(&place)["activities"], json!([]));
    after
}

fn export(place: &Place) -> Value {
    serde_json::from_str(&desk(place, &["export", "--format", "json"], "").out).expect("JSON")
}

#[test]
fn an_import_that_waited_is_logged_under_other_ids() {
    let host = Place::fresh();
    fill(&host);
    let file = path(&host, "log.csv");
    fs::write(&file, host.run(&["export"]).out).expect("a file");
    let imported = content(put("import", &file, &host));
    assert_eq!(imported["activities"], content(exported(&host))["activities"]);
}

#[test]
fn a_restore_that_waited_is_logged_under_other_ids() {
    let host = Place::fresh();
    fill(&host);
    let file = path(&host, "all.backup");
    host.json(&["backup", &file]);
    let restored = put("restore", &file, &host);
    assert_eq!(content(restored), content(exported(&host)));
}
