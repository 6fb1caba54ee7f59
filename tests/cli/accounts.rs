//! Commands about accounts, also of a program that signs in to the `serve` of another.

use super::{authenticators::expire, serving::Served, *};

pub(crate) const PASSWORD: &str = "Correct-Horse-7!";

/// A second directory with the first one's backend as the profile `desk`.
pub(crate) fn configured(served: &Served) -> Place {
    let place = Place::fresh();
    let run = place.run(&[
        "configure",
        "desk",
        "--graphql-endpoint",
        served.text("graphqlEndpoint"),
        "--cognito-endpoint",
        served.text("cognitoEndpoint"),
        "--user-pool-id",
        served.text("userPoolId"),
        "--client-id",
        served.text("userPoolClientId"),
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("--profile desk sign-in"), "{}", run.out);
    place
}

pub(crate) fn desk(place: &Place, arguments: &[&str], input: &str) -> Run {
    place.run_with(&[&["--profile", "desk"], arguments].concat(), input)
}

/// Creates and confirms an account.
pub(crate) fn account(place: &Place, served: &mut Served, user: &str) {
    let run = desk(place, &["sign-up", user, "--password-stdin"], PASSWORD);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains(&format!("confirm {user} CODE")), "{}", run.out);
    let code = served.code_of(user);
    let run = desk(place, &["confirm", user, &code], "");
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn a_program_signs_in_to_the_backend_of_another() {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let place = configured(&served);
    assert_eq!(desk(&place, &["today"], "").code, 3);
    account(&place, &mut served, "ann");
    let run = desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("ann on profile desk"), "{}", run.out);
    let logged = desk(&place, &["log", "Food", "Lunch", "650"], "");
    assert_eq!(logged.code, 0, "{}", logged.err);
    assert!(desk(&place, &["today"], "").out.contains("consumed 650"));
    assert_eq!(desk(&place, &["sign-out"], "").code, 0);
    assert_eq!(desk(&place, &["today"], "").code, 3);
    // The account on the host's computer is another user.
    assert!(host.run(&["today"]).out.contains("consumed 0"));
    assert_eq!(served.end("-TERM"), Some(0));
    assert_eq!(
        desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD).code,
        4
    );
}

#[test]
fn an_unconfirmed_account_is_reported_and_can_request_a_new_code() {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let place = configured(&served);
    assert_eq!(
        desk(&place, &["sign-up", "bo", "--password-stdin"], PASSWORD).code,
        0
    );
    let first = served.code_of("bo");
    let run = desk(&place, &["sign-in", "bo", "--password-stdin", "--json"], PASSWORD);
    assert_eq!(run.error(1)["kind"], "rejected");
    assert!(run.err.contains("confirm USER"), "{}", run.err);
    assert_eq!(desk(&place, &["confirm", "bo"], "").code, 0);
    let second = served.code_of("bo");
    assert_ne!(first, second);
    assert_eq!(desk(&place, &["confirm", "bo", &second], "").code, 0);
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn codes_of_the_box_are_in_the_file_that_the_command_names() {
    let place = Place::fresh();
    let run = place.run_with(&["sign-up", "cy", "--password-stdin"], PASSWORD);
    assert_eq!(run.code, 0, "{}", run.err);
    let file = place.data.join("backend").join("codes.jsonl");
    assert!(run.out.contains(&file.display().to_string()), "{}", run.out);
    let text = std::fs::read_to_string(file).expect("codes");
    let last: Value = serde_json::from_str(text.lines().last().expect("a code")).expect("JSON");
    assert_eq!(
        place
            .run(&["confirm", "cy", last["code"].as_str().expect("a code")])
            .code,
        0
    );
    assert_eq!(
        place
            .run_with(&["sign-in", "cy", "--password-stdin"], PASSWORD)
            .code,
        0
    );
}

#[test]
fn invalid_passwords_and_codes_are_rejected_with_advice() {
    let place = Place::fresh();
    let weak = place.run_with(&["sign-up", "dee", "--password-stdin", "--json"], "short");
    assert_eq!(weak.error(1)["kind"], "rejected");
    assert!(weak.err.contains("assword"), "{}", weak.err);
    let empty = place.run_with(&["sign-up", "dee", "--password-stdin"], "");
    assert_eq!(empty.code, 2, "{}", empty.err);
    let nowhere = place.run(&["sign-up", "dee"]);
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.err.contains("--password-stdin"), "{}", nowhere.err);
    assert_eq!(
        place
            .run_with(&["sign-up", "dee", "--password-stdin"], PASSWORD)
            .code,
        0
    );
    let wrong = place.run(&["confirm", "dee", "000000", "--json"]);
    assert_eq!(wrong.code, 1, "{}", wrong.err);
}

