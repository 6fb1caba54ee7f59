//! `add`: entries in the syntax of the quick line.

use std::{collections::HashMap, io::Read as _, time::Duration};

use caltrack_domain::{
    Account, Category, Entry, NewActivity, counted_unit,
    line::{Question, Reading, Setting, read},
};
use caltrack_foods::{OwnNames, WithOwn, table};
use jiff::civil::Date;
use uuid::Uuid;

use super::{
    context::CommandContext,
    error::CommandError,
    json,
    notice::notice,
    now::Now,
    output::Output,
    values::{GivenValues, QuickLines, TypedEntry, moment_of},
    write::{change, sentence},
};
use crate::app::text::summary;

/// The weight in kg by which activities burn until one is noted.
const USUAL_WEIGHT: f64 = 70.0;
/// How long the weights are awaited before the entries are saved.
const PATIENCE: Duration = Duration::from_secs(1);
/// The longest standard input of `add -` in bytes.
const MAX_INPUT: u64 = 1 << 20;
/// Readings of a line that a question offers.
const OFFERED: usize = 3;
/// The distance between the ids of the entries of a command. The ids that people and programs choose differ by less or by far more.
const NEXT_ID: u128 = 1 << 40;

/// What a line is read with, besides the own names.
struct Known<'a> {
    categories: &'a [Category],
    lookup: &'a WithOwn<'a>,
    now: &'a Now,
    /// The weight of a day.
    kg: &'a dyn Fn(Date) -> f64,
}

/// A line's entries, and whether their kcal depend on the user's weight.
struct ReadLine {
    entries: Vec<(Entry, GivenValues)>,
    is_burned: bool,
}

/// The lines of the arguments: their text, or with `-` the lines of standard input, with their numbers.
pub(super) fn typed(text: &[String]) -> Result<Vec<(Option<usize>, String)>, CommandError> {
    if text != ["-"] {
        return Ok(vec![(None, text.join(" "))]);
    }
    let mut input = String::new();
    let mut limited = std::io::stdin().lock().take(MAX_INPUT + 1);
    limited
        .read_to_string(&mut input)
        .map_err(|error| CommandError::usage(format!("standard input can't be read: {error}")))?;
    if u64::try_from(input.len()).is_ok_and(|length| length > MAX_INPUT) {
        return Err(CommandError::value(
            "standard input is longer than 1 MiB; use `import`, or several parts",
        ));
    }
    let lines = input.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let lines: Vec<_> = lines
        .map(|(line, number)| (Some(number), line.to_owned()))
        .collect();
    if lines.is_empty() {
        return Err(CommandError::ask(
            "standard input has no line; each is read as one text of `add`",
        ));
    }
    Ok(lines)
}

