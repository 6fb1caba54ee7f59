//! The library of a user: own foods, recipes and favourites, as the items of a synced [`Library`].
//!
//! An item is a JSON object under a key such as `food:<id>`. Members and items that this program doesn't know are kept.

mod plan;
mod recipe;
mod saved;

pub use plan::{Plan, PlanMember};
pub use recipe::{Ingredient, Recipe};
pub use saved::{
    LibraryFull, MAX_LIBRARY_BYTES, SavedItem, SavedKind, checked, favourite_key, items, removal,
};

#[cfg(doc)]
use crate::outbox::Library;
