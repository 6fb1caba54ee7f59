//! The account on this computer where its session ends, and what the user pool refuses it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use caltrack_client::{
    api::{Account, ApiError, LocalAccount, SessionFile},
    config::DataDir,
};
use caltrack_tui::embedded::{AccountProblem, KeptAccount, kept_account, open_account, with_account};
use futures_util::future::BoxFuture;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::fake::{Fake, SUB, soon, token};

fn no_categories() -> Value {
    json!({"data": {"listActivityCategories": {"items": [], "nextToken": null}}})
}

/// Opens a session by writing one down.
#[derive(Debug)]
struct Keeper {
    file: SessionFile,
    opened: AtomicUsize,
    failure: Option<ApiError>,
}

impl Keeper {
    fn of(fake: &Fake, failure: Option<ApiError>) -> Arc<Self> {
        Arc::new(Self {
            file: fake.session_file(),
            opened: AtomicUsize::new(0),
            failure,
        })
    }
}

impl LocalAccount for Keeper {
    fn account(&self) -> Option<Account> {
        Some(Account {
            username: "ada".to_owned(),
            sub: SUB.to_owned(),
        })
    }

    fn reopen<'a>(&'a self, _last: Option<&'a Account>) -> BoxFuture<'a, Result<bool, ApiError>> {
        Box::pin(async {
            self.opened.fetch_add(1, Ordering::Relaxed);
            if let Some(failure) = &self.failure {
                return Err(failure.clone());
            }
            // Others come in meanwhile.
            tokio::task::yield_now().await;
            let session = json!({"version": 1, "username": "ada", "sub": SUB, "access_token": token(7),
                "refresh_token": "refresh-7", "lifetime": 3600,
                "expires": jiff::Timestamp::now().as_second() + 3_600});
            std::fs::write(self.file.path(), session.to_string()).unwrap();
            Ok(true)
        })
    }

    fn keep_password(&self, _username: &str, _password: &SecretString) -> Result<(), ApiError> {
        Ok(())
    }

    fn signed_in(&self, _account: &Account) -> Result<(), ApiError> {
        Ok(())
    }

    fn signing_out(&self) -> Result<(), ApiError> {
        Err(ApiError::Storage("the disk is full".to_owned()))
    }
}

#[tokio::test]
async fn calls_that_find_the_session_ended_open_one_between_them() {
    for damaged in [false, true] {
        let fake = Fake::start();
        fake.signed_in_for(10);
        if damaged {
            std::fs::write(fake.session_file().path(), "{").unwrap();
        }
        fake.script().refresh = "another".to_owned();
        fake.script().valid = token(7);
        let keeper = Keeper::of(&fake, None);
        let client = fake.client().with_local_account(keeper.clone());
        for _ in 0..4 {
            fake.will_answer(200, no_categories());
        }
        let calls = (0..4).map(|_| client.categories());
        for result in soon(futures_util::future::join_all(calls)).await {
            result.unwrap();
        }
        assert_eq!(keeper.opened.load(Ordering::Relaxed), 1);
    }
}

#[tokio::test]
async fn the_last_sessions_file_stays_until_there_is_another() {
    let fake = Fake::start();
    fake.signed_in_for(10);
    fake.script().refresh = "another".to_owned();
    let before = std::fs::read(fake.session_file().path()).unwrap();
    let client = fake
        .client()
        .with_local_account(Keeper::of(&fake, Some(ApiError::Locked)));
    assert_eq!(soon(client.categories()).await.unwrap_err(), ApiError::Locked);
    assert_eq!(std::fs::read(fake.session_file().path()).unwrap(), before);
}

#[tokio::test]
async fn a_sign_out_that_can_t_be_remembered_is_none() {
    let fake = Fake::start();
    fake.signed_in_for(3_000);
    let client = fake.client().with_local_account(Keeper::of(&fake, None));
    assert_eq!(soon(client.sign_out()).await.unwrap_err().kind(), "storage");
    assert!(fake.session_file().account().is_some());
    assert!(fake.script().revoked.is_empty());
}

fn refusal(kind: &str, message: &str) -> (u16, Value) {
    (400, json!({"__type": kind, "message": message}))
}

/// A data directory whose account has signed in before.
fn ready(fake: &Fake) -> DataDir {
    let data = DataDir::new(fake.dir.path().to_owned());
    let stored = json!({"username": "me", "password": "Correct-Horse-7!", "ready": true, "sub": SUB});
    std::fs::write(data.account(), stored.to_string()).unwrap();
    data
}

/// However often: the password on file is right, and only time is needed.
#[tokio::test]
async fn too_many_tries_are_waited_for_and_the_password_is_not_called_lost() {
    let locked = || refusal("NotAuthorizedException", "Password attempts exceeded");
    let wrong = || refusal("NotAuthorizedException", "Incorrect username or password.");
    let taken = || refusal("UsernameExistsException", "User already exists");
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
        assert_eq!(kept_account(&data), KeptAccount::Ready);
    }
}

/// A password that was just generated for a name that is taken can't be the account's, however long it waits.
#[tokio::test]
async fn a_password_that_was_never_the_accounts_is_called_lost_and_not_kept() {
    for answer in ["Password attempts exceeded", "Incorrect username or password."] {
        let fake = Fake::start();
        let data = DataDir::new(fake.dir.path().to_owned());
        fake.script().pool_answers.extend([
            refusal("UsernameExistsException", "User already exists"),
            refusal("NotAuthorizedException", answer),
        ]);
        let problem = soon(open_account(&fake.client(), &data)).await.unwrap_err();
        assert!(matches!(problem, AccountProblem::PasswordLost(_)), "{problem}");
        assert!(problem.advice().contains("`caltrack-tui forgot-password me`"));
        assert_eq!(kept_account(&data), KeptAccount::Absent);
    }
}

/// The session of an account that has to wait is kept, and so is the account.
#[tokio::test]
async fn a_session_that_ended_while_the_account_has_to_wait_is_opened_later() {
    let fake = Fake::start();
    let data = ready(&fake);
    std::fs::write(fake.session_file().path(), "{").unwrap();
    let client = with_account(&fake.client(), &data);
    let locked = refusal("NotAuthorizedException", "Password attempts exceeded");
    fake.script().pool_answers.push_back(locked);
    assert_eq!(soon(client.categories()).await.unwrap_err(), ApiError::Locked);
    let account = client.account().unwrap();
    assert_eq!((account.username.as_str(), account.sub.as_str()), ("me", SUB));
}
