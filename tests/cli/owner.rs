//! The account on this computer remains signed in until a sign-out, even without its session, its pool or its file.

use std::{fs, path::PathBuf};

use rstest::rstest;

use super::{accounts::PASSWORD, *};

/// A directory with one entry, and the entry's id.
fn with_an_entry() -> (Place, Value) {
    let place = Place::fresh();
    let id = place.json(&["log", "Food", "Lunch", "650"])["id"].clone();
    (place, id)
}

impl Place {
    fn session(&self) -> PathBuf {
        self.data.join("session-local.json")
    }

    fn account_file(&self) -> PathBuf {
        self.data.join("account.json")
    }

    fn kept(&self) -> Value {
        let text = fs::read_to_string(self.account_file()).expect("a file");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Changes a member of the session's file.
    fn change_session(&self, change: impl FnOnce(&mut Value)) {
        let text = fs::read_to_string(self.session()).expect("a session");
        let mut session: Value = serde_json::from_str(&text).expect("JSON");
        change(&mut session);
        fs::write(self.session(), session.to_string()).expect("it is written");
    }

    /// Ends the session as the pool would: the access token is expired, and the refresh token invalid.
    fn end_session(&self) {
        self.change_session(|session| {
            session["expires"] = 0.into();
            session["refresh_token"] = "refused".into();
        });
    }

    /// The last code of the box.
    fn code(&self) -> String {
        let text = fs::read_to_string(self.data.join("backend/codes.jsonl")).expect("codes");
        let last: Value = serde_json::from_str(text.lines().last().expect("a code")).expect("JSON");
        last["code"].as_str().expect("a code").to_owned()
    }

    /// Runs with `--json`; must succeed without a notice.
    fn quietly(&self, arguments: &[&str]) -> Value {
        let run = self.run(&[arguments, &["--json"]].concat());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}: {run:?}");
        serde_json::from_str(&run.out).expect("JSON")
    }
}

#[rstest]
#[case::refused(Place::end_session)]
#[case::damaged(|place: &Place| fs::write(place.session(), "{").expect("it is written"))]
#[case::emptied(|place: &Place| fs::write(place.session(), "").expect("it is written"))]
#[case::lost(|place: &Place| fs::remove_file(place.session()).expect("a file"))]
#[case::of_another_pool(|place: &Place| fs::remove_file(place.data.join("backend/pool.db")).expect("a file"))]
#[case::of_another_pool_and_lost(|place: &Place| {
    fs::remove_file(place.data.join("backend/pool.db")).expect("a file");
    fs::remove_file(place.session()).expect("a file");
})]
fn an_ended_session_is_renewed_without_a_message(#[case] ending: fn(&Place)) {
    let (place, id) = with_an_entry();
    let sub = place.json(&["whoami"])["sub"].clone();
    ending(&place);
    assert_eq!(place.quietly(&["list"])[0]["id"], id);
    assert_eq!(place.quietly(&["today"])["caloriesConsumed"], 650);
    assert_eq!(place.quietly(&["whoami"])["sub"], sub);
    // It remains signed out after an explicit sign-out.
    assert_eq!(place.run(&["sign-out"]).code, 0);
    assert_eq!(place.kept()["signedOut"], true);
    ending_again(&place);
    for _ in 0..2 {
        assert_eq!(place.run(&["today", "--json"]).error(3)["kind"], "signed_out");
    }
    assert_eq!(place.run(&["sign-in"]).code, 0);
    assert_eq!(place.kept()["signedOut"], false);
    assert_eq!(place.quietly(&["list"])[0]["id"], id);
}

