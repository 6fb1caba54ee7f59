//! Arguments become values, or a sentence on why they can't. Nothing is opened for it.

use caltrack_domain::{
    ActivityPatch, Category, Entry, NewActivity, checked_name, checked_note, checked_user_name,
    find_category, moment_on, moved_to, parse_kcal, parse_time, resolve_day,
};
use jiff::{Timestamp, ToSpan as _, Zoned, civil::Date, civil::Time};
use uuid::Uuid;

use super::{
    arguments::{
        AddArguments, Command, ConfirmArguments, EditArguments, ForgotPasswordArguments, LogArguments,
        Moment, SignInArguments, SignUpArguments, TotalsArguments,
    },
    problem::Problem,
};

/// A command whose values make sense by themselves.
#[derive(Debug)]
pub(super) enum Job {
    Add(Line),
    Log(Log),
    List(Date),
    Today,
    Totals { from: Date, to: Date },
    Categories,
    Edit(Edit),
    Delete(String),
    SignIn(SignInArguments),
    SignOut,
    SignUp(SignUpArguments),
    Confirm(ConfirmArguments),
    ForgotPassword(ForgotPasswordArguments),
    Whoami,
}

/// A line to be logged, what it says still to be read.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) date: Date,
    pub(super) moment: Timestamp,
    pub(super) text: String,
    pub(super) given: Given,
}

/// An entry to be logged, its category and type as they were typed.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) new: NewActivity,
    pub(super) given: Given,
}

/// The values of an entry that were given by the user, not chosen by this program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    pub(super) id: bool,
    pub(super) date: bool,
    pub(super) time: bool,
}

impl Given {
    fn of(id: Option<&str>, moment: &Moment) -> Self {
        Self {
            id: id.is_some(),
            date: moment.date.is_some(),
            time: moment.at.is_some(),
        }
    }
}

/// What changes of an entry; category and type are still to be found.
#[derive(Debug)]
pub(super) struct Edit {
    pub(super) id: String,
    pub(super) patch: ActivityPatch,
    /// The new time of day.
    pub(super) at: Option<Time>,
}

impl Command {
    /// Refuses what can't be.
    pub(super) fn check(self) -> Result<Job, Problem> {
        let now = Zoned::now();
        Ok(match self {
            Self::Add(arguments) => Job::Add(line(&arguments, &now)?),
            Self::Log(arguments) => Job::Log(log(arguments, &now)?),
            Self::List(arguments) => Job::List(day(arguments.date.as_deref(), &now)?),
            Self::Today => Job::Today,
            Self::Totals(arguments) => totals(&arguments, &now)?,
            Self::Categories => Job::Categories,
            Self::Edit(arguments) => Job::Edit(edit(arguments, &now)?),
            Self::Delete(arguments) => Job::Delete(arguments.id),
            Self::SignIn(arguments) => Job::SignIn(arguments),
            Self::SignOut => Job::SignOut,
            Self::SignUp(arguments) => {
                checked_user_name(&arguments.user).map_err(Problem::value)?;
                Job::SignUp(arguments)
            }
            Self::Confirm(arguments) => Job::Confirm(arguments),
            Self::ForgotPassword(arguments) => Job::ForgotPassword(arguments),
            Self::Whoami => Job::Whoami,
        })
    }
}

fn line(arguments: &AddArguments, now: &Zoned) -> Result<Line, Problem> {
    let (date, moment) = moment(&arguments.moment, now)?;
    Ok(Line {
        id: new_id(arguments.id.as_deref())?,
        date,
        moment,
        text: plain("line", &arguments.text.join(" "))?.to_owned(),
        given: Given::of(arguments.id.as_deref(), &arguments.moment),
    })
}

fn log(arguments: LogArguments, now: &Zoned) -> Result<Log, Problem> {
    let kcal = parse_kcal(&arguments.kcal).map_err(Problem::value)?;
    let (date, moment) = moment(&arguments.moment, now)?;
    Ok(Log {
        given: Given::of(arguments.id.as_deref(), &arguments.moment),
        new: NewActivity {
            id: new_id(arguments.id.as_deref())?,
            entry: Entry {
                name: name(arguments.name.as_deref().unwrap_or_default())?,
                note: note(arguments.note.as_deref().unwrap_or_default())?,
                ..Entry::new(date, moment, arguments.category, arguments.kind, kcal)
            },
        },
    })
}

fn edit(arguments: EditArguments, now: &Zoned) -> Result<Edit, Problem> {
    let said = arguments.moment;
    let patch = ActivityPatch {
        date: said.date.map(|text| day(Some(&text), now)).transpose()?,
        category: arguments.category,
        kind: arguments.kind,
        kcal: arguments
            .kcal
            .map(|text| parse_kcal(&text))
            .transpose()
            .map_err(Problem::value)?,
        name: arguments.name.as_deref().map(name).transpose()?,
        note: arguments.note.as_deref().map(note).transpose()?,
        quantity: arguments.quantity.as_deref().map(quantity).transpose()?,
        ..ActivityPatch::default()
    };
    let at = said.at.as_deref().map(time).transpose()?;
    if at.is_none() && patch == ActivityPatch::default() {
        return Err(Problem::bad_usage(
            "say what to change, as in `edit ID --kcal 600`",
        ));
    }
    Ok(Edit {
        id: arguments.id,
        patch,
        at,
    })
}

fn totals(arguments: &TotalsArguments, now: &Zoned) -> Result<Job, Problem> {
    let to = day(arguments.to.as_deref(), now)?;
    let from = match &arguments.from {
        Some(from) => day(Some(from), now)?,
        None => to.saturating_sub(6.days()),
    };
    if from > to {
        return Err(Problem::value(format!(
            "{from} is after {to}; say the earlier day first"
        )));
    }
    Ok(Job::Totals { from, to })
}

