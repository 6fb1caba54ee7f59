//! The state file: a stopped reconciliation resumes from it.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};

use super::{Scope, finding::Finding, reading::Reading, survey::Survey};

/// The progress of a reconciliation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedState {
    /// The rows it covers.
    pub scope: Scope,
    /// Whether it repairs. A report that went on from a repair's readings would write.
    pub repair: bool,
    /// The step at which the work resumes.
    pub stage: Stage,
    /// The findings so far.
    pub findings: Vec<Finding>,
}

/// The steps of a reconciliation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Both tables are scanned.
    Survey(Survey),
    /// Suspects, last first, to be read for the first time; and the drifts among those that were.
    First(Vec<(String, String)>, Vec<Reading>),
    /// Drifts, last first, to be read for the second time.
    Second(Vec<Reading>),
    /// Every day is examined and reported.
    Done,
}

/// A state file that isn't valid, or that belongs to another reconciliation.
#[derive(Debug, thiserror::Error)]
pub enum SavedStateError {
    /// It can't be read or written.
    #[error("{0}: {1}")]
    File(String, #[source] io::Error),
    /// Its content isn't a state.
    #[error("{0} is no state of a reconciliation ({1}); name another with --state, or remove it")]
    Malformed(String, String),
    /// It belongs to other tables, another user or another day.
    #[error("{0} belongs to a reconciliation of something else; name another with --state, or remove it")]
    Foreign(String),
    /// It belongs to a repair, and this is a report.
    #[error(
        "{0} belongs to a repair that was stopped; resume with --repair, or name another with --state for a report"
    )]
    Repairs(String),
    /// It belongs to a report, and this is a repair.
    #[error(
        "{0} belongs to a report that was stopped; resume without --repair, or name another with --state for a repair"
    )]
    Reports(String),
}

/// The state kept in `path`, if there is one.
///
/// # Errors
///
/// [`SavedStateError`]; nothing is overwritten that isn't this reconciliation's.
pub fn load(path: &Path, scope: &Scope, repair: bool) -> Result<Option<SavedState>, SavedStateError> {
    let name = || path.display().to_string();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SavedStateError::File(name(), error)),
    };
    let state: SavedState =
        serde_json::from_str(&text).map_err(|error| SavedStateError::Malformed(name(), error.to_string()))?;
    if state.scope != *scope {
        return Err(SavedStateError::Foreign(name()));
    }
    match (state.repair, repair) {
        (true, false) => Err(SavedStateError::Repairs(name())),
        (false, true) => Err(SavedStateError::Reports(name())),
        _ => Ok(Some(state)),
    }
}

/// Keeps a state: whole or not at all.
///
/// # Errors
///
/// [`SavedStateError::File`] if the file can't be written.
pub fn save(path: &Path, state: &SavedState) -> Result<(), SavedStateError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let failed = |error| SavedStateError::File(path.display().to_string(), error);
    let text = serde_json::to_vec(state).map_err(|error| failed(io::Error::other(error)))?;
    fs::write(&beside, text).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)
}

/// Forgets a state: its work is done.
///
/// # Errors
///
/// [`SavedStateError::File`] if the file can't be removed.
pub fn remove(path: &Path) -> Result<(), SavedStateError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(SavedStateError::File(path.display().to_string(), error))
        }
        _ => Ok(()),
    }
}
