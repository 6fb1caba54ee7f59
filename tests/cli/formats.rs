//! Files of a newer program: an older one leaves them as they are (docs/formats.md).

use std::{collections::BTreeMap, fs, path::Path};

use super::*;

/// The bytes of every file below a directory, but those of the log file and of locks.
fn bytes(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            if !path.ends_with("log") {
                files.extend(bytes(&path));
            }
        } else if path.extension().is_none_or(|end| end != "lock" && end != "sock") {
            files.insert(path.clone(), fs::read(&path).expect("a file"));
        }
    }
    files
}

#[test]
fn a_key_of_a_newer_configuration_is_named_and_nothing_is_changed() {
    let place = Place::fresh();
    place.json(&["add", "lunch 650"]);
    let file = place.data.join("config.toml");
    fs::write(&file, "[screens]\ntheme = \"mono\"\nunheard-of = 1\n").expect("a file");
    let before = bytes(&place.data);
    let error = place.run(&["today", "--json"]).error(2);
    let message = error["message"].as_str().expect("a text");
    assert!(message.contains("unheard-of"), "{message}");
    assert_eq!(bytes(&place.data), before);
}

#[test]
fn a_newer_backend_is_refused_and_nothing_is_changed() {
    let place = Place::fresh();
    place.json(&["add", "lunch 650"]);
    fs::write(place.data.join("backend/version"), "99\n").expect("a file");
    let before = bytes(&place.data.join("backend"));
    let run = place.run(&["add", "dinner 400", "--json"]);
    assert_ne!(run.code, 0, "{run:?}");
    assert!(run.err.contains("newer version"), "{run:?}");
    assert_eq!(bytes(&place.data.join("backend")), before);
    // With the newer program, what was typed is sent.
    fs::write(place.data.join("backend/version"), "2\n").expect("a file");
    place.json(&["sync"]);
    assert_eq!(place.json(&["today"])["caloriesConsumed"], 1050);
}

#[test]
fn a_newer_session_counts_as_signed_out_and_stays() {
    let place = Place::fresh();
    fs::create_dir(&place.data).expect("a directory");
    fs::write(
        place.data.join("config.toml"),
        "[profiles.work]\ngraphql-endpoint = \"http://127.0.0.1:9/graphql\"\nregion = \"eu-west-1\"\n\
         user-pool-id = \"eu-west-1_AbC123\"\nclient-id = \"c\"\ncognito-endpoint = \"http://127.0.0.1:9\"\n",
    )
    .expect("a file");
    let session = place.data.join("session-work.json");
    let newer = r#"{"version":99,"username":"me","sub":"s","tokens":["a"]}"#;
    fs::write(&session, newer).expect("a file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&session, fs::Permissions::from_mode(0o600)).expect("a mode");
    }
    let error = place.run(&["--profile", "work", "today", "--json"]).error(3);
    assert_eq!(error["kind"], "signed_out");
    assert_eq!(fs::read_to_string(&session).expect("a file"), newer);
}