impl CommandContext<'_> {
    /// Logs the entries of lines, or none of them if a line has a question.
    pub(super) async fn add(
        &self,
        account: &Account,
        lines: QuickLines,
        now: &Now,
    ) -> Result<Output, CommandError> {
        let id = lines.id;
        let read = self.read_lines(account, &lines, now).await?;
        let entries: Vec<TypedEntry> = read
            .into_iter()
            .zip(ids(id))
            .map(|((entry, given), id)| TypedEntry {
                new: NewActivity::new(id, entry),
                given,
            })
            .collect();
        let logged = self.create_all(account, entries).await?;
        let text: Vec<String> = logged
            .iter()
            .map(|entry| sentence("logged", entry, now.today()))
            .collect();
        let next = change("logged", "the output", &logged);
        Ok(Output::changed(json::activities(&logged), text.join("\n"), next))
    }

    /// What lines would log.
    pub(super) async fn preview(
        &self,
        account: &Account,
        lines: &QuickLines,
        now: &Now,
    ) -> Result<Output, CommandError> {
        let entries = self.read_lines(account, lines, now).await?;
        let time = |entry: &Entry| now.clock.shown(entry.moment).strftime("%H:%M").to_string();
        let text = entries.iter().map(|(entry, _)| {
            let amount = amount(entry).map_or_else(String::new, |amount| format!(", {amount},"));
            let (summary, date, time) = (summary(entry), entry.date, time(entry));
            format!("would log {summary}{amount} on {date} at {time}")
        });
        let text: Vec<String> = text.collect();
        let json = entries
            .iter()
            .map(|(entry, _)| json::preview(entry, &time(entry)))
            .collect();
        Ok(Output::read(json, text.join("\n")))
    }

    /// Reads all lines with the categories and the user's own names. The user's weights are fetched if activities need them.
    pub(super) async fn read_lines(
        &self,
        account: &Account,
        lines: &QuickLines,
        now: &Now,
    ) -> Result<Vec<(Entry, GivenValues)>, CommandError> {
        let known = self.known_names(account, lines.texts());
        let (own, library) = (OwnNames::of(known.names), OwnNames::of(known.library));
        let lookup = WithOwn {
            own: &[&own],
            library: &library,
            habits: &[&known.habits],
            table: table(),
        };
        let read = |categories: &[Category], kg: &dyn Fn(Date) -> f64| {
            let known = Known {
                categories,
                lookup: &lookup,
                now,
                kg,
            };
            let each = lines.lines.iter();
            each.map(|(number, text)| read_line(text, *number, lines, &known))
                .collect::<Result<Vec<ReadLine>, _>>()
        };
        let first = self
            .by_categories(account, |known| read(known, &|_| USUAL_WEIGHT))
            .await?;
        let days: Vec<Date> = first
            .iter()
            .filter(|line| line.is_burned)
            .flat_map(|line| line.entries.iter().map(|(entry, _)| entry.date))
            .collect();
        let read = match self.weights(account, &days).await? {
            Some(weights) => {
                let kg = |date: Date| weights.get(&date).copied().unwrap_or(USUAL_WEIGHT);
                self.by_categories(account, |known| read(known, &kg)).await?
            }
            None => first,
        };
        Ok(read.into_iter().flat_map(|line| line.entries).collect())
    }

    /// The weights of days, if any is known: the latest one on or before each, else the profile's.
    async fn weights(
        &self,
        account: &Account,
        days: &[Date],
    ) -> Result<Option<HashMap<Date, f64>>, CommandError> {
        let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else {
            return Ok(None);
        };
        let local = self.local(account);
        // Without the backend, the latest weight that this computer knows applies.
        let noted = self.in_time(PATIENCE, self.noted_weights(*first, *last)).await?;
        let noted = noted.unwrap_or_else(|| local.weights_until(*last));
        let noted = local.with_queued_weights(noted, *last);
        let latest = |day: Date| {
            noted
                .iter()
                .rev()
                .find(|(date, _)| *date <= day)
                .map(|(_, kg)| *kg)
        };
        let other = if days.iter().all(|day| latest(*day).is_some()) {
            None
        } else {
            let profile = local.profile().flatten();
            profile.and_then(|profile| profile.weight)
        };
        let weights: HashMap<Date, f64> = days
            .iter()
            .filter_map(|day| Some((*day, latest(*day).or(other)?)))
            .collect();
        if days.iter().any(|day| !weights.contains_key(day)) {
            notice(&format!(
                "burned kcal are those of {USUAL_WEIGHT} kg until a weight is noted: `weight KG`"
            ));
        }
        Ok(Some(weights))
    }
}

/// `2 eggs`, `150 g`; none for an entry without a quantity.
fn amount(entry: &Entry) -> Option<String> {
    let quantity = entry.quantity?;
    Some(match &entry.unit {
        Some(unit) => format!("{quantity} {}", counted_unit(quantity, unit)),
        None => quantity.to_string(),
    })
}

/// The ids of the entries of a command: the first one, and ids that follow from it, so that a repetition has the same.
fn ids(first: Uuid) -> impl Iterator<Item = String> {
    let next = |id: &u128| Some(id.wrapping_add(NEXT_ID));
    std::iter::successors(Some(first.as_u128()), next).map(|id| Uuid::from_u128(id).to_string())
}

