//! `edit-day`: a day as text in the user's editor, whose changes are shown and applied as one step.

mod text;

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    process::Command as Process,
};

use caltrack_client::config::{Config, variable};
use caltrack_domain::{Account, Activity, Category, LogCommand, NewActivity, outbox::Command};
use caltrack_private_files as private_files;
use jiff::civil::Date;
use uuid::Uuid;

use self::text::Changes;
use super::{
    arguments::{AddArguments, EditDayArguments, MomentArguments},
    context::{CommandContext, with_account},
    error::CommandError,
    json,
    now::Now,
    output::Output,
    tally::Tally,
    values::{self, listed},
    write::change,
};
use crate::app::text::summary;

/// The longest text that is read back, in bytes.
const MAX_TEXT: u64 = 1 << 20;

/// A day as it was when its text was written.
struct Opened {
    date: Date,
    entries: Vec<Activity>,
    now: Now,
}

/// Opens a day in the editor and applies what was changed. The backend is released while the editor is open.
pub(super) async fn run(config: &Config, arguments: &EditDayArguments) -> Result<Output, CommandError> {
    let mut opened = None;
    with_account(config, async |context, account| {
        opened = Some(context.opened(account, arguments.day.as_deref()).await?);
        Ok(Output::ended(0))
    })
    .await?;
    let Some(Opened { date, entries, now }) = opened else {
        return Err(CommandError::usage("the day can't be read"));
    };
    let written = text::written(date, &entries, &now);
    let path = create(config, date, &written)?;
    let edited = edit(&path).map_err(|error| kept(error, &path))?;
    if edited == written {
        remove(&path);
        return Ok(Output::read(
            json::activities(&[]),
            "nothing was changed".to_owned(),
        ));
    }
    let applied = with_account(config, async |context, account| {
        context
            .apply_edited(account, &edited, (date, &entries, &now), arguments.yes)
            .await
    });
    match applied.await {
        Ok(output) => {
            remove(&path);
            Ok(output)
        }
        // What is queued is not lost.
        Err(error) if error.is_queued() => {
            remove(&path);
            Err(error)
        }
        Err(error) => Err(kept(error, &path)),
    }
}

/// A failure after which the text stays where it is.
fn kept(error: CommandError, path: &Path) -> CommandError {
    let next = format!("the text is kept in {}; {}", path.display(), error.next());
    error.advising(next)
}

/// Creates the file of a day's text, under a name that is free.
fn create(config: &Config, date: Date, text: &str) -> Result<PathBuf, CommandError> {
    let unwritable = |error: io::Error| {
        CommandError::storage(format!("the text can't be written: {error}")).advising("nothing was changed")
    };
    for n in 1..1_000 {
        let name = if n == 1 {
            format!("{date}.txt")
        } else {
            format!("{date}-{n}.txt")
        };
        let path = config.data.path().join(format!("day-{name}"));
        match private_files::create(&path, text.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|()| path).map_err(unwritable),
        }
    }
    Err(unwritable(io::Error::other("no free name")))
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::info!(%error, "the text of a day can't be removed");
    }
}

/// Runs the editor, and returns the text as it leaves it.
fn edit(path: &Path) -> Result<String, CommandError> {
    let editor = variable("VISUAL")
        .or_else(|| variable("EDITOR"))
        .map_or_else(|| "vi".to_owned(), |editor| editor.to_string_lossy().into_owned());
    // The variable may have arguments.
    let status = Process::new("sh")
        .args(["-c", &format!("{editor} \"$1\""), "sh"])
        .arg(path)
        .status();
    let advice = "set $EDITOR to an editor";
    let failed = |reason: String| {
        CommandError::usage(format!("the editor `{editor}` {reason}; nothing was changed")).advising(advice)
    };
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(failed(format!("ended with {status}"))),
        Err(error) => return Err(failed(format!("can't be run: {error}"))),
    }
    let bytes = private_files::read(path)
        .map_err(|error| failed(format!("left a file that can't be read: {error}")))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_TEXT) {
        return Err(failed("left more than 1 MiB".to_owned()));
    }
    String::from_utf8(bytes).map_err(|_| failed("left a text that isn't UTF-8".to_owned()))
}

/// Shows a question on standard error, and returns whether the answer is yes.
fn is_confirmed(question: &str) -> Result<bool, CommandError> {
    let mut err = io::stderr();
    // Standard error may be closed.
    let _ = write!(err, "{question} [y/N] ").and_then(|()| err.flush());
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    if !io::stdin().is_terminal() {
        let _ = writeln!(err);
    }
    match read {
        Ok(0) | Err(_) => Err(CommandError::ask("the changes have to be confirmed")
            .advising("repeat it with --yes, or at a terminal; nothing was changed")),
        Ok(_) => Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")),
    }
}

