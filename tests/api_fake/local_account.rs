//! The account on this computer, when the user pool rejects its sign-in.

use caltrack_client::{api::ApiError, config::DataDir};
use caltrack_tui::embedded::{AccountProblem, StoredAccount, open_account, stored_account, with_account};
use serde_json::{Value, json};

use crate::fake::{Fake, SUB, soon};

fn pool_error(kind: &str, message: &str) -> (u16, Value) {
    (400, json!({"__type": kind, "message": message}))
}

/// A data directory whose account has signed in before.
fn ready(fake: &Fake) -> DataDir {
    let data = DataDir::new(fake.dir.path().to_owned());
    let stored = json!({"username": "me", "password": "Correct-Horse-7!", "ready": true, "sub": SUB});
    std::fs::write(data.account(), stored.to_string()).unwrap();
    data
}

/// The stored password is right, and only time is needed.
#[tokio::test]
async fn a_locked_account_is_not_reported_as_a_lost_password() {
    let locked = || pool_error("NotAuthorizedException", "Password attempts exceeded");
    let wrong = || pool_error("NotAuthorizedException", "Incorrect username or password.");
    let taken = || pool_error("UsernameExistsException", "User already exists");
    for (answers, lost) in [
        (vec![locked()], false),
        (vec![wrong(), taken(), locked()], false),
        (vec![wrong(), taken(), wrong()], true),
    ] {
        let fake = Fake::start();
        let data = ready(&fake);
        fake.script().pool_answers.extend(answers);
        let problem = soon(open_account(&fake.client(), &data)).await.unwrap_err();
        match problem {
            AccountProblem::Api(ApiError::Locked) => assert!(!lost),
            AccountProblem::PasswordLost(_) => assert!(lost),
            other => panic!("{other}"),
        }
        assert!(fake.script().pool_answers.is_empty());
        assert_eq!(stored_account(&data), StoredAccount::Ready);
    }
}

/// A password that was just generated for an existing user can't be the right one.
#[tokio::test]
async fn a_password_that_was_never_the_accounts_is_reported_as_lost_and_not_stored() {
    for answer in ["Password attempts exceeded", "Incorrect username or password."] {
        let fake = Fake::start();
        let data = DataDir::new(fake.dir.path().to_owned());
        fake.script().pool_answers.extend([
            pool_error("UsernameExistsException", "User already exists"),
            pool_error("NotAuthorizedException", answer),
        ]);
        let problem = soon(open_account(&fake.client(), &data)).await.unwrap_err();
        assert!(matches!(problem, AccountProblem::PasswordLost(_)), "{problem}");
        assert!(problem.advice().contains("`caltrack-tui forgot-password me`"));
        assert_eq!(stored_account(&data), StoredAccount::Absent);
    }
}

#[tokio::test]
async fn the_session_of_a_locked_account_is_kept() {
    let fake = Fake::start();
    let data = ready(&fake);
    std::fs::write(fake.session_file().path(), "{").unwrap();
    let client = with_account(&fake.client(), &data);
    let locked = pool_error("NotAuthorizedException", "Password attempts exceeded");
    fake.script().pool_answers.push_back(locked);
    assert_eq!(soon(client.categories()).await.unwrap_err(), ApiError::Locked);
    let account = client.account().unwrap();
    assert_eq!((account.username.as_str(), account.sub.as_str()), ("me", SUB));
}
