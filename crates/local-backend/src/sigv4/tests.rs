//! The verifier against signatures of botocore, and against requests that AWS's signing crate signs.

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use caltrack_local_core::authenticator::{SignatureError, Signed};
use jiff::Timestamp;
use rstest::rstest;

use super::{authorization::Authorization, *};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const APPSYNC_HOST: &str = "abcdefghijklmnopqrstuvwxyz.appsync-api.eu-west-1.amazonaws.com";
const DATE: &str = "20260307T080509Z";
const REALTIME: [(&str, &str); 3] = [
    ("accept", "application/json, text/javascript"),
    ("content-encoding", "amz-1.0"),
    ("content-type", "application/json; charset=UTF-8"),
];
const PLAIN: [(&str, &str); 1] = [("content-type", "application/json")];

fn now() -> Timestamp {
    "2026-03-07T08:05:09Z".parse().unwrap()
}

/// Computed by botocore 1.43.11, by aws-sigv4 1.6.4 and by hand, with equal results.
#[rstest]
#[case("/graphql/connect", "{}", &REALTIME, None, "de22484ac41be76f67548b15908b1e4d154c1a0378075299bf825bf7a9f0b2ad")]
#[case("/graphql/connect", "{}", &REALTIME, Some("TOKENEXAMPLE"), "c9fbc552a5e81aefef5a9e134c81711f2874122d3409851ca0243e2d0f9cb5f2")]
#[case("/graphql", r#"{"query":"subscription S { onX { id } }","variables":{}}"#, &REALTIME, Some("TOKENEXAMPLE"), "a71b619ba8510e287916d6b3f660cadfbd599b0fd3885b5ebc91340b5e30477e")]
#[case("/graphql", r#"{"query":"mutation M { m { id } }"}"#, &PLAIN, Some("TOKENEXAMPLE"), "f19108304d82193ad6359a20ec8cc3f8177baee65db769a27e22ad29558d183d")]
fn the_signature_equals_that_of_other_signers(
    #[case] path: &str,
    #[case] body: &str,
    #[case] constant: &[(&str, &str)],
    #[case] token: Option<&str>,
    #[case] expected: &str,
) {
    let mut headers = vec![("Host", APPSYNC_HOST), ("X-Amz-Date", DATE)];
    headers.extend(constant);
    headers.extend(token.map(|token| ("X-Amz-Security-Token", token)));
    let mut names: Vec<String> = headers
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    names.sort();
    // A header that is not signed doesn't change the signature.
    headers.push(("user-agent", "any"));
    let text = format!(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260307/eu-west-1/appsync/aws4_request, SignedHeaders={}, Signature=00",
        names.join(";")
    );
    let request = Signed {
        method: "POST",
        path,
        headers: &headers,
        body: body.as_bytes(),
    };
    let found = super::verify::signature(
        &KeyPair::new("AKIDEXAMPLE", SECRET),
        &Authorization::parse(&text, true).unwrap(),
        (DATE, now().into()),
        &request,
    );
    assert_eq!(found.as_deref(), Some(expected));
}

fn keyring() -> Keyring {
    Keyring::of_aggregator(KeyPair::new("AKIDEXAMPLE", SECRET))
        .exposing(KeyPair::new("AKIDEXPOSED", "another"))
}

/// A signed request, whose parts a test can change.
struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    fn signed(key: &KeyPair, region: &str, service: &str) -> Self {
        let (path, body) = ("/?b=%20&a=1", r#"{"TableName":"x"}"#);
        let mut headers = vec![
            ("host".to_owned(), "127.0.0.1:4000".to_owned()),
            ("content-type".to_owned(), "application/x-amz-json-1.0".to_owned()),
            ("x-amz-target".to_owned(), "DynamoDB_20120810.GetItem".to_owned()),
        ];
        let identity: Identity =
            Credentials::new(key.access_key_id(), key.secret(), None, None, "test").into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(service)
            .time(now().into())
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let url = format!("http://127.0.0.1:4000{path}");
        let given = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let signable =
            SignableRequest::new("POST", url, given, SignableBody::Bytes(body.as_bytes())).unwrap();
        let (instructions, _) = sign(signable, &params).unwrap().into_parts();
        let added: Vec<(String, String)> = instructions
            .headers()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        headers.extend(added);
        Self {
            method: "POST".to_owned(),
            path: path.to_owned(),
            headers,
            body: body.to_owned(),
        }
    }

    fn good() -> Self {
        Self::signed(&KeyPair::new("AKIDEXAMPLE", SECRET), "us-east-1", "dynamodb")
    }

    fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(found, _)| found != name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    fn replace(&mut self, name: &str, from: &str, to: &str) {
        let value = self.get(name).replace(from, to);
        assert_ne!(value, self.get(name), "{from} is not in {name}");
        self.set(name, &value);
    }

    fn get(&self, name: &str) -> String {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .unwrap()
            .1
            .clone()
    }

    fn verify_at(&self, now: Timestamp) -> Result<Principal, SignatureError> {
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let request = Signed {
            method: &self.method,
            path: &self.path,
            headers: &headers,
            body: self.body.as_bytes(),
        };
        verify(&request, Service::DynamoDb, &keyring(), now)
    }

    fn verify(&self) -> Result<Principal, SignatureError> {
        self.verify_at(now())
    }
}

