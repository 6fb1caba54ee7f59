//! The expected totals: the sum over the activity table.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    amounts::Amounts,
    record::{Image, image},
};

/// Totals by user and day, of the days that have entries.
pub type Recount = BTreeMap<(String, String), Amounts>;

/// Sums the activity table's items (DynamoDB's JSON) by user and day: the aggregates must equal it once the stream has
/// been worked off. Items that can't be read count nothing, as in the stream.
pub fn recount<'a>(items: impl IntoIterator<Item = &'a Value>) -> Recount {
    let mut totals = Recount::new();
    for item in items {
        if let Image::Counts(entry) = image(Some(item)) {
            *totals.entry((entry.userid, entry.date)).or_default() += entry.amounts;
        }
    }
    totals
}
