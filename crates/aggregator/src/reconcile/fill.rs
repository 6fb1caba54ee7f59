//! The write that adds what a kcal-only row lacks.

use serde_json::Value;

use super::{Scope, reading::Reading, repair::Write};

/// The `UpdateItem` that writes entries, digest and grams of `reading`, on the condition that the row hasn't changed since, its
/// version included.
///
/// The version stays, for the totals that clients know are the same. A day that has entries but no row, since they add no kcal, gets
/// its row with version 1.
pub fn request(scope: &Scope, reading: &Reading) -> Value {
    let mut write = Write::of(reading);
    if reading.stored.is_absent() {
        for (name, number) in [
            ("caloriesConsumed", "0"),
            ("caloriesBurned", "0"),
            ("version", "1"),
        ] {
            write.set(name, number);
        }
    }
    for (name, number) in reading.recount.counted() {
        write.set(name, &number);
    }
    write.request(&scope.aggregates, reading, "")
}
