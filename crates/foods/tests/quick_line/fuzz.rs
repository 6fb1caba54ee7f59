//! Lines with any content.

use std::sync::LazyLock;

use caltrack_domain::{
    line::{Closeness, Food, Known, Lookup, Match, Own},
    search,
};
use caltrack_foods::table;

use crate::any_line::check_with;

/// Longer than any line that is typed.
const LONGEST: usize = 300;

/// The table, of which a search finds one food in forty: searching all of its names takes a hundred times as long as reading
/// the line, and what is found is only offered.
struct Sampled;

static SAMPLE: LazyLock<Vec<&Food<'static>>> = LazyLock::new(|| table().foods().iter().step_by(40).collect());
static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| SAMPLE.iter().map(|food| food.name).collect());

impl Lookup for Sampled {
    fn named(&self, phrase: &str) -> Vec<Match<'_>> {
        table().named(phrase)
    }

    fn misspelt(&self, phrase: &str) -> Vec<Match<'_>> {
        table().misspelt(phrase)
    }

    fn usual(&self, _meal: &str) -> Vec<Own> {
        Vec::new()
    }

    fn similar(&self, phrase: &str, most: usize) -> Vec<Match<'_>> {
        let found = search(phrase, &NAMES).into_iter().take(most);
        let matched = found.map(|at| Match {
            spelling: NAMES[at],
            known: Known::Food(SAMPLE[at]),
            closeness: Closeness::Similar,
        });
        matched.collect()
    }
}

#[test]
fn any_line_is_read() {
    caltrack_fuzz::fuzz(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/line"), |bytes| {
        if let Ok(line) = str::from_utf8(bytes)
            && line.len() <= LONGEST
            && !line.chars().any(char::is_control)
        {
            check_with(line, &Sampled).unwrap();
        }
    });
}
