//! A new box with a log in it.

use caltrack_domain::{Account, Activity, NewActivity};
use caltrack_local_backend::{WrittenLog, account::OWN_USERNAME, write_log};
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{
    EmbeddedError,
    account::{self, AccountProblem},
    room,
};
use caltrack_client::config::DataDir;

/// Why a new box can't be filled.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// The directory can't be used.
    #[error(transparent)]
    Box(#[from] EmbeddedError),
    /// The account's file can't be written.
    #[error(transparent)]
    Account(#[from] AccountProblem),
}

/// Creates the account on this computer in a new data directory, and its log: entries, and weights in kg.
///
/// # Errors
///
/// [`FillError`] if the directory can't be written, or has an account already.
pub async fn create_filled(
    data: &DataDir,
    entries: Vec<NewActivity>,
    weights: Vec<(Date, f64)>,
) -> Result<Account, FillError> {
    data.prepare().map_err(EmbeddedError::from)?;
    let account = Account {
        username: OWN_USERNAME.to_owned(),
        sub: uuid::Uuid::new_v4().to_string(),
    };
    account::create(data, &account.sub)?;
    let log = WrittenLog {
        owner: account.sub.clone(),
        entries: entries
            .into_iter()
            .filter_map(|new| row(new, &account.sub))
            .collect(),
        weights: weights
            .into_iter()
            .map(|(date, weight)| (date.to_string(), weight))
            .collect(),
    };
    let directory = data.backend();
    write_log(&directory, log)
        .await
        .map_err(|error| room::start_error(&directory, &error))?;
    Ok(account)
}

/// A new entry as the tables store it.
fn row(new: NewActivity, owner: &str) -> Option<Map<String, Value>> {
    let stored = Activity {
        id: new.id,
        owner: owner.to_owned(),
        entry: new.entry,
        rev: 1,
    };
    match serde_json::to_value(stored) {
        Ok(Value::Object(row)) => Some(row),
        // An entry is an object.
        Ok(_) | Err(_) => None,
    }
}
