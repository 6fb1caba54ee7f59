//! Sentences about changes on their way to the backend.

use caltrack_domain::{
    LogCommand,
    outbox::{Change, Collision, Command, Members, Step},
};
use jiff::civil::Date;
use serde_json::Value;

use crate::app::text::{summary, summary_beside};

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
pub(in crate::app) fn saved(commands: &[LogCommand], shown: Date) -> String {
    let Some((first, others)) = commands.split_first() else {
        return "nothing was changed".to_owned();
    };
    let (word, entry) = match first {
        LogCommand::Create(new) => ("logged", new.entry.clone()),
        LogCommand::Update { before, patch } => ("saved", before.entry.edited(patch)),
        LogCommand::Delete(activity) => ("deleted", activity.entry.clone()),
    };
    and_more(format!("{word} {}", summary_beside(&entry, shown)), others.len())
}

/// What an undo or a redo made of a step.
pub(in crate::app) fn undone(step: &Step, skipped: &[String], shown: Date) -> String {
    let word = if step.undone { "undone" } else { "redone" };
    let what = match step.changes.as_slice() {
        [only] => one(&only.change, step.undone, shown).unwrap_or_else(|| step.name.clone()),
        _ => step.name.clone(),
    };
    let mut sentences = vec![format!("{word}: {what}")];
    sentences.extend_from_slice(skipped);
    sentences.join("; ")
}

fn one(change: &Change, undone: bool, shown: Date) -> Option<String> {
    let now = match change {
        Change::Created(activity) | Change::Deleted(activity) => {
            let is_there = matches!(change, Change::Created(_)) != undone;
            let entry = summary_beside(&activity.entry, shown);
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
    let now = summary_beside(&now.entry, shown);
    Some(if undone { format!("back to {now}") } else { now })
}

/// What another program's edit left of a change. `undo` is the key or the command that makes the change after all.
pub fn collision(collision: &Collision, undo: &str) -> String {
    match collision {
        Collision::Edit { mine, stored } => format!(
            "edited elsewhere meanwhile: it stays {}; {undo} sets your {}",
            summary(&stored.entry),
            members(serde_json::to_value(mine).unwrap_or_default())
        ),
        Collision::Deletion(stored) => format!(
            "edited elsewhere meanwhile, so it is not deleted: {}",
            summary(&stored.entry)
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
fn members(patch: Value) -> String {
    let Value::Object(members) = patch else {
        return String::new();
    };
    let words: Vec<String> = members
        .iter()
        .map(|(name, value)| {
            let word = match name.as_str() {
                "caloriesConsumed" => "kcal",
                "creationDateTime" => "time",
                "date" => "day",
                other => other,
            };
            match value {
                Value::Null => format!("no {word}"),
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
