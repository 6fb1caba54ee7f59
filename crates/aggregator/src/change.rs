//! The changes of a record: new image − old image.

use crate::{
    amounts::Amounts,
    record::{CountedEntry, Image, Record},
};

/// A record's contribution to one user's day; negative where an entry shrank or left the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayChange {
    /// The user's `sub`.
    pub userid: String,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// What to add; negative to subtract.
    pub amounts: Amounts,
    /// Sort key of the record's marker for this change.
    pub marker: String,
}

/// A record's changes: none where it is no entry of a day, one in most cases, two where an edit moved the entry to another day. A
/// change that adds nothing, such as a new name, is one too: the day's version grows with it.
///
/// An image that can't be read adds nothing: it wasn't booked when it was new, so it isn't taken away when it is old.
pub fn changes(record: &Record) -> Vec<DayChange> {
    let (old, new) = (counted(&record.old), counted(&record.new));
    match (old, new) {
        (None, None) => Vec::new(),
        (Some(old), None) => vec![of(old, -old.amounts, old.date.clone())],
        (None, Some(new)) => vec![of(new, new.amounts, new.date.clone())],
        (Some(old), Some(new)) if (&old.userid, &old.date) == (&new.userid, &new.date) => {
            vec![of(new, new.amounts - old.amounts, new.date.clone())]
        }
        (Some(old), Some(new)) if old.userid == new.userid => vec![
            of(old, -old.amounts, old.date.clone()),
            of(new, new.amounts, new.date.clone()),
        ],
        // No resolver changes an owner; if an operator does it by hand, the days of two users need two markers.
        (Some(old), Some(new)) => vec![
            of(old, -old.amounts, format!("{}#{}", old.date, old.userid)),
            of(new, new.amounts, format!("{}#{}", new.date, new.userid)),
        ],
    }
}

fn counted(image: &Image) -> Option<&CountedEntry> {
    match image {
        Image::Counts(entry) => Some(entry),
        Image::CountsNothing | Image::Unreadable(_) => None,
    }
}

fn of(entry: &CountedEntry, amounts: Amounts, marker: String) -> DayChange {
    DayChange {
        userid: entry.userid.clone(),
        date: entry.date.clone(),
        amounts,
        marker,
    }
}
