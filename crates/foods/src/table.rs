//! The tables in the program.

use std::sync::OnceLock;

use caltrack_domain::{
    line::{Activity, Closeness, Food, Known, Lookup, Match, Own},
    search_best,
};

use crate::{
    names::Names,
    unpack::{Row, activities, foods, text},
};

/// The foods and activities of the program.
#[derive(Debug)]
pub struct Table {
    foods: Vec<Food<'static>>,
    activities: Vec<Activity<'static>>,
    /// Every name and synonym, foods first.
    spellings: Vec<&'static str>,
    /// What each of `spellings` names.
    named: Vec<Named>,
    names: Names,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Food(u32),
    Activity(u32),
}

/// The tables, unpacked at the first call (about 500 kB).
pub fn table() -> &'static Table {
    static TEXT: OnceLock<String> = OnceLock::new();
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let text: &'static str = TEXT.get_or_init(text);
        Table::of(foods(text), activities(text))
    })
}

impl Table {
    fn of(
        food_rows: impl Iterator<Item = Row<Food<'static>>>,
        activity_rows: impl Iterator<Item = Row<Activity<'static>>>,
    ) -> Self {
        let (mut foods, mut activities) = (Vec::new(), Vec::new());
        let mut spellings = Vec::new();
        let mut named = Vec::new();
        for (Row { row, synonyms }, index) in food_rows.zip(0_u32..) {
            for spelling in std::iter::once(row.name).chain(synonyms) {
                spellings.push(spelling);
                named.push(Named::Food(index));
            }
            foods.push(row);
        }
        for (Row { row, synonyms }, index) in activity_rows.zip(0_u32..) {
            for spelling in std::iter::once(row.name).chain(synonyms) {
                spellings.push(spelling);
                named.push(Named::Activity(index));
            }
            activities.push(row);
        }
        foods.shrink_to_fit();
        spellings.shrink_to_fit();
        named.shrink_to_fit();
        Self {
            names: Names::of(spellings.iter().copied()),
            foods,
            activities,
            spellings,
            named,
        }
    }

    /// All foods and drinks, common ones first.
    pub fn foods(&self) -> &[Food<'static>] {
        &self.foods
    }

    /// All activities.
    pub fn activities(&self) -> &[Activity<'static>] {
        &self.activities
    }

    /// Foods of a name or found by search, best first, each once.
    pub fn search_foods(&self, query: &str, most: usize) -> Vec<&Food<'_>> {
        let mut foods: Vec<&Food<'_>> = Vec::new();
        let named = self.named(query).into_iter().chain(self.misspelt(query));
        for found in named.chain(self.similar(query, usize::MAX)) {
            if let Known::Food(food) = found.known
                && !foods.iter().any(|other| std::ptr::eq(*other, food))
            {
                foods.push(food);
            }
            if foods.len() >= most {
                break;
            }
        }
        foods
    }

    fn matched(&self, index: usize, closeness: Closeness) -> Option<Match<'_>> {
        let spelling = *self.spellings.get(index)?;
        let known = match *self.named.get(index)? {
            Named::Food(food) => Known::Food(self.foods.get(usize::try_from(food).ok()?)?),
            Named::Activity(activity) => {
                Known::Activity(self.activities.get(usize::try_from(activity).ok()?)?)
            }
        };
        Some(Match {
            spelling,
            known,
            closeness,
        })
    }

    /// The matches of names, each food and activity once.
    fn all(&self, indices: Vec<u32>, closeness: Closeness) -> Vec<Match<'_>> {
        let mut seen = Vec::new();
        let mut matches = Vec::new();
        for index in indices
            .into_iter()
            .filter_map(|index| usize::try_from(index).ok())
        {
            let named = self.named.get(index).copied();
            if named.is_none_or(|named| seen.contains(&named)) {
                continue;
            }
            seen.extend(named);
            matches.extend(self.matched(index, closeness));
        }
        matches
    }
}

impl Lookup for Table {
    fn named(&self, phrase: &str) -> Vec<Match<'_>> {
        match self.names.named(phrase) {
            Some((closeness, indices)) => self.all(indices, closeness),
            None => Vec::new(),
        }
    }

    fn misspelt(&self, phrase: &str) -> Vec<Match<'_>> {
        let (_, indices) = self.names.misspelt(phrase);
        let all = self.all(indices, Closeness::Typo);
        let is_common = |found: &&Match<'_>| !matches!(found.known, Known::Food(food) if !food.is_common);
        let common: Vec<Match<'_>> = all.iter().filter(is_common).cloned().collect();
        match (common.len(), all.len()) {
            (1, _) => common,
            (0, 1) => all,
            _ => Vec::new(),
        }
    }

    fn usual(&self, _meal: &str) -> Vec<Own> {
        Vec::new()
    }

    fn similar(&self, phrase: &str, most: usize) -> Vec<Match<'_>> {
        let spelling = |index: usize| self.spellings.get(index).copied().unwrap_or_default();
        // Several names of one food may be found.
        let mut searched = most.saturating_mul(4);
        loop {
            let indices = search_best(phrase, searched, self.names.letters(), spelling);
            let is_all = indices.len() < searched;
            let indices = indices.into_iter().filter_map(|index| u32::try_from(index).ok());
            let mut found = self.all(indices.collect(), Closeness::Similar);
            if is_all || found.len() >= most {
                found.truncate(most);
                return found;
            }
            searched = searched.saturating_mul(4);
        }
    }
}