#[test]
fn a_signed_request_has_the_principal_of_its_key_and_unsigned_headers_do_not_matter() {
    let mut request = Request::good();
    assert_eq!(request.verify(), Ok(Principal::Aggregator));
    request.set("user-agent", "x");
    request.set("accept-encoding", "identity");
    assert_eq!(request.verify(), Ok(Principal::Aggregator));
    let exposed = KeyPair::new("AKIDEXPOSED", "another");
    let request = Request::signed(&exposed, "us-east-1", "dynamodb");
    assert_eq!(request.verify(), Ok(Principal::Exposed));
}

/// Each change to a signed request, and the kind of the error.
#[rstest]
#[case::no_authorization(|r: &mut Request| r.headers.retain(|(name, _)| name != "authorization"), "MissingAuthenticationTokenException")]
#[case::an_empty_authorization(|r: &mut Request| r.set("authorization", ""), "MissingAuthenticationTokenException")]
#[case::a_token(|r: &mut Request| r.set("authorization", "Bearer a.b.c"), "IncompleteSignatureException")]
#[case::another_algorithm(|r: &mut Request| r.replace("authorization", "SHA256", "SHA1"), "IncompleteSignatureException")]
#[case::the_asymmetric_algorithm(|r: &mut Request| r.replace("authorization", "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), "IncompleteSignatureException")]
#[case::no_credential(|r: &mut Request| r.replace("authorization", "Credential=", "X="), "IncompleteSignatureException")]
#[case::a_short_credential(|r: &mut Request| r.replace("authorization", "/aws4_request", ""), "IncompleteSignatureException")]
#[case::a_second_signature(|r: &mut Request| r.replace("authorization", "Signature=", "Signature=0, Signature="), "IncompleteSignatureException")]
#[case::no_date(|r: &mut Request| r.headers.retain(|(name, _)| name != "x-amz-date"), "IncompleteSignatureException")]
#[case::a_malformed_date(|r: &mut Request| r.set("x-amz-date", "2026-03-07T08:05:09Z"), "IncompleteSignatureException")]
#[case::a_date_that_was_not_signed(|r: &mut Request| r.replace("authorization", "x-amz-date;", ""), "InvalidSignatureException")]
#[case::a_host_that_was_not_signed(|r: &mut Request| r.replace("authorization", "host;", ""), "InvalidSignatureException")]
#[case::an_unknown_key(|r: &mut Request| r.replace("authorization", "AKIDEXAMPLE", "AKIDUNKNOWN"), "UnrecognizedClientException")]
#[case::a_session_token(|r: &mut Request| r.set("x-amz-security-token", "t"), "UnrecognizedClientException")]
#[case::anothers_key_id(|r: &mut Request| r.replace("authorization", "AKIDEXAMPLE", "AKIDEXPOSED"), "InvalidSignatureException")]
#[case::another_region(|r: &mut Request| r.replace("authorization", "us-east-1", "eu-west-1"), "InvalidSignatureException")]
#[case::another_service(|r: &mut Request| r.replace("authorization", "/dynamodb/", "/appsync/"), "InvalidSignatureException")]
#[case::another_day(|r: &mut Request| r.replace("authorization", "/20260307/", "/20260306/"), "InvalidSignatureException")]
#[case::another_terminator(|r: &mut Request| r.replace("authorization", "aws4_request", "aws5_request"), "InvalidSignatureException")]
#[case::another_second(|r: &mut Request| r.set("x-amz-date", "20260307T080510Z"), "InvalidSignatureException")]
#[case::two_dates(|r: &mut Request| r.headers.push(("x-amz-date".into(), "20260307T080510Z".into())), "InvalidSignatureException")]
#[case::another_target(|r: &mut Request| r.set("x-amz-target", "DynamoDB_20120810.PutItem"), "InvalidSignatureException")]
#[case::a_second_target(|r: &mut Request| r.headers.push(("x-amz-target".into(), "DynamoDB_20120810.PutItem".into())), "InvalidSignatureException")]
#[case::no_target(|r: &mut Request| r.headers.retain(|(name, _)| name != "x-amz-target"), "InvalidSignatureException")]
#[case::no_host(|r: &mut Request| r.headers.retain(|(name, _)| name != "host"), "InvalidSignatureException")]
#[case::another_host(|r: &mut Request| r.set("host", "localhost:4000"), "InvalidSignatureException")]
#[case::another_body(|r: &mut Request| r.body.push(' '), "InvalidSignatureException")]
#[case::a_body_declared_as_unsigned(|r: &mut Request| { r.set("x-amz-content-sha256", "UNSIGNED-PAYLOAD"); r.body.push(' '); }, "InvalidSignatureException")]
#[case::no_body(|r: &mut Request| r.body.clear(), "InvalidSignatureException")]
#[case::another_path(|r: &mut Request| r.path = "/graphql?b=%20&a=1".into(), "InvalidSignatureException")]
#[case::another_query(|r: &mut Request| r.path = "/?b=%20&a=2".into(), "InvalidSignatureException")]
#[case::another_method(|r: &mut Request| r.method = "GET".into(), "InvalidSignatureException")]
#[case::fewer_signed_headers(|r: &mut Request| r.replace("authorization", "content-type;", ""), "InvalidSignatureException")]
#[case::a_shorter_signature(|r: &mut Request| { let all = r.get("authorization"); r.set("authorization", &all[..all.len() - 1]); }, "InvalidSignatureException")]
#[case::no_signature(|r: &mut Request| { let all = r.get("authorization"); r.set("authorization", &all[..all.len() - 64]); }, "InvalidSignatureException")]
fn a_request_that_differs_from_the_signed_one_is_rejected(
    #[case] change: fn(&mut Request),
    #[case] kind: &str,
) {
    let mut request = Request::good();
    change(&mut request);
    assert_eq!(request.verify().unwrap_err().kind(), kind);
}

