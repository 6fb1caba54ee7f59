//! The results of suspects.

use serde::{Deserialize, Serialize};

use super::reading::StoredTotals;

/// A suspect after its last reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The user's `sub`.
    pub user: String,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// kcal consumed and burned by the activity table.
    pub recount: (i64, i64),
    /// The totals of the stored row.
    pub stored: StoredTotals,
    /// The result of its readings, and of the repair if there was one.
    pub verdict: Resolution,
}

/// The result of a suspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Resolution {
    /// One reading found a drift; records may still be in flight.
    Drift,
    /// The row changed before the second reading or before the write: writes are in progress.
    Moved,
    /// The recount was written.
    Repaired,
}
