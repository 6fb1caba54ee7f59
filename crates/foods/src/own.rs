//! The user's own names in front of the tables.

use caltrack_domain::{
    line::{Closeness, Habit, Known, Lookup, Match, Own, usual_meal},
    search_best,
};

use crate::{names::Names, table::Table};

/// The names that a user has logged, each with its last amount.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnNames {
    own: Vec<Own>,
    names: Names,
}

impl OwnNames {
    /// Indexes names, which are ordered by how likely they are logged next.
    pub fn of(own: Vec<Own>) -> Self {
        Self {
            names: Names::of(own.iter().map(|own| own.name.as_str())),
            own,
        }
    }

    /// Whether a name is among them, spelled in whatever way.
    pub fn has(&self, name: &str) -> bool {
        self.names.named(name).is_some()
    }

    /// Names found by search, best first, at most `most`.
    fn similar(&self, phrase: &str, most: usize) -> impl Iterator<Item = Match<'_>> {
        let name = |index: usize| self.own.get(index).map_or("", |own| own.name.as_str());
        let found = search_best(phrase, most, self.names.letters(), name).into_iter();
        found.filter_map(|index| self.matched(index, Closeness::Similar))
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
    /// The user's names; those of an earlier index come first.
    pub own: &'a [&'a OwnNames],
    /// The user's favourites, own foods and recipes.
    pub library: &'a OwnNames,
    /// The names with their uses, for usual meals; those of an earlier list come first.
    pub habits: &'a [&'a [Habit]],
    /// The program's tables.
    pub table: &'a Table,
}

impl WithOwn<'_> {
    /// Whether an earlier index has the name of a match, with a newer amount.
    fn is_outdated(&self, at: usize, found: &Match<'_>) -> bool {
        let earlier = self.own.iter().take(at);
        earlier
            .filter_map(|own| own.names.named(found.spelling).map(|(_, indices)| (own, indices)))
            .any(|(own, indices)| {
                own.all(indices, Closeness::Same)
                    .iter()
                    .any(|newer| newer.spelling == found.spelling)
            })
    }

    /// The names of the log, then the items of the library, that a phrase names.
    fn of_user(&self, phrase: &str) -> Vec<Match<'_>> {
        let of = |own: &'_ OwnNames| own.names.named(phrase);
        let mut found = self.found(|own| match of(own) {
            Some((closeness, indices)) => own.all(indices, closeness),
            None => Vec::new(),
        });
        if let Some((closeness, indices)) = of(self.library) {
            found.extend(self.library.all(indices, closeness));
        }
        found
    }

    /// What each index finds, without outdated names.
    fn found<'s>(&'s self, find: impl Fn(&'s OwnNames) -> Vec<Match<'s>>) -> Vec<Match<'s>> {
        let each = self.own.iter().enumerate();
        each.flat_map(|(at, own)| {
            let found = find(own).into_iter();
            found.filter(move |found| !self.is_outdated(at, found))
        })
        .collect()
    }
}

impl Lookup for WithOwn<'_> {
    fn named(&self, phrase: &str) -> Vec<Match<'_>> {
        let mut found = self.of_user(phrase);
        if found.is_empty()
            && let Some(("my", rest)) = phrase.split_once(' ')
        {
            found = self.of_user(rest);
            if !found.is_empty() {
                return found;
            }
        }
        // Each index has its own best way.
        if let Some(best) = found.iter().map(|found| found.closeness).min() {
            found.retain(|found| found.closeness == best);
        }
        found.extend(self.table.named(phrase));
        found
    }

    fn misspelt(&self, phrase: &str) -> Vec<Match<'_>> {
        let own = self.found(|own| {
            let (_, indices) = own.names.misspelt(phrase);
            own.all(indices, Closeness::Typo)
        });
        match own.len() {
            1 => own,
            _ => self.table.misspelt(phrase),
        }
    }

    fn usual(&self, meal: &str) -> Vec<Own> {
        let mut seen: Vec<&str> = Vec::new();
        let all = self.habits.iter().flat_map(|habits| habits.iter());
        let newest = all.filter(|habit| habit.own.kind == meal).filter(|habit| {
            let is_new = !seen.contains(&habit.own.name.as_str());
            seen.push(&habit.own.name);
            is_new
        });
        let newest: Vec<&Habit> = newest.collect();
        usual_meal(newest.into_iter(), meal)
            .into_iter()
            .cloned()
            .collect()
    }

    fn similar(&self, phrase: &str, most: usize) -> Vec<Match<'_>> {
        let mut found = self.found(|own| own.similar(phrase, most).collect());
        let names: Vec<String> = found.iter().map(|found| found.spelling.to_owned()).collect();
        let saved = self.library.similar(phrase, most);
        found.extend(saved.filter(|saved| !names.iter().any(|name| name == saved.spelling)));
        found.truncate(most);
        if found.len() < most {
            found.extend(self.table.similar(phrase, most - found.len()));
        }
        found
    }
}
