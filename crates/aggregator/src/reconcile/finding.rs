//! The results of suspects.

use caltrack_domain::Grams;
use serde::{Deserialize, Serialize};

use super::reading::StoredTotals;
use crate::Amounts;

/// The recount beside kcal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The number of entries.
    pub entries: i64,
    /// Their digest.
    pub digest: i64,
    /// g of Food and Drink.
    pub protein: Grams,
    /// g of Food and Drink.
    pub fat: Grams,
    /// g of Food and Drink.
    pub carbohydrate: Grams,
}

impl From<Amounts> for Counted {
    fn from(amounts: Amounts) -> Self {
        Self {
            entries: amounts.entries,
            digest: amounts.digest,
            protein: amounts.protein,
            fat: amounts.fat,
            carbohydrate: amounts.carbohydrate,
        }
    }
}

/// A suspect after its last reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The user's `sub`.
    pub user: String,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// kcal consumed and burned by the activity table.
    pub recount: (i64, i64),
    /// What else the activity table's entries add up to.
    pub counted: Counted,
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
    /// What the kcal-only row lacked was written.
    Filled,
}