impl CommandContext<'_> {
    async fn opened(&self, account: &Account, day: Option<&str>) -> Result<Opened, CommandError> {
        let now = self.now(account).await?;
        let date = values::day(day, &now)?;
        let entries = self.entries_of(account, date).await?;
        Ok(Opened { date, entries, now })
    }

    async fn apply_edited(
        &self,
        account: &Account,
        edited: &str,
        (date, entries, now): (Date, &[Activity], &Now),
        is_confirmed: bool,
    ) -> Result<Output, CommandError> {
        let changes = text::changes(edited, date, entries, now)
            .map_err(|(line, reason)| CommandError::value(format!("line {line}: {reason}")))?;
        if changes.is_empty() {
            return Ok(Output::read(
                json::activities(&[]),
                "nothing was changed".to_owned(),
            ));
        }
        let commands = self.commands(account, changes, date, now).await?;
        for (word, before, after) in &commands.shown {
            let line = match (before, after) {
                (Some(before), Some(after)) => format!("{word} {before}  →  {after}"),
                (Some(one), None) | (None, Some(one)) => format!("{word} {one}"),
                (None, None) => continue,
            };
            super::notice::notice(&line);
        }
        if !is_confirmed
            && !self::is_confirmed(&format!(
                "Apply {} to {date}?",
                match commands.shown.len() {
                    1 => "1 change".to_owned(),
                    n => format!("{n} changes"),
                }
            ))?
        {
            return Err(CommandError::ask("not applied").advising("nothing was changed"));
        }
        let local = self.local(account);
        let sent = self.send(&local, commands.commands).await?;
        let mut tally = Tally::default();
        for (outcome, after) in sent.outcomes.iter().zip(commands.after) {
            tally.take(Some(outcome), after);
        }
        let done = tally.finish(&sent, "changed")?;
        Ok(Output::changed(
            json::activities(&done),
            match done.len() {
                1 => format!("1 entry of {date} is changed"),
                n => format!("{n} entries of {date} are changed"),
            },
            change("changed", "the output", &done),
        ))
    }

    /// The commands of changes, whose categories are checked.
    async fn commands(
        &self,
        account: &Account,
        changes: Changes,
        date: Date,
        now: &Now,
    ) -> Result<Prepared, CommandError> {
        let mut prepared = Prepared::default();
        let at_line = |number: usize| {
            move |error: CommandError| {
                let message = format!("line {number}: {}", error.message());
                error.reporting(message)
            }
        };
        for (before, mut patch) in changes.edited {
            if let (Some(category), Some(kind)) = (&patch.category, &patch.kind) {
                let find = |known: &[Category]| listed(category, kind, known);
                let (category, kind) = self.by_categories(account, find).await?;
                (patch.category, patch.kind) = (Some(category), Some(kind));
            }
            let after = Activity {
                entry: before.entry.edited(&patch),
                ..before.clone()
            };
            prepared.add(
                "~",
                Some(&before),
                Some(&after),
                LogCommand::Update {
                    before: before.clone(),
                    patch,
                },
            );
        }
        for before in changes.deleted {
            prepared.add("-", Some(&before), None, LogCommand::Delete(before.clone()));
        }
        let mut created = Vec::new();
        for (number, mut entry) in changes.created {
            let find = |known: &[Category]| listed(&entry.category, &entry.kind, known);
            let found = self.by_categories(account, find).await.map_err(at_line(number))?;
            (entry.category, entry.kind) = found;
            created.push(entry);
        }
        for (number, typed) in changes.typed {
            let arguments = AddArguments {
                text: Vec::new(),
                moment: MomentArguments {
                    date: Some(date.to_string()),
                    at: None,
                },
                id: None,
                dry_run: false,
            };
            let lines = values::lines(&arguments, &[(Some(number), typed)], now)?;
            let read = self.read_lines(account, &lines, now).await?;
            created.extend(read.into_iter().map(|(entry, _)| entry));
        }
        for entry in created {
            let new = NewActivity::new(Uuid::now_v7().to_string(), entry);
            let after = Activity {
                id: new.id.clone(),
                owner: account.sub.clone(),
                entry: new.entry.clone(),
                rev: 0,
            };
            prepared.add("+", None, Some(&after), LogCommand::Create(new));
        }
        Ok(prepared)
    }
}

/// Commands, and what they change.
#[derive(Default)]
struct Prepared {
    commands: Vec<Command>,
    /// The entries after the commands.
    after: Vec<Activity>,
    /// A sign, and summaries before and after.
    shown: Vec<(&'static str, Option<String>, Option<String>)>,
}

impl Prepared {
    fn add(
        &mut self,
        sign: &'static str,
        before: Option<&Activity>,
        after: Option<&Activity>,
        command: LogCommand,
    ) {
        let described = |activity: &Activity| {
            let entry = &activity.entry;
            let note = entry
                .note
                .as_ref()
                .map_or_else(String::new, |note| format!(" # {note}"));
            format!("{}{note}", summary(entry))
        };
        self.shown
            .push((sign, before.map(described), after.map(described)));
        self.after.extend(after.or(before).cloned());
        self.commands.push(Command::Log(command));
    }
}
