//! The expected totals: the sum over the activity table.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::record::{Image, image};

/// kcal consumed and burned, by user and day. Days at zero are left out.
pub type Recount = BTreeMap<(String, String), (i64, i64)>;

/// Sums the activity table's items (DynamoDB's JSON) by user and day: the aggregates must equal it once the stream has
/// been worked off. Items that can't be read count nothing, as in the stream.
pub fn recount<'a>(items: impl IntoIterator<Item = &'a Value>) -> Recount {
    let mut totals = Recount::new();
    for item in items {
        if let Image::Counts(entry) = image(Some(item)) {
            let total = totals.entry((entry.userid, entry.date)).or_default();
            total.0 += entry.consumed;
            total.1 += entry.burned;
        }
    }
    totals.retain(|_, total| *total != (0, 0));
    totals
}