/// Reads a line; again with the weight of its day if activities need it.
fn read_line(
    text: &str,
    number: Option<usize>,
    lines: &QuickLines,
    known: &Known<'_>,
) -> Result<ReadLine, CommandError> {
    let (_, moment) = moment_of(lines.date, lines.time, known.now)?;
    let mut setting = Setting {
        today: known.now.today(),
        hour: known.now.clock.shown(moment).hour(),
        categories: known.categories,
        kg: USUAL_WEIGHT,
        lookup: known.lookup,
    };
    let mut readings = read(text, &setting);
    let day = readings.first().and_then(|first| first.day).or(lines.date);
    let kg = (known.kg)(day.unwrap_or(setting.today));
    if kg.to_bits() != setting.kg.to_bits() {
        setting.kg = kg;
        readings = read(text, &setting);
    }
    let mut readings = readings.into_iter();
    let first = readings.next().unwrap_or_else(|| Reading {
        day: None,
        time: None,
        items: Vec::new(),
        note: None,
        words: Vec::new(),
        question: Some(Question::Empty),
    });
    let place = number.map_or_else(String::new, |number| format!("line {number}: "));
    if let Some(question) = &first.question {
        return Err(refused(question, &place, readings));
    }
    let date = agreed("day", "--date", first.day, lines.date)?;
    let time = agreed("time", "--at", first.time, lines.time)?;
    let (date, moment) = moment_of(date, time, known.now)?;
    let given = GivenValues {
        id: lines.given.id,
        date: lines.given.date || first.day.is_some(),
        time: lines.given.time || first.time.is_some(),
    };
    let is_burned =
        |source: &Option<String>| source.as_ref().is_some_and(|source| source.starts_with("met:"));
    Ok(ReadLine {
        is_burned: first.items.iter().any(|item| is_burned(&item.food)),
        entries: first
            .items
            .into_iter()
            .map(|item| (item.entry(date, moment, first.note.clone()), given))
            .collect(),
    })
}

/// What a line and an option state, which must be the same if both do.
fn agreed<T: PartialEq>(
    what: &str,
    option: &str,
    line: Option<T>,
    given: Option<T>,
) -> Result<Option<T>, CommandError> {
    if line.is_some() && given.is_some() && line != given {
        return Err(CommandError::value(format!(
            "the line has another {what} than {option}; leave out one of them"
        )));
    }
    Ok(line.or(given))
}

/// Why a line isn't logged, with other readings of it that would be.
fn refused(question: &Question, place: &str, others: impl Iterator<Item = Reading>) -> CommandError {
    let message = format!("{place}{question}");
    if question.is_refusal() {
        return CommandError::value(message);
    }
    let offered: Vec<String> = others
        .filter(|reading| reading.question.is_none())
        .take(OFFERED)
        .map(|reading| format!("`{}`", reading.line()))
        .collect();
    let error = CommandError::ask(message);
    match offered.as_slice() {
        [] => error,
        offered => error.advising(format!(
            "complete it, or log one of these: {}; nothing was logged",
            offered.join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_the_first_in_order() {
        let first = Uuid::from_u128(0x01a2_2823_26cd_7000_8000_0000_0000_0001);
        let ids: Vec<String> = ids(first).take(3).collect();
        assert_eq!(ids[0], first.to_string());
        assert!(
            ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]),
            "{ids:?}"
        );
    }

    #[test]
    fn a_line_and_an_option_may_state_the_same() {
        let agreed = |line, given| agreed("day", "--date", line, given).ok();
        assert_eq!(agreed(Some(1), None), Some(Some(1)));
        assert_eq!(agreed(None, Some(2)), Some(Some(2)));
        assert_eq!(agreed(Some(2), Some(2)), Some(Some(2)));
        assert_eq!(agreed(Some(1), Some(2)), None);
        assert_eq!(agreed(None::<i32>, None), Some(None));
    }
}