#[test]
fn a_presigned_url_is_rejected() {
    let mut request = Request::good();
    let authorization = request.get("authorization");
    let (_, signature) = authorization.rsplit_once('=').unwrap();
    request.path = format!(
        "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260307%2Fus-east-1%2Fdynamodb%2Faws4_request\
         &X-Amz-Date={DATE}&X-Amz-Expires=300&X-Amz-SignedHeaders=host&X-Amz-Signature={signature}"
    );
    request.headers.retain(|(name, _)| name != "authorization");
    assert_eq!(request.verify(), Err(SignatureError::Missing));
}

#[test]
fn a_signature_is_valid_for_five_minutes_before_and_after_its_date() {
    let request = Request::good();
    for (seconds, expected) in [
        (
            -301,
            Err(
                "Signature not yet current: 20260307T080509Z is still later than 20260307T080508Z (20260307T080008Z + 5 min.)",
            ),
        ),
        (-300, Ok(Principal::Aggregator)),
        (300, Ok(Principal::Aggregator)),
        (
            301,
            Err(
                "Signature expired: 20260307T080509Z is now earlier than 20260307T080510Z (20260307T081010Z - 5 min.)",
            ),
        ),
    ] {
        let found = request.verify_at(now() + jiff::SignedDuration::from_secs(seconds));
        assert_eq!(
            found.map_err(|error| error.to_string()),
            expected.map_err(str::to_owned),
            "{seconds}"
        );
    }
}

#[test]
fn a_key_file_is_made_once_for_its_owner_only_and_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("aws.credentials");
    let first = KeyPair::at(&path).unwrap();
    assert_eq!(KeyPair::at(&path).unwrap(), first);
    assert_eq!((first.access_key_id().len(), first.secret().len()), (20, 40));
    assert_ne!(KeyPair::at(&directory.path().join("other")).unwrap(), first);
    assert!(!format!("{first:?}").contains(first.secret()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(KeyPair::at(&path).unwrap(), first);
        assert_eq!(mode(), 0o600);
    }
}

#[test]
fn a_key_file_without_keys_is_an_error_and_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("aws.credentials");
    for text in [
        "",
        "[default]\naws_access_key_id = A\n",
        "[other]\naws_access_key_id=A\naws_secret_access_key=B\n",
    ] {
        std::fs::write(&path, text).unwrap();
        let error = KeyPair::at(&path).unwrap_err();
        assert!(matches!(error, KeyFileError::Damaged { .. }), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    std::fs::write(
        &path,
        "[x]\naws_access_key_id=Z\n[default]\n aws_access_key_id=A\naws_secret_access_key = B=\n",
    )
    .unwrap();
    assert_eq!(KeyPair::at(&path).unwrap(), KeyPair::new("A", "B="));
}
