//! Fuzzy search of names: actions in the palette, options of a list, foods.

use std::cmp::Reverse;

use frizbee::{CaseMatching, Config, Matcher, Pattern};

/// Words of this many characters may have a typo.
const TYPO_CHARS: usize = 5;
/// Longer queries are cut: a field takes no more anyway.
const MAX_CHARS: usize = 100;

/// The indices of the names that match a query, best first; names that match equally well keep their order.
///
/// A name matches if it has the letters of each of the query's words in their order, in any case. One letter of a word of
/// five and more may be wrong, missing, too many or swapped with its neighbour. Names that begin with the query come first,
/// then those that have it at a word's beginning. An empty query matches every name.
pub fn search<S: AsRef<str>>(query: &str, names: &[S]) -> Vec<usize> {
    let query: String = query
        .trim()
        .chars()
        .take(MAX_CHARS)
        .collect::<String>()
        .to_lowercase();
    let patterns: Vec<Pattern> = query
        .split_whitespace()
        .map(|word| {
            let typos = u16::from(word.chars().count() >= TYPO_CHARS);
            Pattern::from(word).max_typos(Some(typos))
        })
        .collect();
    if patterns.is_empty() {
        return (0..names.len()).collect();
    }
    let config = Config::default().casing(CaseMatching::Ignore);
    let mut matches: Vec<(Occurrence, Reverse<u16>, usize)> = Matcher::from_patterns(&patterns, &config)
        .match_list(names)
        .into_iter()
        .filter_map(|found| {
            let index = usize::try_from(found.index).ok()?;
            let place = Occurrence::of(&query, names.get(index)?.as_ref());
            Some((place, Reverse(found.score), index))
        })
        .collect();
    matches.sort_unstable();
    matches.into_iter().map(|(_, _, index)| index).collect()
}

/// Where a name has the whole query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Occurrence {
    Beginning,
    WordBeginning,
    Inside,
    /// With other letters between, with a typo, or in another order of words.
    Scattered,
}

impl Occurrence {
    fn of(query: &str, name: &str) -> Self {
        let name = name.to_lowercase();
        let mut places = name.match_indices(query).map(|(at, _)| at).peekable();
        match places.peek() {
            None => Self::Scattered,
            Some(0) => Self::Beginning,
            Some(_) => {
                let begins_word = |at: usize| {
                    let before = name.get(..at).and_then(|before| before.chars().next_back());
                    before.is_some_and(|before| !before.is_alphanumeric())
                };
                if places.any(begins_word) {
                    Self::WordBeginning
                } else {
                    Self::Inside
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const FOODS: [&str; 9] = [
        "Chicken breast, roasted",
        "Cornbread",
        "Rice, brown",
        "Brown bread",
        "Breadcrumbs",
        "Soup with chicken",
        "Crème brûlée",
        "Egg, boiled",
        "Wholegrain bread",
    ];

    #[rstest]
    #[case::prefix("chick", &["Chicken breast, roasted", "Soup with chicken"])]
    #[case::case("RICE", &["Rice, brown"])]
    #[case::words_in_any_order("bread brown", &["Brown bread"])]
    #[case::letters_in_order("chkn", &["Chicken breast, roasted", "Soup with chicken"])]
    #[case::swapped("chikcen", &["Chicken breast, roasted", "Soup with chicken"])]
    #[case::missing("chiken", &["Chicken breast, roasted", "Soup with chicken"])]
    #[case::wrong("chicxen", &["Chicken breast, roasted", "Soup with chicken"])]
    #[case::too_many("chickken", &["Chicken breast, roasted", "Soup with chicken"])]
    #[case::beginning_before_word_before_inside("bread", &["Breadcrumbs", "Brown bread", "Wholegrain bread", "Cornbread"])]
    #[case::accents("brûlée", &["Crème brûlée"])]
    #[case::nothing("xyz", &[])]
    #[case::short_words_have_no_typos("eggg", &[])]
    fn names_are_found_best_first(#[case] query: &str, #[case] expected: &[&str]) {
        let found: Vec<&str> = search(query, &FOODS)
            .into_iter()
            .map(|index| FOODS[index])
            .collect();
        assert_eq!(found.get(..expected.len()), Some(expected), "{found:?}");
        if expected.is_empty() {
            assert_eq!(found, Vec::<&str>::new());
        }
    }

    #[test]
    fn an_empty_query_matches_every_name_in_its_order() {
        for query in ["", "  "] {
            assert_eq!(search(query, &FOODS), (0..FOODS.len()).collect::<Vec<_>>());
        }
        assert_eq!(search("a", &[] as &[&str]), Vec::<usize>::new());
    }

    #[test]
    fn equal_matches_keep_their_order() {
        assert_eq!(search("tea", &["Tea", "Tea", "Steak", "Tea"]), [0, 1, 3, 2]);
    }

    proptest! {
        /// Whatever is typed: each index once, and every name that contains the query is found.
        #[test]
        fn every_name_that_contains_the_query_is_found(query in "[a-zé ]{0,8}", names in prop::collection::vec("[a-zé ]{0,20}", 0..20)) {
            let found = search(&query, &names);
            let mut once = found.clone();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(once.len(), found.len());
            for (index, name) in names.iter().enumerate() {
                if name.contains(query.trim()) {
                    prop_assert!(found.contains(&index), "{name:?} has {query:?}");
                }
            }
        }
    }
}
