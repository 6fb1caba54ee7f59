//! The first sign-in of users that an administrator created, by command and on the screens.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use caltrack_local_backend::sigv4::KeyPair;
use serde_json::json;

use super::{
    accounts::{configured, desk},
    serving::Served,
    signer::Request,
    terminal::Program,
    *,
};

const GIVEN: &str = "Given-By-Boss-1!";
const OWN: &str = "Correct-Horse-7!";

/// Creates a user with a call that is signed with the exposed key.
fn make(served: &Served, user: &str) {
    let key = KeyPair::at(served.text("credentialsFile").as_ref()).expect("a key");
    let body = json!({ "UserPoolId": served.text("userPoolId"), "Username": user, "TemporaryPassword": GIVEN,
        "MessageAction": "SUPPRESS" });
    let address = served.address();
    let request = Request::new(address.parse().expect("an address"), "/", body.to_string())
        .with("content-type", "application/x-amz-json-1.1")
        .with(
            "x-amz-target",
            "AWSCognitoIdentityProviderService.AdminCreateUser",
        )
        .signed(&key, "cognito-idp");
    let mut stream = TcpStream::connect(address).expect("it answers");
    stream.write_all(request.to_http().as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    assert!(answer.contains("FORCE_CHANGE_PASSWORD"), "{answer}");
}

fn sign_in(place: &Place, user: &str, lines: &str) -> Run {
    desk(place, &["sign-in", user, "--password-stdin"], lines)
}

#[test]
fn a_command_reads_the_new_password_from_the_next_line() {
    let host = Place::fresh();
    let served = Served::start(&host, &["--expose-aws"]);
    let place = configured(&served);
    make(&served, "bo");
    let none = sign_in(&place, "bo", GIVEN);
    assert_eq!(none.code, 2, "{none:?}");
    assert!(none.err.contains("the password is empty"), "{none:?}");
    let weak = sign_in(&place, "bo", &format!("{GIVEN}\nshort\n"));
    assert_eq!(weak.code, 1, "{weak:?}");
    assert!(weak.err.contains("not long enough"), "{weak:?}");
    assert_eq!(desk(&place, &["whoami"], "").code, 3);

    let done = sign_in(&place, "bo", &format!("{GIVEN}\n{OWN}\n"));
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains("bo on profile desk"), "{done:?}");
    assert_eq!(desk(&place, &["log", "Food", "Lunch", "650"], "").code, 0);
    assert_eq!(sign_in(&place, "bo", GIVEN).code, 1);
    assert_eq!(sign_in(&place, "bo", OWN).code, 0);
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn without_standard_input_a_command_advises_how_to_give_the_new_password() {
    let host = Place::fresh();
    let served = Served::start(&host, &["--expose-aws"]);
    let place = configured(&served);
    make(&served, "bo");
    let output = place
        .command(&["--profile", "desk", "sign-in", "bo"])
        .env("CALTRACK_PASSWORD", GIVEN)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("--password-stdin"), "{err}");
    assert!(!err.contains(GIVEN), "{err}");
    // The variable has the administrator's password, so it isn't used for the new one.
    assert_eq!(sign_in(&place, "bo", &format!("{GIVEN}\n{OWN}\n")).code, 0);
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn screens_ask_for_a_new_password_and_sign_in_with_it() {
    let host = Place::fresh();
    let served = Served::start(&host, &["--expose-aws"]);
    let place = configured(&served);
    make(&served, "bo");
    let mut screens = Program::start(&place.data, &["--profile", "desk"], 80, 24);
    screens.wait_for("Sign in");
    screens.press("s");
    screens.wait_for("User name");
    screens.press(&format!("bo\r{GIVEN}\r"));
    screens.wait_for("Choose a password");
    screens.press("short\r");
    screens.wait_for("enough; change it");
    // The typed password remains for correction.
    screens.press(&format!("\u{15}{OWN}\r"));
    screens.wait_for("live");
    assert_eq!(sign_in(&configured(&served), "bo", OWN).code, 0);
    assert_eq!(served.end("-TERM"), Some(0));
}
