//! The user's own names that lines may be about, from this computer's copy of the log.

use std::{cmp::Reverse, collections::HashSet};

use caltrack_domain::{
    Account,
    library::items,
    line::{Habit, Own, folded},
    outbox::Command,
};

use super::context::CommandContext;
use crate::runtime::names::habit;

/// What lines may be about, beside the tables.
pub(super) struct KnownNames {
    /// The names of the log, the often used first.
    pub(super) names: Vec<Own>,
    /// The names of the log with their uses, if a line asks for a usual meal.
    pub(super) habits: Vec<Habit>,
    /// Favourites, own foods and recipes.
    pub(super) library: Vec<Own>,
}

impl CommandContext<'_> {
    /// The names of the log and the library that texts may be about. Without a readable copy of the log there are none.
    pub(super) fn known_names<'t>(
        &self,
        account: &Account,
        texts: impl Iterator<Item = &'t str> + Clone,
    ) -> KnownNames {
        let local = self.local(account);
        let asks_for_usual = texts.clone().any(|text| folded(text).contains("usual"));
        let letters = initials(texts);
        let is_wanted = |name: &str| asks_for_usual || has_initials(name, &letters);
        let found = local.replica(|replica, owner| replica.named_entries(owner, "", u32::MAX, is_wanted));
        let mut found = found.map(|(found, _)| found).unwrap_or_default();
        found.sort_by_key(|found| Reverse((found.name.uses, found.name.last)));
        let habits: Vec<Habit> = found.into_iter().filter_map(habit).collect();
        let mut library = local
            .replica(|replica, owner| replica.library(owner))
            .unwrap_or_default();
        for row in local.listing().queue().rows() {
            if let Command::Library(change) = &row.command
                && row.is_pending()
            {
                library.apply(change);
            }
        }
        KnownNames {
            names: habits.iter().map(|habit| habit.own.clone()).collect(),
            habits: if asks_for_usual { habits } else { Vec::new() },
            library: items(&library).into_iter().map(|item| item.own).collect(),
        }
    }
}

/// The first letters of the words of texts.
fn initials<'t>(texts: impl Iterator<Item = &'t str>) -> HashSet<char> {
    let mut letters = HashSet::new();
    for text in texts {
        let words = folded(text);
        letters.extend(
            words
                .split([' ', ',', ';'])
                .filter_map(|word| word.chars().next()),
        );
    }
    letters
}

/// Whether each word of a name begins like a word of the texts. A typo changes no first letter.
fn has_initials(name: &str, letters: &HashSet<char>) -> bool {
    folded(name)
        .split(' ')
        .filter_map(|word| word.chars().next())
        .all(|first| letters.contains(&first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_which_every_word_may_be_in_a_text_are_wanted() {
        let letters = initials(["2 Éclairs,my granola", "tea"].into_iter());
        assert!(has_initials("Eclair", &letters));
        assert!(has_initials("granola (my)", &letters));
        assert!(!has_initials("granola bar", &letters));
    }
}
