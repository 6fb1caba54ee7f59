//! The changes of a record: new image − old image.

use crate::record::{CountedEntry, Image, Record};

/// A record's contribution to one user's day; negative where an entry shrank or left the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayChange {
    /// The user's `sub`.
    pub userid: String,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// kcal to add to `caloriesConsumed`; negative to take away.
    pub consumed: i64,
    /// kcal to add to `caloriesBurned`; negative to take away.
    pub burned: i64,
    /// Sort key of the record's marker for this change.
    pub marker: String,
}

/// A record's changes: none where nothing counts, one in most cases, two where an edit moved the entry to another day.
///
/// An image that can't be read adds nothing: it wasn't booked when it was new, so it isn't taken away when it is old.
pub fn changes(record: &Record) -> Vec<DayChange> {
    let (old, new) = (counted(&record.old), counted(&record.new));
    match (old, new) {
        (None, None) => Vec::new(),
        (Some(old), None) => of(old, -1, &old.date),
        (None, Some(new)) => of(new, 1, &new.date),
        (Some(old), Some(new)) if (&old.userid, &old.date) == (&new.userid, &new.date) => {
            let change = DayChange {
                userid: new.userid.clone(),
                date: new.date.clone(),
                consumed: new.consumed - old.consumed,
                burned: new.burned - old.burned,
                marker: new.date.clone(),
            };
            if change.consumed == 0 && change.burned == 0 {
                Vec::new()
            } else {
                vec![change]
            }
        }
        (Some(old), Some(new)) if old.userid == new.userid => {
            [of(old, -1, &old.date), of(new, 1, &new.date)].concat()
        }
        // No resolver changes an owner; if an operator does it by hand, the days of two users need two markers.
        (Some(old), Some(new)) => [
            of(old, -1, &format!("{}#{}", old.date, old.userid)),
            of(new, 1, &format!("{}#{}", new.date, new.userid)),
        ]
        .concat(),
    }
}

fn counted(image: &Image) -> Option<&CountedEntry> {
    match image {
        Image::Counts(entry) => Some(entry),
        Image::CountsNothing | Image::Unreadable(_) => None,
    }
}

fn of(entry: &CountedEntry, sign: i64, marker: &str) -> Vec<DayChange> {
    if entry.consumed == 0 && entry.burned == 0 {
        return Vec::new();
    }
    vec![DayChange {
        userid: entry.userid.clone(),
        date: entry.date.clone(),
        consumed: sign * entry.consumed,
        burned: sign * entry.burned,
        marker: marker.to_owned(),
    }]
}
