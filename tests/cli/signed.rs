//! Profiles that sign their requests: users with keys of the identity pool, and operators.

use super::{
    accounts::{PASSWORD, account, configured, desk},
    offline::json,
    serving::Served,
    terminal::Program,
    *,
};

/// A place with the profile `desk`, whose requests are signed.
fn configured_to_sign(served: &Served, more: &[&str]) -> Place {
    let place = Place::fresh();
    let base = served.text("cognitoEndpoint");
    let arguments = [
        "configure",
        "desk",
        "--auth",
        "iam",
        "--graphql-endpoint",
        served.text("graphqlEndpoint"),
        "--cognito-endpoint",
        base,
        "--identity-endpoint",
        base,
        "--user-pool-id",
        served.text("userPoolId"),
        "--client-id",
        served.text("userPoolClientId"),
    ];
    let run = place.run(&[&arguments, more].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    place
}

/// Ann's two devices, by tokens and by signatures.
fn devices(served: &mut Served) -> (Place, Place) {
    let tokens = configured(served);
    account(&tokens, served, "ann");
    let pool = served.text("identityPoolId").to_owned();
    let signing = configured_to_sign(served, &["--identity-pool-id", &pool]);
    for place in [&tokens, &signing] {
        let run = desk(place, &["sign-in", "ann", "--password-stdin"], PASSWORD);
        assert_eq!(run.code, 0, "{}", run.err);
    }
    (tokens, signing)
}

fn session(place: &Place) -> Value {
    let file = place.data.join("session-desk.json");
    serde_json::from_slice(&std::fs::read(file).unwrap_or_default()).unwrap_or_default()
}

#[test]
fn a_day_is_logged_changed_and_read_by_a_profile_that_signs() {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let (tokens, place) = devices(&mut served);
    let run = |arguments: &[&str]| json(&desk(&place, &[arguments, &["--json"]].concat(), ""));
    let lunch = run(&["log", "Food", "Lunch", "650", "--name", "goulash"]);
    assert_eq!(
        session(&place)["keys"]["access_key_id"]
            .as_str()
            .map(|id| &id[..4]),
        Some("ASIA")
    );
    run(&["log", "Exercise", "Run", "300"]);
    assert_eq!(run(&["edit", "last", "--kcal", "320"])["caloriesConsumed"], 320);
    run(&["delete", "last"]);
    assert_eq!(run(&["undo"])["activities"][0]["caloriesConsumed"], 320);
    run(&["weight", "71.5"]);
    run(&["profile", "--target", "2100"]);
    let today = run(&["today"]);
    let figures = [
        "caloriesConsumed",
        "caloriesBurned",
        "target",
        "remaining",
        "queued",
    ];
    assert_eq!(
        figures.map(|name| today[name].as_i64().unwrap_or(-1)),
        [650, 320, 2100, 1770, 0]
    );
    assert_eq!(today["weight"], 71.5);
    assert_eq!(run(&["search", "goulash"])[0]["id"], lunch["id"]);
    assert_eq!(run(&["categories"]).as_array().map(Vec::len), Some(3));
    assert_eq!(
        run(&["export", "--format", "json"])["activities"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    assert_eq!(run(&["whoami"])["username"], "ann");
    // The log is one: the other device reads it by its tokens.
    let theirs = json(&desk(&tokens, &["today", "--json"], ""));
    assert_eq!(theirs["caloriesConsumed"], 650);
    assert_eq!(session(&tokens).get("keys"), None, "tokens need no keys");

    let checks = run(&["doctor"]);
    let failed: Vec<&Value> = checks
        .as_array()
        .into_iter()
        .flatten()
        .filter(|check| check["ok"] == false)
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!(desk(&place, &["sign-out"], "").code, 0);
    assert_eq!(session(&place), Value::Null);
    assert_eq!(desk(&place, &["today"], "").code, 3);
}

#[test]
fn changes_without_a_backend_are_signed_when_it_is_back() {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let (tokens, place) = devices(&mut served);
    let address = served.address();
    assert_eq!(desk(&place, &["log", "Food", "Lunch", "650"], "").code, 0);
    assert_eq!(served.end("-TERM"), Some(0));
    let waiting = desk(&place, &["log", "Food", "Dinner", "300"], "");
    assert_eq!(waiting.code, 4, "{}", waiting.err);
    let served = Served::start_on(&host, &address, &[]);
    let synced = json(&desk(&place, &["sync", "--json"], ""));
    assert_eq!(
        (&synced["pending"], &synced["rejected"]),
        (&0.into(), &0.into()),
        "{synced}"
    );
    let theirs = json(&desk(&tokens, &["today", "--json"], ""));
    assert_eq!(theirs["caloriesConsumed"], 950);
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn a_device_by_tokens_and_one_by_signatures_are_live_to_each_other() {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let (tokens, signing) = devices(&mut served);
    let mut screens = [&tokens, &signing].map(|place| {
        let screens = Program::start(&place.data, &["--profile", "desk"], 120, 40);
        screens.wait_for("● live");
        screens
    });
    let mut log = |at: usize, line: &str, total: &str| {
        screens[at].press("a");
        screens[at].press(line);
        screens[at].wait_for(line);
        screens[at].press("\r");
        for program in &screens {
            program.wait_for(total);
        }
    };
    log(0, "lunch 650", "consumed 650");
    log(1, "dinner 300", "consumed 950");
    let address = served.address();
    assert_eq!(served.end("-TERM"), Some(0));
    screens[1].wait_for("offline");
    screens[1].press("a");
    screens[1].press("snacks 50");
    screens[1].wait_for("snacks 50");
    screens[1].press("\r");
    screens[1].wait_for("1 queued");
    let served = Served::start_on(&host, &address, &[]);
    for program in &screens {
        program.wait_for("consumed 1000");
        program.wait_for("● live");
    }
    drop(screens);
    assert_eq!(served.end("-TERM"), Some(0));
}

/// Also for the log of a user of the same name.
#[test]
fn keys_of_another_pool_and_of_a_deleted_user_open_nothing() {
    let hosts = [Place::fresh(), Place::fresh()];
    let mut served = hosts.each_ref().map(|host| Served::start(host, &[]));
    let [(tokens, signing), (_, foreign)] = served.each_mut().map(devices);
    for place in [&signing, &foreign] {
        assert_eq!(desk(place, &["log", "Food", "Lunch", "651"], "").code, 0);
    }
    let refused = |place: &Place| {
        for arguments in [
            &["today", "--json"][..],
            &["list", "--json"],
            &["log", "Food", "Dinner", "9"],
        ] {
            let run = desk(place, arguments, "");
            assert_eq!(
                (run.code, run.out.as_str()),
                (3, ""),
                "{arguments:?}: {}",
                run.err
            );
        }
    };
    let session = |place: &Place| place.data.join("session-desk.json");
    let own = std::fs::read(session(&signing)).unwrap();
    std::fs::copy(session(&foreign), session(&signing)).unwrap();
    refused(&signing);
    std::fs::write(session(&signing), own).unwrap();
    let today = json(&desk(&signing, &["today", "--json"], ""));
    assert_eq!(today["caloriesConsumed"], 651, "{today}");
    let deleted = desk(&tokens, &["delete-account", "--yes", "--yes"], "");
    assert_eq!(deleted.code, 0, "{}", deleted.err);
    refused(&signing);
}

#[test]
fn an_identity_pool_that_gives_no_keys_is_named() {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let (tokens, _) = devices(&mut served);
    drop(tokens);
    let place = configured_to_sign(&served, &["--identity-pool-id", "us-east-1:other"]);
    let run = desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD);
    assert_eq!(run.code, 0, "{}", run.err);
    let run = desk(&place, &["categories"], "");
    assert!(
        run.err.contains("IdentityPool 'us-east-1:other' not found"),
        "{}",
        run.err
    );
    let checks = desk(&place, &["doctor"], "");
    assert!(
        checks.out.contains("the identity pool must have this user pool"),
        "{}",
        checks.out
    );
}

/// An operator's keys own no log: what needs one is refused, and says so.
#[test]
fn an_operator_is_refused_what_needs_an_owner() {
    let host = Place::fresh();
    let served = Served::start(&host, &["--expose-aws"]);
    let place = configured_to_sign(&served, &["--aws-profile", "default"]);
    let with_keys = |arguments: &[&str]| {
        let output = place
            .command(&[&["--profile", "desk"], arguments].concat())
            .env("AWS_SHARED_CREDENTIALS_FILE", served.text("credentialsFile"))
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    for arguments in [
        &["today"][..],
        &["log", "Food", "Lunch", "650"],
        &["list"],
        &["profile"],
        &["sync"],
        &["whoami"],
        &["sign-in", "ann", "--password-stdin"],
    ] {
        let (code, out, err) = with_keys(arguments);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{arguments:?}: {err}");
        assert!(
            err.contains("an operator's keys, which own no log"),
            "{arguments:?}: {err}"
        );
    }
    // A profile without a user pool is enough.
    let run = place.run(&[
        "configure",
        "ops",
        "--auth",
        "iam",
        "--aws-profile",
        "default",
        "--graphql-endpoint",
        served.text("graphqlEndpoint"),
        "--region",
        "us-east-1",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    let checks = place.run(&["--profile", "ops", "doctor"]).out;
    assert!(checks.contains("an operator's profile needs none"), "{checks}");
    // The exposed key is for tables, not for the API.
    let (_, out, _) = with_keys(&["doctor"]);
    assert!(out.contains("the API rejects the operator's keys"), "{out}");
    // Without the file there are no keys at all.
    let output = place
        .command(&["--profile", "desk", "doctor"])
        .env("AWS_SHARED_CREDENTIALS_FILE", place.data.join("none"))
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.contains("has no keys of the profile `default`"), "{out}");
}