fn day(text: Option<&str>, now: &Zoned) -> Result<Date, Problem> {
    text.map_or_else(
        || Ok(now.date()),
        |text| resolve_day(text, now.date()).map_err(Problem::value),
    )
}

fn time(text: &str) -> Result<Time, Problem> {
    parse_time(text).map_err(Problem::value)
}

/// Day and moment: now, unless said otherwise; of another day, this time of day then.
fn moment(said: &Moment, now: &Zoned) -> Result<(Date, Timestamp), Problem> {
    let date = day(said.date.as_deref(), now)?;
    let time = said.at.as_deref().map(time).transpose()?;
    let moment = match time {
        Some(time) => moment_on(date, time, now.time_zone()),
        None => moved_to(now.timestamp(), date, now.time_zone()),
    };
    Ok((date, moment.map_err(Problem::value)?))
}

/// The id of an entry that exists, as this program writes ids: blanks around it go, and a UUID may be in upper case, in
/// braces or a URN. Other ids stay unchanged: another program may have generated them.
pub(super) fn entry_id(id: &str) -> String {
    let id = id.trim();
    Uuid::try_parse(id).map_or_else(|_| id.to_owned(), |id| id.to_string())
}

/// The id of a new entry: the given one, or a fresh one.
fn new_id(said: Option<&str>) -> Result<String, Problem> {
    said.map_or_else(|| Ok(Uuid::now_v7().to_string()), own_id)
}

fn own_id(id: &str) -> Result<String, Problem> {
    Uuid::try_parse(id.trim()).map(|id| id.to_string()).map_err(|_| {
        let short: String = caltrack_domain::clean(id).chars().take(64).collect();
        Problem::value(format!(
            "`{short}` can't be an id: a UUID such as {} is needed",
            Uuid::nil()
        ))
    })
}

fn name(text: &str) -> Result<Option<String>, Problem> {
    checked_name(plain("name", text)?).map_err(Problem::value)
}

fn note(text: &str) -> Result<Option<String>, Problem> {
    checked_note(plain("note", text)?).map_err(Problem::value)
}

fn quantity(text: &str) -> Result<Option<f64>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number <= 10_000.0 => Ok(Some(number)),
        Ok(_) | Err(_) => {
            let short: String = caltrack_domain::clean(text).chars().take(30).collect();
            Err(Problem::value(format!(
                "`{short}` can't be a quantity: a number above 0, at most 10000"
            )))
        }
    }
}

/// A program that passes an escape sequence means something else than a text.
fn plain<'a>(what: &str, text: &'a str) -> Result<&'a str, Problem> {
    let strange = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
    if text.chars().any(strange) {
        return Err(Problem::value(format!(
            "the {what} holds control characters, such as an escape sequence's"
        )));
    }
    Ok(text)
}

/// The listed category and type of a pair of names, in any case.
pub(super) fn listed(category: &str, kind: &str, known: &[Category]) -> Result<(String, String), Problem> {
    let found = find_category(category, known).map_err(Problem::value)?;
    let kind = found.find_type(kind).map_err(Problem::value)?;
    Ok((found.name.clone(), kind.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Zoned {
        "2026-11-23T12:00:00+01:00[Europe/Berlin]".parse().unwrap()
    }

    #[test]
    fn another_days_entry_is_of_this_time_of_day_then() {
        let said = |date: Option<&str>, at: Option<&str>| {
            let said = Moment {
                date: date.map(str::to_owned),
                at: at.map(str::to_owned),
            };
            moment(&said, &noon()).map(|(date, moment)| format!("{date} {moment}"))
        };
        assert_eq!(said(None, None).unwrap(), "2026-11-23 2026-11-23T11:00:00Z");
        assert_eq!(
            said(Some("-1d"), None).unwrap(),
            "2026-11-22 2026-11-22T11:00:00Z"
        );
        assert_eq!(
            said(Some("2026-07-01"), Some("07:30")).unwrap(),
            "2026-07-01 2026-07-01T05:30:00Z"
        );
        assert!(said(Some("2026-02-30"), None).is_err());
        assert!(said(None, Some("25:00")).is_err());
    }

    #[test]
    fn ids_quantities_and_texts_are_looked_at() {
        assert!(own_id("x").is_err());
        assert_eq!(
            own_id("0192D4E0-7B3A-7C1E-9F00-000000000000").unwrap(),
            "0192d4e0-7b3a-7c1e-9f00-000000000000"
        );
        for said in [
            "0192D4E0-7B3A-7C1E-9F00-000000000000",
            " 0192d4e0-7b3a-7c1e-9f00-000000000000\n",
            "urn:uuid:0192d4e0-7b3a-7c1e-9f00-000000000000",
            "{0192d4e0-7b3a-7c1e-9f00-000000000000}",
        ] {
            assert_eq!(entry_id(said), "0192d4e0-7b3a-7c1e-9f00-000000000000");
        }
        assert_eq!(entry_id(" Entry-7 "), "Entry-7");
        assert_eq!(quantity("1.5").unwrap(), Some(1.5));
        assert_eq!(quantity("").unwrap(), None);
        for bad in ["0", "-1", "NaN", "inf", "much", "1e9"] {
            assert!(quantity(bad).is_err(), "{bad}");
        }
        assert!(name("\u{1b}[31mred").is_err());
        assert_eq!(name("שלום 🍕").unwrap().as_deref(), Some("שלום 🍕"));
    }
}
