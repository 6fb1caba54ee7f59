//! `config.toml` with any content.

use std::path::Path;

use super::{
    BackendKind, ProfileSettings,
    error::ConfigError,
    file::{File, parse},
    resolve::resolve,
    save::edit,
};

const NAME: &str = "work";

#[test]
fn any_configuration_is_read_or_refused_and_a_saved_profile_changes_nothing_else() {
    caltrack_fuzz::fuzz(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/config"), |bytes| {
        let Ok(text) = str::from_utf8(bytes) else { return };
        let path = Path::new("config.toml");
        let mut before = match parse(text, path) {
            Ok(file) => file,
            Err(ConfigError::Malformed { detail, .. }) => return assert!(!detail.is_empty()),
            Err(error) => panic!("{error}"),
        };
        for name in before.profiles.keys().chain(&before.profile) {
            if let Ok(found) = resolve(name.clone(), &before, path)
                && let BackendKind::Remote(endpoints) = found.backend
            {
                endpoints.check().expect("checked addresses");
            }
        }
        let (text, replaced) = edit(text, NAME, &settings()).expect("a file that can be read can be edited");
        let mut after = parse(&text, path).unwrap_or_else(|error| panic!("{error}: {text}"));
        let saved = after.profiles.remove(NAME).expect("the saved profile");
        assert_eq!(format!("{saved:?}"), format!("{:?}", settings()));
        assert_eq!(before.profiles.remove(NAME).is_some(), replaced);
        assert_eq!(shape(&before), shape(&after));
    });
}

fn shape(file: &File) -> String {
    format!("{file:?}")
}

fn settings() -> ProfileSettings {
    ProfileSettings {
        graphql_endpoint: "https://example.com/graphql".to_owned(),
        region: "eu-west-1".to_owned(),
        user_pool_id: Some("eu-west-1_A".to_owned()),
        client_id: Some("c".to_owned()),
        realtime_endpoint: None,
        cognito_endpoint: None,
        identity_endpoint: None,
        auth: None,
        identity_pool_id: None,
        aws_profile: None,
    }
}
