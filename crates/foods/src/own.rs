//! The user's own names in front of the tables.

use caltrack_domain::{
    line::{Closeness, Known, Lookup, Match, Own},
    search,
};

use crate::{names::Names, table::Table};

/// The names that a user has logged, each with its last amount.
#[derive(Debug, Default)]
pub struct OwnNames {
    own: Vec<Own>,
    spellings: Vec<String>,
    names: Names,
}

impl OwnNames {
    /// Indexes names, which are ordered by how likely they are logged next.
    pub fn of(own: Vec<Own>) -> Self {
        Self {
            names: Names::of(own.iter().map(|own| own.name.as_str())),
            spellings: own.iter().map(|own| own.name.clone()).collect(),
            own,
        }
    }

    fn matched(&self, index: usize, closeness: Closeness) -> Option<Match<'_>> {
        let own = self.own.get(index)?;
        Some(Match {
            spelling: &own.name,
            known: Known::Own(own),
            closeness,
        })
    }

    fn all(&self, indices: Vec<u32>, closeness: Closeness) -> Vec<Match<'_>> {
        let indices = indices
            .into_iter()
            .filter_map(|index| usize::try_from(index).ok());
        indices
            .filter_map(|index| self.matched(index, closeness))
            .collect()
    }
}

/// The lookup in own names, then in the tables.
#[derive(Debug, Clone, Copy)]
pub struct WithOwn<'a> {
    /// The user's names.
    pub own: &'a OwnNames,
    /// The program's tables.
    pub table: &'a Table,
}

impl Lookup for WithOwn<'_> {
    fn named(&self, phrase: &str) -> Vec<Match<'_>> {
        let mut found = match self.own.names.named(phrase) {
            Some((closeness, indices)) => self.own.all(indices, closeness),
            None => Vec::new(),
        };
        found.extend(self.table.named(phrase));
        found
    }

    fn misspelt(&self, phrase: &str) -> Vec<Match<'_>> {
        let (_, indices) = self.own.names.misspelt(phrase);
        match indices.as_slice() {
            [only] => self.own.all(vec![*only], Closeness::Typo),
            _ => self.table.misspelt(phrase),
        }
    }

    fn similar(&self, phrase: &str, most: usize) -> Vec<Match<'_>> {
        let own = search(phrase, &self.own.spellings);
        let mut found: Vec<Match<'_>> = own
            .into_iter()
            .take(most)
            .filter_map(|index| self.own.matched(index, Closeness::Similar))
            .collect();
        if found.len() < most {
            found.extend(self.table.similar(phrase, most - found.len()));
        }
        found
    }
}
