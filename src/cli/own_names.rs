//! The user's own names that lines may be about, from this computer's copy of the log.

use std::{cmp::Reverse, collections::HashSet};

use caltrack_domain::{
    Account,
    line::{Own, folded},
};

use super::context::CommandContext;

impl CommandContext<'_> {
    /// The names of the log that texts may be about, the often used first. Without a readable copy of the log there are none.
    pub(super) fn own_names<'t>(&self, account: &Account, texts: impl Iterator<Item = &'t str>) -> Vec<Own> {
        let letters = initials(texts);
        let is_wanted = |name: &str| has_initials(name, &letters);
        let found = self
            .local(account)
            .replica(|replica, owner| replica.named_entries(owner, "", u32::MAX, is_wanted));
        let mut found = found.map(|(found, _)| found).unwrap_or_default();
        found.sort_by_key(|found| Reverse((found.name.uses, found.name.last)));
        found
            .into_iter()
            .filter_map(|found| Own::of(found.entry))
            .collect()
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