#[test]
fn a_profile_can_be_written_from_stack_outputs_and_from_amplifys_file() {
    let place = Place::fresh();
    let stack = r#"{"Stacks":[{"Outputs":[
        {"OutputKey":"GraphQLEndpoint","OutputValue":"https://abcdefghijklmnopqrstuvwxyz.appsync-api.eu-west-1.amazonaws.com/graphql"},
        {"OutputKey":"Region","OutputValue":"eu-west-1"},
        {"OutputKey":"UserPoolId","OutputValue":"eu-west-1_AbC123"},
        {"OutputKey":"UserPoolClientId","OutputValue":"client"}]}]}"#;
    let run = place.run_with(&["configure", "aws", "--stack-outputs", "-"], stack);
    assert_eq!(run.code, 0, "{}", run.err);
    let amplify = r#"{"auth":{"user_pool_id":"eu-west-1_AbC123","user_pool_client_id":"client","aws_region":"eu-west-1"},
        "data":{"url":"https://api.example.com/graphql","aws_region":"eu-west-1"}}"#;
    let run = place.run_with(&["configure", "amplify", "--amplify-outputs", "-"], amplify);
    assert_eq!(run.code, 0, "{}", run.err);
    let config = std::fs::read_to_string(place.data.join("config.toml")).expect("a file");
    assert!(
        config.contains("[profiles.aws]") && config.contains("[profiles.amplify]"),
        "{config}"
    );
    let two = r#"{"Stacks":[
        {"StackName":"test","Outputs":[{"OutputKey":"GraphQLEndpoint","OutputValue":"https://test.example.com/graphql"},
            {"OutputKey":"UserPoolId","OutputValue":"eu-west-1_Test"},{"OutputKey":"UserPoolClientId","OutputValue":"t"}]},
        {"StackName":"prod","Outputs":[{"OutputKey":"GraphQLEndpoint","OutputValue":"https://prod.example.com/graphql"},
            {"OutputKey":"UserPoolId","OutputValue":"eu-west-1_Prod"},{"OutputKey":"UserPoolClientId","OutputValue":"p"}]}]}"#;
    let run = place.run_with(&["configure", "which", "--stack-outputs", "-"], two);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("test, prod"), "{}", run.err);
    assert!(
        run.err
            .contains("next: choose one by `aws cloudformation describe-stacks --stack-name test`"),
        "{}",
        run.err
    );
    for (arguments, said) in [
        (&["aws"][..], "--user-pool-id is missing"),
        (&["local", "--stack-outputs", "-"], "another name"),
        (&["a/b", "--stack-outputs", "-"], "can't be a profile's name"),
        (
            &[
                "x",
                "--stack-outputs",
                "-",
                "--graphql-endpoint",
                "http://example.com/graphql",
            ],
            "unencrypted",
        ),
        (&["x", "--amplify-outputs", "-"], "neither `data` nor `auth`"),
        (&["x", "--stack-outputs", "no.json"], "no.json can't be read"),
    ] {
        let run = place.run_with(&[&["configure"], arguments].concat(), stack);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(said), "{arguments:?}: {}", run.err);
    }
    assert_eq!(
        std::fs::read_to_string(place.data.join("config.toml")).expect("a file"),
        config
    );
}

