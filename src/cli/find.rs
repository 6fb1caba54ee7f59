//! `foods` and `search`: what is known of foods, and entries by their texts.

use std::time::Duration;

use caltrack_domain::{
    Account, Activity, counted_unit,
    line::{Food, folded},
};
use caltrack_foods::table;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    context::CommandContext,
    error::CommandError,
    json,
    local_log::LocalLog,
    now::Now,
    output::Output,
    read::entries,
    table::{Column, Table, terminal_width},
};

/// The most foods that a query answers.
const MAX_FOODS: usize = 50;
/// How long a search waits for the backend if this computer has a copy of the log, and if it has none.
const PATIENCE: Duration = Duration::from_secs(10);
const FIRST_PATIENCE: Duration = Duration::from_mins(15);
/// The first and the last day that the API lists.
const ALL_DAYS: (Date, Date) = (jiff::civil::date(0, 1, 1), jiff::civil::date(9999, 12, 31));

/// Foods and drinks of the program's table, best match first.
pub(super) fn foods(query: &[String]) -> Result<Output, CommandError> {
    let query = query.join(" ");
    if query.trim().is_empty() {
        return Err(CommandError::usage(
            "give a food to look up, as in `foods banana`",
        ));
    }
    let found = table().search_foods(&query, MAX_FOODS);
    let mut shown = Table::default();
    shown.column(Column::cut("name"), &found, |food| food.name.to_owned());
    shown.column(Column::right("kcal/100 g"), &found, |food| rounded(food.kcal, 0));
    shown.column(Column::cut("portion"), &found, |food| {
        format!("{} ({} g)", portion(food), tenths(portion_grams(food)))
    });
    shown.column(Column::right("kcal"), &found, |food| {
        rounded(share(food, food.kcal), 0)
    });
    shown.column(Column::right("protein"), &found, |food| {
        rounded(share(food, food.protein), 1)
    });
    shown.column(Column::right("fat"), &found, |food| {
        rounded(share(food, food.fat), 1)
    });
    shown.column(Column::right("carbs"), &found, |food| {
        rounded(share(food, food.carbohydrate), 1)
    });
    shown.column(Column::left("source"), &found, |food| food.source.to_owned());
    let text = if found.is_empty() {
        "no food has this name; `add` takes it with its kcal".to_owned()
    } else {
        shown.text(terminal_width())
    };
    Ok(Output::read(
        found.iter().map(|food| json_of(food)).collect(),
        text,
    ))
}

/// A food: kcal per 100 g, and kcal, macros and sugar of its portion.
fn json_of(food: &Food<'_>) -> Value {
    let of_portion = |per_100_g: f64| tenths(share(food, per_100_g));
    json!({
        "name": food.name,
        "category": food.category,
        "kcalPer100g": food.kcal,
        "portion": portion(food),
        "portionGrams": tenths(portion_grams(food)),
        "kcal": share(food, food.kcal).round(),
        "protein": of_portion(food.protein),
        "fat": of_portion(food.fat),
        "carbohydrate": of_portion(food.carbohydrate),
        "sugar": food.sugar.map(of_portion),
        "source": food.source,
    })
}

/// What the name alone means: `1 medium`.
fn portion(food: &Food<'_>) -> String {
    format!("{} {}", food.count, counted_unit(food.count, food.portion.unit))
}

fn portion_grams(food: &Food<'_>) -> f64 {
    food.count * food.portion.grams
}

/// What the portion has of a figure in 100 g.
fn share(food: &Food<'_>, per_100_g: f64) -> f64 {
    per_100_g * portion_grams(food) / 100.0
}

/// To one decimal.
fn tenths(figure: f64) -> f64 {
    (figure * 10.0).round() / 10.0
}

fn rounded(figure: f64, decimals: usize) -> String {
    format!("{figure:.decimals$}")
}

impl CommandContext<'_> {
    /// The entries whose name, note or type have a word beginning with each word of a text.
    pub(super) async fn search(
        &self,
        account: &Account,
        text: &[String],
        now: &Now,
    ) -> Result<Output, CommandError> {
        let wanted = words(&text.join(" "));
        if wanted.is_empty() {
            return Err(CommandError::usage(
                "give a word to search for, as in `search soup`",
            ));
        }
        let local = self.local(account);
        let patience = if local.is_complete() {
            PATIENCE
        } else {
            FIRST_PATIENCE
        };
        let caught_up = self.catch_up(&local, patience).await;
        let mut found = local.search(&wanted);
        match caught_up {
            Err(error) if self.can_do_without(&error) && (local.is_complete() || !found.is_empty()) => {
                self.offline(&error);
            }
            caught_up => drop(caught_up?),
        }
        let queued = local.take_queued(ALL_DAYS, &mut found);
        found.retain(|activity| has_words(activity, &wanted));
        let text = entries(&found, true, now, &queued.ids);
        Ok(Output::read(json::activities_with(&found, &queued.ids), text))
    }
}

impl LocalLog<'_> {
    /// The entries of this computer's copy that have all these words.
    fn search(&self, wanted: &[String]) -> Vec<Activity> {
        let text = wanted.join(" ");
        let found = self.replica(|replica, owner| replica.search(owner, &text, u32::MAX));
        found.unwrap_or_default()
    }
}

/// The words of a text, in lower case and without accents.
fn words(text: &str) -> Vec<String> {
    let text = folded(text);
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn has_words(activity: &Activity, wanted: &[String]) -> bool {
    let entry = &activity.entry;
    let texts = [Some(&entry.kind), entry.name.as_ref(), entry.note.as_ref()];
    let present: Vec<String> = texts.into_iter().flatten().flat_map(|text| words(text)).collect();
    wanted
        .iter()
        .all(|wanted| present.iter().any(|word| word.starts_with(wanted.as_str())))
}

#[cfg(test)]
mod tests {
    use caltrack_domain::Entry;
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn entries_are_found_by_the_beginnings_of_words_of_name_note_and_type() {
        let entry = Entry {
            name: Some("Crème brûlée".to_owned()),
            note: Some("with Anna".to_owned()),
            ..Entry::new(
                jiff::civil::date(2026, 11, 30),
                Timestamp::UNIX_EPOCH,
                "Food",
                "Dinner",
                300,
            )
        };
        let activity = Activity {
            id: "i".to_owned(),
            owner: "u".to_owned(),
            entry,
            rev: 1,
        };
        for (text, is_found) in [
            ("creme", true),
            ("CRÈ dinn ann", true),
            ("rulee", false),
            ("creme lunch", false),
        ] {
            assert_eq!(has_words(&activity, &words(text)), is_found, "{text}");
        }
    }
}
