//! Values of arguments, checked before anything is opened.

use caltrack_domain::{
    ActivityPatch, Category, Entry, Grams, GramsError, NewActivity, checked_name, checked_note, checked_unit,
    clean, find_category, parse_kcal, parse_time, resolve_day, shortened,
};
use jiff::{Timestamp, ToSpan as _, civil::Date, civil::Time};
use uuid::Uuid;

use super::{
    arguments::{
        AddArguments, EditArguments, FigureArguments, ListArguments, LogArguments, MomentArguments,
        RangeArguments,
    },
    error::CommandError,
    now::Now,
};

/// Characters of an invalid id that an error shows.
const MAX_ID: usize = 64;
/// Characters of an invalid quantity that an error shows.
const MAX_QUANTITY: usize = 30;

/// Quick lines to be logged; their texts are read with the categories.
#[derive(Debug)]
pub(super) struct QuickLines {
    /// The texts, and the numbers of lines of standard input.
    pub(super) lines: Vec<(Option<usize>, String)>,
    /// The id of the first entry.
    pub(super) id: Uuid,
    /// The day of every line.
    pub(super) date: Option<Date>,
    /// The time of every line.
    pub(super) time: Option<Time>,
    pub(super) given: GivenValues,
}

impl QuickLines {
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.lines.iter().map(|(_, text)| text.as_str())
    }
}

/// An entry to be logged; its category and type are as typed.
#[derive(Debug)]
pub(super) struct TypedEntry {
    pub(super) new: NewActivity,
    pub(super) given: GivenValues,
}

/// Which values of an entry the user has given; this program chooses the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct GivenValues {
    pub(super) id: bool,
    pub(super) date: bool,
    pub(super) time: bool,
}

impl GivenValues {
    fn of(id: Option<&str>, moment: &MomentArguments) -> Self {
        Self {
            id: id.is_some(),
            date: moment.date.is_some(),
            time: moment.at.is_some(),
        }
    }
}

/// Changes of an entry; category and type are looked up later.
#[derive(Debug)]
pub(super) struct EntryEdit {
    pub(super) id: String,
    pub(super) patch: ActivityPatch,
    /// The new time of day.
    pub(super) at: Option<Time>,
}

/// The lines of `add`, which are read already: see [`super::add::typed`].
pub(super) fn lines(
    arguments: &AddArguments,
    lines: &[(Option<usize>, String)],
    now: &Now,
) -> Result<QuickLines, CommandError> {
    let given = &arguments.moment;
    for (_, text) in lines {
        plain("line", text)?;
    }
    Ok(QuickLines {
        lines: lines.to_vec(),
        id: match arguments.id.as_deref() {
            Some(id) => own_id(id)?,
            None => Uuid::now_v7(),
        },
        date: given
            .date
            .as_deref()
            .map(|text| day(Some(text), now))
            .transpose()?,
        time: given.at.as_deref().map(time).transpose()?,
        given: GivenValues::of(arguments.id.as_deref(), given),
    })
}

pub(super) fn entry(arguments: &LogArguments, now: &Now) -> Result<TypedEntry, CommandError> {
    let kcal = parse_kcal(&arguments.kcal).map_err(CommandError::value)?;
    let (date, moment) = moment(&arguments.moment, now)?;
    let figures = figures(&arguments.figures)?;
    Ok(TypedEntry {
        given: GivenValues::of(arguments.id.as_deref(), &arguments.moment),
        new: NewActivity::new(
            new_id(arguments.id.as_deref())?,
            Entry {
                name: name(arguments.name.as_deref().unwrap_or_default())?,
                note: note(arguments.note.as_deref().unwrap_or_default())?,
                quantity: figures.quantity.flatten(),
                unit: figures.unit.flatten(),
                protein: figures.protein.flatten(),
                fat: figures.fat.flatten(),
                carbohydrate: figures.carbohydrate.flatten(),
                ..Entry::new(date, moment, &*arguments.category, &*arguments.kind, kcal)
            },
        ),
    })
}

pub(super) fn edit(arguments: &EditArguments, now: &Now) -> Result<EntryEdit, CommandError> {
    let given = &arguments.moment;
    let patch = ActivityPatch {
        date: given
            .date
            .as_deref()
            .map(|text| day(Some(text), now))
            .transpose()?,
        category: arguments.category.clone(),
        kind: arguments.kind.clone(),
        kcal: arguments
            .kcal
            .as_deref()
            .map(parse_kcal)
            .transpose()
            .map_err(CommandError::value)?,
        name: arguments.name.as_deref().map(name).transpose()?,
        note: arguments.note.as_deref().map(note).transpose()?,
        ..figures(&arguments.figures)?
    };
    let at = given.at.as_deref().map(time).transpose()?;
    if at.is_none() && patch == ActivityPatch::default() {
        return Err(CommandError::usage(
            "give a value to change, as in `edit ID --kcal 600`",
        ));
    }
    Ok(EntryEdit {
        id: arguments.id.clone(),
        patch,
        at,
    })
}

/// The first and the last day to be listed; today by default.
pub(super) fn listed_days(arguments: &ListArguments, now: &Now) -> Result<(Date, Date), CommandError> {
    let ListArguments {
        day: word,
        date,
        range,
    } = arguments;
    if range.from.is_some() || range.to.is_some() {
        return days(range, now);
    }
    let day = day(word.as_deref().or(date.as_deref()), now)?;
    Ok((day, day))
}

