//! Sentences about changes on their way to the backend.

use caltrack_domain::{
    EnergyUnit, LogCommand,
    outbox::{Change, Collision, Command, Members, Obstacle, Step},
};
use jiff::civil::Date;
use serde_json::Value;

use crate::app::text::{summary, summary_beside, summary_in};

/// What a command changes, in a unit of energy: `Lunch 650 kcal`.
pub fn command_title(command: &Command, energy: EnergyUnit) -> String {
    match command {
        Command::Log(LogCommand::Create(new)) => summary_in(&new.entry, energy),
        Command::Log(LogCommand::Update { before, patch }) => summary_in(&before.entry.edited(patch), energy),
        Command::Log(LogCommand::Delete(before)) => summary_in(&before.entry, energy),
        Command::Weight(_) | Command::Profile(_) | Command::Library(_) => command.title(),
    }
}

/// The name of a step in the history: `Lunch 650 kcal`, or `Lunch 650 kcal and 2 more`.
pub(in crate::app) fn step_name(commands: &[LogCommand]) -> String {
    let Some((first, others)) = commands.split_first() else {
        return "nothing".to_owned();
    };
    and_more(Command::Log(first.clone()).title(), others.len())
}

fn and_more(first: String, others: usize) -> String {
    match others {
        0 => first,
        others => format!("{first} and {others} more"),
    }
}

/// What a step is called where it was saved: `logged Lunch 650 kcal`.
pub(in crate::app) fn saved(commands: &[LogCommand], shown: Date, energy: EnergyUnit) -> String {
    let Some((first, others)) = commands.split_first() else {
        return "nothing was changed".to_owned();
    };
    let (word, entry) = match first {
        LogCommand::Create(new) => ("logged", new.entry.clone()),
        LogCommand::Update { before, patch } => ("saved", before.entry.edited(patch)),
        LogCommand::Delete(activity) => ("deleted", activity.entry.clone()),
    };
    let entry = summary_beside(&entry, shown, energy);
    and_more(format!("{word} {entry}"), others.len())
}

/// What an undo or a redo made of a step.
pub(in crate::app) fn undone(step: &Step, skipped: &[Obstacle], shown: Date, energy: EnergyUnit) -> String {
    let word = if step.undone { "undone" } else { "redone" };
    let what = match step.changes.as_slice() {
        [only] => one(&only.change, step.undone, shown, energy),
        [first, ..] => in_unit(&step.name, &first.change, energy),
        [] => None,
    };
    let what = what.unwrap_or_else(|| step.name.clone());
    let mut sentences = vec![format!("{word}: {what}")];
    sentences.extend(skipped.iter().map(|obstacle| obstacle.text(energy)));
    sentences.join("; ")
}

/// The name of a step that begins with its first entry, in a unit of energy; none for other names.
fn in_unit(name: &str, first: &Change, energy: EnergyUnit) -> Option<String> {
    let entry = match first {
        Change::Created(activity) | Change::Deleted(activity) => &activity.entry,
        Change::Edited { after, .. } => &after.entry,
        Change::Weight { .. } | Change::Profile { .. } | Change::Library { .. } => return None,
    };
    let rest = name.strip_prefix(&summary(entry))?;
    Some(summary_in(entry, energy) + rest)
}

fn one(change: &Change, undone: bool, shown: Date, energy: EnergyUnit) -> Option<String> {
    let now = match change {
        Change::Created(activity) | Change::Deleted(activity) => {
            let is_there = matches!(change, Change::Created(_)) != undone;
            let entry = summary_beside(&activity.entry, shown, energy);
            return Some(if is_there {
                format!("{entry} is back")
            } else {
                format!("{entry} is deleted again")
            });
        }
        Change::Edited { before, after } => {
            if undone {
                before
            } else {
                after
            }
        }
        Change::Weight { .. } | Change::Profile { .. } | Change::Library { .. } => return None,
    };
    let now = summary_beside(&now.entry, shown, energy);
    Some(if undone { format!("back to {now}") } else { now })
}

/// What another program's edit left of a change. `undo` is the key or the command that makes the change after all.
pub fn collision(collision: &Collision, undo: &str, energy: EnergyUnit) -> String {
    match collision {
        Collision::Edit { mine, stored } => format!(
            "edited elsewhere meanwhile: it stays {}; {undo} sets your {}",
            summary_in(&stored.entry, energy),
            members(serde_json::to_value(mine).unwrap_or_default(), energy)
        ),
        Collision::Deletion(stored) => format!(
            "edited elsewhere meanwhile, so it is not deleted: {}",
            summary_in(&stored.entry, energy)
        ),
        Collision::Profile { mine, .. } => format!(
            "the profile was edited elsewhere meanwhile; {undo} sets your {}",
            profile_members(mine)
        ),
    }
}

fn profile_members(members: &Members) -> String {
    let names: Vec<&str> = members.keys().map(String::as_str).collect();
    names.join(", ")
}

/// Members and their values: `kcal 600, no note`.
fn members(patch: Value, energy: EnergyUnit) -> String {
    let Value::Object(members) = patch else {
        return String::new();
    };
    let words: Vec<String> = members
        .iter()
        .map(|(name, value)| {
            let word = match name.as_str() {
                "caloriesConsumed" => energy.symbol(),
                "creationDateTime" => "time",
                "date" => "day",
                other => other,
            };
            match value {
                Value::Null => format!("no {word}"),
                Value::Number(kcal) if name == "caloriesConsumed" => {
                    format!("{word} {}", energy.of_kcal(kcal.as_i64().unwrap_or_default()))
                }
                Value::String(text) => {
                    format!(
                        "{word} {}",
                        caltrack_domain::shortened(&caltrack_domain::clean(text), 30)
                    )
                }
                other => format!("{word} {other}"),
            }
        })
        .collect();
    words.join(", ")
}
