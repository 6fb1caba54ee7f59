//! One entry of the log.

use jiff::{Timestamp, civil::Date};

/// The most kcal one entry can stand for.
pub const MAX_KCAL: u32 = 99_999;
/// The longest name of an entry, in characters.
pub const MAX_NAME_CHARS: usize = 200;
/// The longest note of an entry, in characters.
pub const MAX_NOTE_CHARS: usize = 2_000;

/// One entry of the log, as the backend keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// UUID, minted by the client that logged it.
    pub id: String,
    /// The owner's Cognito `sub`.
    pub userid: String,
    /// The user's day that it counts for.
    pub date: Date,
    /// The moment it was logged for.
    pub creation_date_time: Timestamp,
    /// `Food`, `Drink`, `Exercise` or another; see [`crate::Booking`].
    pub category: String,
    /// The category's type, such as `Lunch`.
    pub kind: String,
    /// kcal, eaten or burned, 0 to [`MAX_KCAL`].
    pub kcal: u32,
    /// What it was.
    pub name: Option<String>,
    /// Anything else worth keeping.
    pub note: Option<String>,
    /// How many portions `kcal` stands for.
    pub quantity: Option<f64>,
    /// Counts the edits; the first is 1.
    pub rev: u32,
}

/// What a client sends to log an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct NewActivity {
    /// UUID v7 of the client's: a repeat of the same create is harmless.
    pub id: String,
    /// The user's day that it counts for.
    pub date: Date,
    /// The moment it is logged for.
    pub creation_date_time: Timestamp,
    /// The category's name.
    pub category: String,
    /// The category's type.
    pub kind: String,
    /// kcal, 0 to [`MAX_KCAL`].
    pub kcal: u32,
    /// What it was.
    pub name: Option<String>,
    /// Anything else worth keeping.
    pub note: Option<String>,
    /// How many portions `kcal` stands for.
    pub quantity: Option<f64>,
}

/// An edit: what is `Some` is set; of the optional members, `Some(None)` removes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ActivityPatch {
    /// New day.
    pub date: Option<Date>,
    /// New moment.
    pub creation_date_time: Option<Timestamp>,
    /// New category.
    pub category: Option<String>,
    /// New type.
    pub kind: Option<String>,
    /// New kcal, 0 to [`MAX_KCAL`].
    pub kcal: Option<u32>,
    /// New name, or none.
    pub name: Option<Option<String>>,
    /// New note, or none.
    pub note: Option<Option<String>>,
    /// New quantity, or none.
    pub quantity: Option<Option<f64>>,
}
