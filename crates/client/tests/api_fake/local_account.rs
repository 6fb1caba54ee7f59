//! Automatic sign-in of the account on this computer when its session has ended.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use caltrack_client::api::{ApiError, LocalAccount, SessionFile};
use caltrack_domain::Account;
use futures_util::future::BoxFuture;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::fake::{Fake, SUB, soon, token};

fn no_categories() -> Value {
    json!({"data": {"listActivityCategories": {"items": [], "nextToken": null}}})
}

/// Signs in by writing a session file.
#[derive(Debug)]
struct WritesSession {
    file: SessionFile,
    opened: AtomicUsize,
    failure: Option<ApiError>,
}

impl WritesSession {
    fn new(fake: &Fake, failure: Option<ApiError>) -> Arc<Self> {
        Arc::new(Self {
            file: fake.session_file(),
            opened: AtomicUsize::new(0),
            failure,
        })
    }
}

impl LocalAccount for WritesSession {
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
            // Lets the other calls run.
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
async fn concurrent_calls_sign_in_once() {
    for damaged in [false, true] {
        let fake = Fake::start();
        fake.signed_in_for(10);
        if damaged {
            std::fs::write(fake.session_file().path(), "{").unwrap();
        }
        fake.script().refresh = "another".to_owned();
        fake.script().valid = token(7);
        let account = WritesSession::new(&fake, None);
        let client = fake.client().with_local_account(account.clone());
        for _ in 0..4 {
            fake.will_answer(200, no_categories());
        }
        let calls = (0..4).map(|_| client.categories());
        for result in soon(futures_util::future::join_all(calls)).await {
            result.unwrap();
        }
        assert_eq!(account.opened.load(Ordering::Relaxed), 1);
    }
}

#[tokio::test]
async fn the_file_of_an_ended_session_remains_until_it_is_replaced() {
    let fake = Fake::start();
    fake.signed_in_for(10);
    fake.script().refresh = "another".to_owned();
    let before = std::fs::read(fake.session_file().path()).unwrap();
    let client = fake
        .client()
        .with_local_account(WritesSession::new(&fake, Some(ApiError::Locked)));
    assert_eq!(soon(client.categories()).await.unwrap_err(), ApiError::Locked);
    assert_eq!(std::fs::read(fake.session_file().path()).unwrap(), before);
}

#[tokio::test]
async fn a_sign_out_that_can_t_be_stored_keeps_the_session() {
    let fake = Fake::start();
    fake.signed_in_for(3_000);
    let client = fake.client().with_local_account(WritesSession::new(&fake, None));
    assert_eq!(
        soon(client.sign_out()).await.unwrap_err().kind().name(),
        "storage"
    );
    assert!(fake.session_file().account().is_some());
    assert!(fake.script().revoked.is_empty());
}
