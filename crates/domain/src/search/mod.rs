//! Fuzzy search of names: actions in the palette, options of a list, foods.

mod letters;
mod word;

pub use letters::LetterSet;

use word::{Letter, Word, begins_word, places};

/// Longer queries are cut: a field takes no more anyway.
const MAX_CHARS: usize = 100;

/// The indices of the names that match a query, best first; names that match equally well keep their order.
///
/// A name matches if it has the letters of each of the query's words in their order, in any case. One letter of a word of
/// five and more may be wrong, missing, too many or swapped with its neighbour. Names that begin with the query come first,
/// then those that have it at a word's beginning. An empty query matches every name.
pub fn search<S: AsRef<str>>(query: &str, names: &[S]) -> Vec<usize> {
    let name = |index: usize| names.get(index).map_or("", AsRef::as_ref);
    let sets = names.iter().map(|name| LetterSet::of(name.as_ref()));
    best(query, usize::MAX, sets, name)
}

/// The best matches of a query, at most `most`, as the first ones of [`search`]. Far faster in many names: `sets` are those of
/// the names, so that most names are never read.
pub fn search_best<'n>(
    query: &str,
    most: usize,
    sets: &[LetterSet],
    name: impl Fn(usize) -> &'n str,
) -> Vec<usize> {
    best(query, most, sets.iter().copied(), name)
}

fn best<'n>(
    query: &str,
    most: usize,
    sets: impl ExactSizeIterator<Item = LetterSet>,
    name: impl Fn(usize) -> &'n str,
) -> Vec<usize> {
    let query = Query::of(query);
    if query.chars.words.is_empty() {
        return (0..sets.len().min(most)).collect();
    }
    let mut found: Vec<(Rank, usize)> = Vec::new();
    // A name behind others has to match better than the last one that is kept.
    let mut worst: Option<Rank> = None;
    let mut buffers = Buffers::default();
    for (index, set) in sets.enumerate() {
        let needs_whole = worst.is_some_and(|(worst, _)| worst < Occurrence::Scattered);
        if needs_whole && !set.may_contain(query.set) || !query.may_be_in(set) {
            continue;
        }
        let rank = query.rank(name(index), worst, &mut buffers);
        let Some(rank) = rank.filter(|rank| worst.is_none_or(|worst| *rank < worst)) else {
            continue;
        };
        found.push((rank, index));
        if found.len() >= most.saturating_mul(2) {
            found.sort_unstable();
            found.truncate(most);
            worst = found.last().map(|(rank, _)| *rank);
        }
    }
    found.sort_unstable();
    found.truncate(most);
    found.into_iter().map(|(_, index)| index).collect()
}

/// What matches are sorted by: where a name has the query, and how far it is from having its words.
type Rank = (Occurrence, usize);

/// A query in lower case.
struct Query {
    chars: Letters<char>,
    /// The same, if it is ASCII.
    bytes: Option<Letters<u8>>,
    /// Its letters, if it is ASCII; else none.
    set: LetterSet,
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

/// A name in lower case.
#[derive(Default)]
struct Buffers {
    bytes: Vec<u8>,
    chars: Vec<char>,
}

impl Query {
    fn of(query: &str) -> Self {
        let chars: Vec<char> = query
            .trim()
            .chars()
            .take(MAX_CHARS)
            .flat_map(char::to_lowercase)
            .collect();
        let bytes: Option<Vec<u8>> = chars.iter().map(|letter| letter.ascii()).collect();
        let set = bytes.as_deref().unwrap_or_default().iter().copied();
        Self {
            set: LetterSet::of_bytes(set),
            bytes: bytes.map(|bytes| Letters::of(bytes, |byte| char::from(byte).is_whitespace())),
            chars: Letters::of(chars, char::is_whitespace),
        }
    }

    fn may_be_in(&self, name: LetterSet) -> bool {
        self.chars.words.iter().all(|word| word.may_be_in(name))
    }

    /// How well a name matches; none if it doesn't, or not better than `worst`.
    fn rank(&self, name: &str, worst: Option<Rank>, buffers: &mut Buffers) -> Option<Rank> {
        if let Some(query) = self.bytes.as_ref().filter(|_| name.is_ascii()) {
            let is_beginning = worst.is_some_and(|(worst, _)| worst == Occurrence::Beginning);
            let begins = || {
                let begin = name.as_bytes().get(..query.all.len());
                begin.is_some_and(|begin| begin.eq_ignore_ascii_case(&query.all))
            };
            if is_beginning && !begins() {
                return None;
            }
            buffers.bytes.clear();
            buffers.bytes.extend_from_slice(name.as_bytes());
            buffers.bytes.make_ascii_lowercase();
            return query.rank(&buffers.bytes, worst);
        }
        buffers.chars.clear();
        buffers.chars.extend(name.chars().flat_map(char::to_lowercase));
        self.chars.rank(&buffers.chars, worst)
    }
}

/// The letters of a query, and its words.
struct Letters<L> {
    all: Vec<L>,
    words: Vec<Word<L>>,
}

impl<L: Letter> Letters<L> {
    fn of(all: Vec<L>, is_space: impl Fn(L) -> bool) -> Self {
        let words = all.split(|letter| is_space(*letter));
        Self {
            words: words.filter(|word| !word.is_empty()).map(Word::of).collect(),
            all,
        }
    }

    fn rank(&self, name: &[L], worst: Option<Rank>) -> Option<Rank> {
        let occurrence = self.occurrence(name);
        if worst.is_some_and(|(worst, _)| worst < occurrence) {
            return None;
        }
        let mut distance = 0;
        for word in &self.words {
            distance += word.distance(name)?;
        }
        Some((occurrence, distance))
    }

    fn occurrence(&self, name: &[L]) -> Occurrence {
        places(&self.all, name)
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

        #[test]
        fn the_best_are_the_first_of_all(query in "[a-zé ]{0,8}", names in prop::collection::vec("[a-zA-Zé ]{0,20}", 0..60), most in 0..9_usize) {
            let sets: Vec<LetterSet> = names.iter().map(|name| LetterSet::of(name)).collect();
            let best = search_best(&query, most, &sets, |index| &names[index]);
            let all = search(&query, &names);
            prop_assert_eq!(&best[..], &all[..most.min(all.len())]);
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
