//! Fuzzy matchers over 30,000 names of foods, with typos: `cargo bench -p caltrack-domain --bench fuzzy`.
//!
//! The names are made of the words of `assets/foods.csv`. Of 200 queries of each kind, a row reports for how many the wanted
//! name is among the first five, and the median time of a query.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench ends by panicking and reports by printing"
)]

use std::{
    cmp::Reverse,
    collections::BTreeSet,
    time::{Duration, Instant},
};

use caltrack_domain::search;
use frizbee::{CaseMatching, Config, Matcher};
use nucleo_matcher::{
    Utf32Str,
    pattern::{Normalization, Pattern},
};

const NAMES: usize = 30_000;
const QUERIES: usize = 200;

/// Changes the first two words of the wanted name into a query.
type Change = fn(&mut Words, &mut Chance);

/// The kinds of queries.
const KINDS: [(&str, Change); 7] = [
    ("prefix", |words, _| {
        words[1].pop();
    }),
    ("no vowels", |words, _| {
        let mut at = 0;
        words[1].retain(|c| {
            at += 1;
            at == 1 || !"aeiou".contains(*c)
        });
    }),
    ("swapped letters", |words, chance| {
        let (word, at) = middle(words, chance);
        words[word].swap(at, at + 1);
    }),
    ("missing letter", |words, chance| {
        let (word, at) = middle(words, chance);
        words[word].remove(at);
    }),
    ("wrong letter", |words, chance| {
        let (word, at) = middle(words, chance);
        words[word][at] = chance.letter();
    }),
    ("extra letter", |words, chance| {
        let (word, at) = middle(words, chance);
        words[word].insert(at, chance.letter());
    }),
    ("swapped words", |words, _| words.swap(0, 1)),
];

/// Two words, letter by letter.
type Words = [Vec<char>; 2];

/// A place within the longer word.
fn middle(words: &Words, chance: &mut Chance) -> (usize, usize) {
    let word = usize::from(words[1].len() > words[0].len());
    (word, 1 + chance.below(words[word].len() - 3))
}

/// Numbers that look random and are the same in each run (xorshift64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end).expect("64 bits");
        usize::try_from(self.0 % end).expect("below a usize")
    }

    fn letter(&mut self) -> char {
        let letters = b"abcdefghijklmnopqrstuvwxyz";
        char::from(letters[self.below(letters.len())])
    }
}

fn names() -> Vec<String> {
    let table = include_str!("../../../assets/foods.csv");
    let mut words = BTreeSet::new();
    for line in table.lines().skip(1) {
        let name = match line.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => line.split(',').next(),
        };
        let name = name.expect("a line has a name");
        words.extend(
            name.split(|c: char| !c.is_alphanumeric())
                .filter(|word| word.len() > 2),
        );
    }
    let words: Vec<&str> = words.into_iter().collect();
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let mut names = BTreeSet::new();
    while names.len() < NAMES {
        let count = 2 + chance.below(3);
        let parts: Vec<&str> = (0..count).map(|_| words[chance.below(words.len())]).collect();
        names.insert(parts.join(if chance.below(3) == 0 { ", " } else { " " }));
    }
    names.into_iter().collect()
}

/// The first two words of a name, if one of them is long enough for a typo.
fn first_words(name: &str) -> Option<Words> {
    let mut words = name.split([' ', ',']).filter(|word| !word.is_empty());
    let words = [words.next()?, words.next()?].map(|word| word.to_lowercase().chars().collect::<Vec<_>>());
    words.iter().any(|word| word.len() >= 5).then_some(words)
}

fn nucleo(query: &str, names: &[String]) -> Vec<usize> {
    let mut matcher = nucleo_matcher::Matcher::new(nucleo_matcher::Config::DEFAULT);
    let pattern = Pattern::parse(
        query,
        nucleo_matcher::pattern::CaseMatching::Ignore,
        Normalization::Smart,
    );
    let mut letters = Vec::new();
    let mut found: Vec<(Reverse<u32>, usize)> = names
        .iter()
        .enumerate()
        .filter_map(|(index, name)| {
            let score = pattern.score(Utf32Str::new(name, &mut letters), &mut matcher)?;
            Some((Reverse(score), index))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, index)| index).collect()
}

/// The whole query as one pattern.
fn frizbee(query: &str, names: &[String], typos: u16) -> Vec<usize> {
    let config = Config::default()
        .casing(CaseMatching::Ignore)
        .max_typos(Some(typos));
    let found = Matcher::new(query, &config).match_list(names);
    found
        .into_iter()
        .map(|found| usize::try_from(found.index).expect("64 bits"))
        .collect()
}

fn main() {
    let names = names();
    let head: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
    println!("| matcher | {} | median |", head.join(" | "));
    println!("|---|{}", "---|".repeat(KINDS.len() + 1));
    let row = |label: &str, search: &dyn Fn(&str) -> Vec<usize>| {
        let mut times: Vec<Duration> = Vec::new();
        let mut cells = Vec::new();
        for (seed, (_, change)) in (1..).zip(KINDS) {
            let mut chance = Chance(seed);
            let (mut found, mut asked) = (0, 0);
            while asked < QUERIES {
                let wanted = chance.below(names.len());
                let Some(mut words) = first_words(&names[wanted]) else {
                    continue;
                };
                change(&mut words, &mut chance);
                let query = words.map(|word| word.into_iter().collect::<String>()).join(" ");
                let start = Instant::now();
                let matches = search(&query);
                times.push(start.elapsed());
                found += usize::from(matches.iter().take(5).any(|index| *index == wanted));
                asked += 1;
            }
            cells.push(format!("{} %", found * 100 / asked));
        }
        times.sort_unstable();
        let median = times[times.len() / 2].as_secs_f64() * 1e3;
        println!("| {label} | {} | {median:.2} ms |", cells.join(" | "));
    };
    row("`nucleo-matcher` 0.3", &|query| nucleo(query, &names));
    row("`frizbee` 0.13, no typos", &|query| frizbee(query, &names, 0));
    row("`frizbee` 0.13, one typo", &|query| frizbee(query, &names, 1));
    row("`caltrack_domain::search`", &|query| search(query, &names));
}