/// The first and the last day of a range.
pub(super) fn days(arguments: &RangeArguments, now: &Now) -> Result<(Date, Date), CommandError> {
    let to = day(arguments.to.as_deref(), now)?;
    let from = match &arguments.from {
        Some(from) => day(Some(from), now)?,
        None => to.saturating_sub(6.days()),
    };
    if from > to {
        return Err(CommandError::value(format!(
            "{from} is after {to}; give the earlier day as --from"
        )));
    }
    Ok((from, to))
}

/// A day as typed; today without one.
pub(super) fn day(text: Option<&str>, now: &Now) -> Result<Date, CommandError> {
    text.map_or_else(
        || Ok(now.today()),
        |text| resolve_day(text, now.today()).map_err(CommandError::value),
    )
}

fn time(text: &str) -> Result<Time, CommandError> {
    parse_time(text).map_err(CommandError::value)
}

/// Day and moment: now by default, and the present time of day on another day.
fn moment(given: &MomentArguments, now: &Now) -> Result<(Date, Timestamp), CommandError> {
    let date = given
        .date
        .as_deref()
        .map(|text| day(Some(text), now))
        .transpose()?;
    let time = given.at.as_deref().map(time).transpose()?;
    moment_of(date, time, now)
}

/// The day and the moment of an entry at a time of a day: now by default, and the present time of day on another day.
pub(super) fn moment_of(
    date: Option<Date>,
    time: Option<Time>,
    now: &Now,
) -> Result<(Date, Timestamp), CommandError> {
    let date = date
        .unwrap_or_else(|| time.map_or_else(|| now.today(), |time| now.clock.day_of_time(time, now.moment)));
    let moment = match time {
        Some(time) => now.clock.moment_on(date, time),
        None => now.clock.moved_to(now.moment, date),
    };
    Ok((date, moment.map_err(CommandError::value)?))
}

/// The id of an existing entry in this program's spelling: without blanks around it; a UUID may be in upper case, in braces
/// or a URN. Other ids are unchanged, since another program may have generated them.
pub(super) fn entry_id(id: &str) -> String {
    let id = id.trim();
    Uuid::try_parse(id).map_or_else(|_| id.to_owned(), |id| id.to_string())
}

/// The id of a new entry: the given one, or a new one.
fn new_id(given: Option<&str>) -> Result<String, CommandError> {
    given.map_or_else(
        || Ok(Uuid::now_v7().to_string()),
        |id| own_id(id).map(|id| id.to_string()),
    )
}

fn own_id(id: &str) -> Result<Uuid, CommandError> {
    Uuid::try_parse(id.trim()).map_err(|_| {
        CommandError::value(format!(
            "`{}` can't be an id: a UUID such as {} is required",
            shortened(&clean(id), MAX_ID),
            Uuid::nil()
        ))
    })
}

pub(super) fn name(text: &str) -> Result<Option<String>, CommandError> {
    checked_name(plain("name", text)?).map_err(CommandError::value)
}

pub(super) fn note(text: &str) -> Result<Option<String>, CommandError> {
    checked_note(plain("note", text)?).map_err(CommandError::value)
}

/// The figures that are given, as an edit.
fn figures(given: &FigureArguments) -> Result<ActivityPatch, CommandError> {
    Ok(ActivityPatch {
        quantity: given.quantity.as_deref().map(quantity).transpose()?,
        unit: given.unit.as_deref().map(unit).transpose()?,
        protein: given.protein.as_deref().map(grams).transpose()?,
        fat: given.fat.as_deref().map(grams).transpose()?,
        carbohydrate: given.carbohydrate.as_deref().map(grams).transpose()?,
        ..ActivityPatch::default()
    })
}

pub(super) fn unit(text: &str) -> Result<Option<String>, CommandError> {
    checked_unit(plain("unit", text)?).map_err(CommandError::value)
}

fn grams(text: &str) -> Result<Option<Grams>, CommandError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|error: GramsError| CommandError::value(error))
}

pub(super) fn quantity(text: &str) -> Result<Option<f64>, CommandError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number <= 10_000.0 => Ok(Some(number)),
        Ok(_) | Err(_) => Err(CommandError::value(format!(
            "`{}` can't be a quantity: a number above 0, at most 10000",
            shortened(&clean(text), MAX_QUANTITY)
        ))),
    }
}

/// Rejects escape sequences, which no user types into a text.
fn plain<'a>(what: &str, text: &'a str) -> Result<&'a str, CommandError> {
    let strange = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
    if text.chars().any(strange) {
        return Err(CommandError::value(format!(
            "the {what} contains control characters, such as those of an escape sequence"
        )));
    }
    Ok(text)
}

/// The listed category and type of a pair of names, which may be in upper or lower case.
pub(super) fn listed(
    category: &str,
    kind: &str,
    known: &[Category],
) -> Result<(String, String), CommandError> {
    let found = find_category(category, known).map_err(CommandError::value)?;
    let kind = found.find_type(kind).map_err(CommandError::value)?;
    Ok((found.name.clone(), kind.to_owned()))
}

#[cfg(test)]
mod tests;
