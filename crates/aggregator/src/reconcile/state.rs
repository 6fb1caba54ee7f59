//! Where a reconciliation has come to, in a file, so that it goes on where it was stopped.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};

use super::{Finding, Scope, reading::Reading, survey::Survey};

/// Where a reconciliation has come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// What it is about.
    pub scope: Scope,
    /// Whether it repairs. A report that went on from a repair's readings would write.
    pub repair: bool,
    /// How far it is.
    pub stage: Stage,
    /// What became of the suspects so far.
    pub findings: Vec<Finding>,
}

/// How far a reconciliation is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Both tables are scanned.
    Survey(Survey),
    /// Suspects, last first, to be read for the first time; and the drifts among those that were.
    First(Vec<(String, String)>, Vec<Reading>),
    /// Drifts, last first, to be read for the second time.
    Second(Vec<Reading>),
    /// Nothing is left.
    Done,
}

/// A state file that is none, or one of something else.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// It can't be read or written.
    #[error("{0}: {1}")]
    File(String, #[source] io::Error),
    /// Its content is no state.
    #[error("{0} is no state of a reconciliation ({1}); name another with --state, or remove it")]
    Malformed(String, String),
    /// It is about other tables, another user or day.
    #[error("{0} belongs to a reconciliation of something else; name another with --state, or remove it")]
    Foreign(String),
    /// It repairs, and only a report is asked for.
    #[error(
        "{0} belongs to a repair that was stopped; go on with --repair, or name another with --state for a report"
    )]
    Repairs(String),
    /// It reports, and a repair is asked for.
    #[error(
        "{0} belongs to a report that was stopped; go on without --repair, or name another with --state for a repair"
    )]
    Reports(String),
}

/// The state kept in `path`, if there is one.
///
/// # Errors
///
/// [`StateError`]; nothing is overwritten that isn't this reconciliation's.
pub fn load(path: &Path, scope: &Scope, repair: bool) -> Result<Option<State>, StateError> {
    let name = || path.display().to_string();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StateError::File(name(), error)),
    };
    let state: State =
        serde_json::from_str(&text).map_err(|error| StateError::Malformed(name(), error.to_string()))?;
    if state.scope != *scope {
        return Err(StateError::Foreign(name()));
    }
    match (state.repair, repair) {
        (true, false) => Err(StateError::Repairs(name())),
        (false, true) => Err(StateError::Reports(name())),
        _ => Ok(Some(state)),
    }
}

/// Keeps a state: whole or not at all.
///
/// # Errors
///
/// [`StateError::File`].
pub fn save(path: &Path, state: &State) -> Result<(), StateError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let failed = |error| StateError::File(path.display().to_string(), error);
    let text = serde_json::to_vec(state).map_err(|error| failed(io::Error::other(error)))?;
    fs::write(&beside, text).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)
}

/// Forgets a state: its work is done.
///
/// # Errors
///
/// [`StateError::File`].
pub fn remove(path: &Path) -> Result<(), StateError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StateError::File(path.display().to_string(), error))
        }
        _ => Ok(()),
    }
}