#[test]
fn a_forgotten_password_is_replaced_with_a_code() {
    const OTHER: &str = "Correct-Horse-8!";
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let place = configured(&served);
    account(&place, &mut served, "eve");
    let run = desk(&place, &["forgot-password", "eve"], "");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("forgot-password eve --code CODE"), "{}", run.out);
    let code = served.code_of("eve");
    let replace = [
        "forgot-password",
        "eve",
        "--code",
        code.as_str(),
        "--password-stdin",
    ];
    let run = desk(&place, &replace, OTHER);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(
        desk(&place, &["sign-in", "eve", "--password-stdin"], PASSWORD).code,
        1
    );
    assert_eq!(
        desk(&place, &["sign-in", "eve", "--password-stdin"], OTHER).code,
        0
    );
    assert_eq!(desk(&place, &replace, PASSWORD).code, 1, "a code is good once");
    // Other sessions continue, unless their end is requested.
    let there = configured(&served);
    let sign_in = desk(&there, &["sign-in", "eve", "--password-stdin"], OTHER);
    assert_eq!(sign_in.code, 0, "{}", sign_in.err);
    for everywhere in [false, true] {
        assert_eq!(desk(&place, &["forgot-password", "eve"], "").code, 0);
        let code = served.code_of("eve");
        let mut replace = vec![
            "forgot-password",
            "eve",
            "--code",
            code.as_str(),
            "--password-stdin",
        ];
        if everywhere {
            replace.push("--sign-out-everywhere");
        }
        let run = desk(&place, &replace, PASSWORD);
        assert_eq!(run.code, 0, "{}", run.err);
        assert_eq!(run.out.contains("every session"), everywhere, "{}", run.out);
        expire(&there);
        assert_eq!(desk(&there, &["today"], "").code, if everywhere { 3 } else { 0 });
    }
    let files = std::fs::read_dir(&place.data).expect("a directory");
    let sessions: Vec<String> = files
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("session-desk."))
        .filter(|name| !["session-desk.json", "session-desk.json.lock"].contains(&name.as_str()))
        .collect();
    assert_eq!(
        sessions,
        Vec::<String>::new(),
        "the session that ended the others"
    );
    let alone = desk(&place, &["forgot-password", "eve", "--sign-out-everywhere"], "");
    assert_eq!(alone.code, 2, "it needs a code: {}", alone.err);
    // The response for an unknown user is the same.
    let run = desk(&place, &["forgot-password", "nobody"], "");
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn a_client_of_the_port_can_neither_take_the_owners_name_nor_lock_it() {
    let host = Place::fresh();
    let served = Served::start(&host, &[]);
    let place = configured(&served);
    let taken = desk(&place, &["sign-up", "Me", "--password-stdin"], PASSWORD);
    assert_eq!(taken.code, 1, "{taken:?}");
    assert!(taken.err.contains("User already exists"), "{taken:?}");
    // The socket file allows creating the account.
    assert_eq!(host.run(&["today"]).code, 0);
    // Each wrong password extends the wait, so that one of them is sent too early.
    let guess = || desk(&place, &["sign-in", "me", "--password-stdin"], PASSWORD);
    let early = (0..20)
        .map(|_| guess())
        .find(|run| !run.err.contains("Incorrect username or password"));
    assert!(early.is_some_and(|run| run.code != 0), "no lock-out");
    assert_eq!(host.run(&["sign-out"]).code, 0);
    let back = host.run(&["sign-in"]);
    assert_eq!(back.code, 0, "{back:?}");
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn a_code_that_can_t_be_written_is_reported_and_a_retry_works() {
    let place = Place::fresh();
    let codes = place.data.join("backend").join("codes.jsonl");
    std::fs::create_dir_all(&codes).expect("a directory");
    let sign_up = ["sign-up", "fay", "--password-stdin", "--json"];
    for run in [
        place.run_with(&sign_up, PASSWORD),
        place.run(&["today", "--json"]),
    ] {
        let error = run.error(1);
        assert_eq!(error["kind"], "busy");
        let message = error["message"].as_str().expect("a message");
        assert!(message.contains("not a regular file"), "{error}");
        assert!(message.contains("nothing was changed"), "{error}");
    }
    std::fs::remove_dir(&codes).expect("a directory");
    assert_eq!(place.run_with(&sign_up, PASSWORD).code, 0);
    assert!(place.run(&["today"]).out.contains("consumed 0"));
}
