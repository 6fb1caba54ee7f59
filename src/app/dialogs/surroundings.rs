//! What dialogs use of the rest of the core.

use caltrack_domain::{Category, outbox::Queue};
use jiff::Timestamp;

use crate::app::{library::Saved, profile::UserProfile, shell::Shell};

/// What dialogs use of the rest of the core.
#[derive(Debug)]
pub(in crate::app) struct Surroundings<'a> {
    pub(in crate::app) shell: &'a mut Shell,
    pub(in crate::app) categories: &'a [Category],
    pub(in crate::app) queue: &'a Queue,
    /// Favourites, own foods and recipes.
    pub(in crate::app) saved: &'a Saved,
    /// The user's profile.
    pub(in crate::app) profile: &'a UserProfile,
    /// The user's name.
    pub(in crate::app) username: &'a str,
    /// The `sub` of the user.
    pub(in crate::app) owner: &'a str,
}

/// Id and time of the first attempt to log an entry: a repeat is the same entry, should the first one have arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) id: String,
    pub(super) at: Timestamp,
}

impl Attempt {
    /// The first attempt, which is this one if there was none before.
    pub(super) fn first(attempt: &mut Option<Self>, shell: &mut Shell) -> Self {
        attempt
            .get_or_insert_with(|| Self {
                id: shell.new_id(),
                at: shell.now.timestamp(),
            })
            .clone()
    }
}
