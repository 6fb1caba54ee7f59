//! The library: favourites, own foods and recipes, with the edits that the backend has not acknowledged.

use std::sync::Arc;

use caltrack_domain::{
    library::{LibraryFull, SavedItem, checked, items},
    outbox::{Command, Library, LibraryChange},
};
use caltrack_foods::OwnNames;

use super::effect::Effect;

/// The user's library.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Saved {
    /// As this computer's copy has it.
    stored: Library,
    /// With what is queued.
    library: Library,
    items: Vec<SavedItem>,
    names: Arc<OwnNames>,
}

impl Saved {
    /// Its items by kind, then name.
    pub fn items(&self) -> &[SavedItem] {
        &self.items
    }

    /// An item by its key.
    pub fn item(&self, key: &str) -> Option<&SavedItem> {
        self.items.iter().find(|item| item.key == key)
    }

    /// The library with what is queued.
    pub(super) const fn library(&self) -> &Library {
        &self.library
    }

    /// The names for the quick line: favourites first.
    pub(super) fn names(&self) -> Arc<OwnNames> {
        Arc::clone(&self.names)
    }

    /// The effect that saves an edit as a step of this name, if the library has room for it.
    pub(super) fn saving(&self, name: String, change: LibraryChange) -> Result<Effect, LibraryFull> {
        let change = checked(&self.library, change)?;
        Ok(Effect::SaveChanges {
            request: None,
            name,
            commands: vec![Command::Library(change)],
        })
    }

    /// Takes the library of this computer's copy; returns whether the items have changed.
    pub(super) fn take<'a>(&mut self, stored: &Library, queued: impl Iterator<Item = &'a Command>) -> bool {
        self.stored.merge(stored);
        self.project(queued)
    }

    /// Applies what is queued; returns whether the items have changed.
    pub(super) fn project<'a>(&mut self, queued: impl Iterator<Item = &'a Command>) -> bool {
        let mut library = self.stored.clone();
        for command in queued {
            if let Command::Library(change) = command {
                library.apply(change);
            }
        }
        if library == self.library {
            return false;
        }
        self.items = items(&library);
        self.names = Arc::new(OwnNames::of(
            self.items.iter().map(|item| item.own.clone()).collect(),
        ));
        self.library = library;
        true
    }

    /// Another user has signed in, or none.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}