/// The categories are in the copy as well, under the user's id.
#[test]
fn a_sign_out_keeps_the_copy_of_the_log_and_forget_removes_it() {
    let (place, _) = with_an_entry();
    let sub = place.json(&["whoami"])["sub"].as_str().expect("an id").to_owned();
    let is_kept = || {
        ["cache.db", "cache.db-wal"].iter().any(|name| {
            let bytes = fs::read(place.data.join(name)).unwrap_or_default();
            bytes.windows(sub.len()).any(|window| window == sub.as_bytes())
        })
    };
    assert_eq!(place.run(&["sign-out"]).code, 0);
    assert!(is_kept());
    assert_eq!(place.run(&["sign-in"]).code, 0);
    let run = place.run(&["sign-out", "--forget"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(!is_kept());
    // Without a session, it is that of every user of the profile.
    assert_eq!(place.run(&["sign-in"]).code, 0);
    place.json(&["log", "Food", "Lunch", "650"]);
    assert_eq!(place.run(&["sign-out"]).code, 0);
    assert!(is_kept());
    assert_eq!(place.run(&["sign-out", "--forget"]).code, 0);
    assert!(!is_kept());
}

/// No content of the session file signs in again.
fn ending_again(place: &Place) {
    assert!(!place.session().exists());
    fs::write(place.session(), "{").expect("it is written");
}

/// The id is in the account's file, or in the session if an older version wrote the file.
#[test]
fn a_new_pool_keeps_the_entries_of_the_account() {
    let (place, id) = with_an_entry();
    let mut kept = place.kept();
    let sub = kept["sub"].clone();
    assert_eq!(sub, place.json(&["whoami"])["sub"]);
    for older in [false, true] {
        if older {
            kept.as_object_mut().expect("an object").remove("sub");
            fs::write(place.account_file(), kept.to_string()).expect("it is written");
        }
        fs::rename(
            place.data.join("backend/pool.db"),
            place.data.join(format!("pool.db.{older}")),
        )
        .expect("a file");
        // Any host of the box restores the account.
        let served = older.then(|| super::serving::Served::start(&place, &[]));
        assert_eq!(place.quietly(&["list"])[0]["id"], id);
        assert_eq!(place.kept()["sub"], sub);
        if let Some(served) = served {
            assert_eq!(served.end("-TERM"), Some(0));
        }
    }
    fs::write(
        place.data.join("backend/pool.db"),
        "no database, but somebody's bytes ".repeat(200),
    )
    .expect("written");
    let error = place.run(&["list", "--json"]).error(1);
    assert_eq!(error["kind"], "storage");
    let message = error["message"].as_str().expect("a message");
    assert!(message.contains("entries are in tables.db as before"), "{error}");
    let next = error["next"].as_str().expect("advice");
    assert!(next.contains("gets its entries back"), "{error}");
    fs::remove_file(place.data.join("backend/pool.db")).expect("a file");
    assert_eq!(place.quietly(&["list"])[0]["id"], id);
}

#[test]
fn an_ended_session_of_another_user_is_not_replaced_by_the_account_on_this_computer() {
    let (place, _) = with_an_entry();
    assert_eq!(
        place
            .run_with(&["sign-up", "ann", "--password-stdin"], PASSWORD)
            .code,
        0
    );
    assert_eq!(place.run(&["confirm", "ann", &place.code()]).code, 0);
    let sign_in = |place: &Place| {
        let run = place.run_with(&["sign-in", "ann", "--password-stdin"], PASSWORD);
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(place.json(&["whoami"])["username"], "ann");
    };
    for ending in [Place::end_session, |place: &Place| {
        fs::write(place.session(), "{").expect("it is written");
    }] {
        sign_in(&place);
        ending(&place);
        assert_eq!(place.run(&["list", "--json"]).error(3)["kind"], "signed_out");
        assert_eq!(place.run(&["list", "--json"]).error(3)["kind"], "signed_out");
    }
    // An explicit sign-in restores the account on this computer.
    assert_eq!(place.run(&["sign-in"]).code, 0);
    place.end_session();
    assert_eq!(place.quietly(&["whoami"])["username"], "me");
    assert_eq!(place.quietly(&["today"])["caloriesConsumed"], 650);
}

#[rstest]
#[case::lost(None)]
#[case::emptied(Some(""))]
#[case::damaged(Some("{\"username\":\"me\""))]
fn the_advice_of_the_error_restores_an_account_without_its_file(#[case] left: Option<&str>) {
    let (place, id) = with_an_entry();
    fs::remove_file(place.session()).expect("a file");
    match left {
        None => fs::remove_file(place.account_file()).expect("a file"),
        Some(text) => fs::write(place.account_file(), text).expect("it is written"),
    }
    for _ in 0..2 {
        let run = place.run(&["list", "--json"]);
        assert_eq!(run.err.lines().count(), 1, "no account was made: {run:?}");
        let next = run.error(1)["next"].as_str().expect("advice").to_owned();
        assert!(next.contains("`caltrack-tui forgot-password me`"), "{next}");
        assert!(next.contains("codes.jsonl"), "{next}");
        assert_eq!(
            place.account_file().exists(),
            left.is_some(),
            "nothing was changed"
        );
    }
    assert_eq!(place.run(&["forgot-password", "me"]).code, 0);
    let replace = [
        "forgot-password",
        "me",
        "--code",
        &place.code(),
        "--password-stdin",
    ];
    let run = place.run_with(&replace, PASSWORD);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(place.quietly(&["list"])[0]["id"], id);
    // The new password is stored like the old one.
    place.end_session();
    assert_eq!(place.quietly(&["list"])[0]["id"], id);
}

#[rstest]
#[case("tables.db", "the entries that it held are not in it")]
#[case("pool.db", "entries are in tables.db as before")]
fn an_emptied_database_is_rejected_and_kept(#[case] name: &str, #[case] says: &str) {
    let (place, _) = with_an_entry();
    let path = place.data.join("backend").join(name);
    fs::write(&path, "").expect("it is written");
    // What can't be logged there is queued.
    for (arguments, code) in [
        (&["today", "--json"][..], 1),
        (&["log", "Food", "Lunch", "1", "--json"], 4),
    ] {
        let error = place.run(arguments).error(code);
        assert_eq!(error["kind"], "storage");
        assert!(
            error["message"].as_str().expect("a message").contains(says),
            "{error}"
        );
        assert!(
            error["next"].as_str().expect("advice").contains("Restore it"),
            "{error}"
        );
        assert_eq!(fs::read(&path).expect("a file"), b"");
    }
}
