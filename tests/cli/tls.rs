//! `serve` under TLS, with the real program at both ends.

use std::fs;

use super::{
    accounts::{PASSWORD, account, configured, desk},
    serving::Served,
    *,
};

/// Writes a self-signed certificate for loopback names, and its key.
fn certificate(place: &Place) -> (PathBuf, PathBuf) {
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
    let (certificate, key) = (
        place.parent.path().join("cert.pem"),
        place.parent.path().join("key.pem"),
    );
    fs::write(&certificate, made.cert.pem()).expect("a file");
    fs::write(&key, made.signing_key.serialize_pem()).expect("a file");
    (certificate, key)
}

#[test]
fn under_tls_clients_that_trust_the_certificate_use_https_and_wss() {
    let host = Place::fresh();
    let (certificate, key) = certificate(&host);
    let [certificate_text, key_text] = [&certificate, &key].map(|path| path.to_str().expect("a path"));
    let mut served = Served::start(&host, &["--tls-cert", certificate_text, "--tls-key", key_text]);
    let base = served.text("cognitoEndpoint").to_owned();
    assert!(base.starts_with("https://127.0.0.1:"), "{base}");
    assert_eq!(served.text("graphqlEndpoint"), format!("{base}/graphql"));
    let socket = base.replace("https", "wss");
    assert_eq!(
        served.text("realtimeEndpoint"),
        format!("{socket}/graphql/realtime")
    );

    let mut place = configured(&served);
    let stranger = desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD);
    assert_eq!(stranger.code, 4, "{}", stranger.err);
    place.trusted = Some(certificate);
    account(&place, &mut served, "ann");
    let run = desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(desk(&place, &["log", "Food", "Lunch", "650"], "").code, 0);
    assert!(desk(&place, &["today"], "").out.contains("consumed 650"));
    let doctor = desk(&place, &["doctor"], "");
    assert_eq!(doctor.code, 0, "{doctor:?}");
    assert!(doctor.out.contains("ok    live changes"), "{doctor:?}");
    assert!(doctor.out.contains(&socket), "{doctor:?}");
    // The socket file, for programs on the same directory, needs no TLS.
    assert!(host.run(&["today"]).out.contains("consumed 0"));
    assert_eq!(served.end("-TERM"), Some(0));
}
