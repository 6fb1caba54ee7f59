//! Fuzzy search of names: actions in the palette, options of a list, foods.

mod word;

use word::{LetterSet, Word, begins_word, places};

/// Longer queries are cut: a field takes no more anyway.
const MAX_CHARS: usize = 100;

/// The indices of the names that match a query, best first; names that match equally well keep their order.
///
/// A name matches if it has the letters of each of the query's words in their order, in any case. One letter of a word of
/// five and more may be wrong, missing, too many or swapped with its neighbour. Names that begin with the query come first,
/// then those that have it at a word's beginning. An empty query matches every name.
pub fn search<S: AsRef<str>>(query: &str, names: &[S]) -> Vec<usize> {
    let query = Query::of(query);
    if query.words.is_empty() {
        return (0..names.len()).collect();
    }
    let mut letters = Vec::new();
    let mut matches: Vec<(Occurrence, usize, usize)> = names
        .iter()
        .enumerate()
        .filter_map(|(index, name)| {
            let (occurrence, distance) = query.rank(name.as_ref(), &mut letters)?;
            Some((occurrence, distance, index))
        })
        .collect();
    matches.sort_unstable();
    matches.into_iter().map(|(_, _, index)| index).collect()
}

/// A query in lower case.
struct Query {
    letters: Vec<char>,
    words: Vec<Word>,
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

impl Query {
    fn of(query: &str) -> Self {
        let letters: Vec<char> = query
            .trim()
            .chars()
            .take(MAX_CHARS)
            .flat_map(char::to_lowercase)
            .collect();
        let words = letters
            .split(|letter| letter.is_whitespace())
            .filter(|word| !word.is_empty())
            .map(Word::of)
            .collect();
        Self { letters, words }
    }

    /// What names are sorted by; none if the name doesn't match. `letters` is a buffer.
    fn rank(&self, name: &str, letters: &mut Vec<char>) -> Option<(Occurrence, usize)> {
        let set = LetterSet::of_name(name);
        if !self.words.iter().all(|word| word.may_be_in(set)) {
            return None;
        }
        letters.clear();
        if name.is_ascii() {
            letters.extend(name.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        } else {
            letters.extend(name.chars().flat_map(char::to_lowercase));
        }
        let mut distance = 0;
        for word in &self.words {
            distance += word.distance(letters)?;
        }
        Some((self.occurrence(letters), distance))
    }

    fn occurrence(&self, name: &[char]) -> Occurrence {
        places(&self.letters, name)
            .map(|at| match at {
                0 => Occurrence::Beginning,
                at if begins_word(name, at) => Occurrence::WordBeginning,
                _ => Occurrence::Inside,
            })
            .min()
            .unwrap_or(Occurrence::Scattered)
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
    #[case::wrong_first_letter("xhicken", &["Chicken breast, roasted", "Soup with chicken"])]
    #[case::swapped_first_letters("hcicken", &["Chicken breast, roasted", "Soup with chicken"])]
    #[case::inside_of_a_word("grxin", &["Wholegrain bread"])]
    #[case::whole_words_before_beginnings("brown", &["Brown bread", "Rice, brown"])]
    #[case::beginning_before_word_before_inside("bread", &["Breadcrumbs", "Brown bread", "Wholegrain bread", "Cornbread"])]
    #[case::accents("brûlée", &["Crème brûlée"])]
    #[case::nothing("xyz", &[])]
    #[case::short_words_have_no_typos("eggg", &[])]
    #[case::two_typos("xhicxen", &[])]
    #[case::a_typo_with_letters_between("chxkn", &[])]
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
        #[test]
        fn a_word_with_one_typo_is_found(word in "[a-e]{5,9}", typo in 0..4, place in any::<prop::sample::Index>(), letter in "[a-e]") {
            let mut letters: Vec<char> = word.chars().collect();
            let letter = letter.chars().next().unwrap();
            match typo {
                0 => letters.insert(place.index(word.len() + 1), letter),
                1 => letters[place.index(word.len())] = letter,
                2 => {
                    letters.remove(place.index(word.len()));
                }
                _ => {
                    let at = place.index(word.len() - 1);
                    letters.swap(at, at + 1);
                }
            }
            let query: String = letters.iter().collect();
            let names = [word.clone(), format!("x {word}"), format!("x{word}x")];
            prop_assert_eq!(search(&query, &names).len(), 3, "{} in {}", query, word);
        }

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
