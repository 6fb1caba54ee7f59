//! Bases: what a command expects of the backend once the one before it is acknowledged, merged or gone.

use super::command::Command;
use crate::{Activity, ActivityPatch, LogCommand};

/// A command of an entry, merged into what the backend has.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "exists for a moment")]
pub(super) enum Rebased {
    /// What is left of it, based on the stored entry, and the members that collide.
    Left(LogCommand, ActivityPatch),
    /// Nothing is left to do: the stored entry is as it wants, apart from the members that collide.
    Done(ActivityPatch),
    /// It would delete an entry that was edited elsewhere.
    Refused,
}

/// Merges a command into the entry that the backend has, member by member.
pub(super) fn onto(command: &LogCommand, stored: &Activity) -> Rebased {
    match command {
        LogCommand::Create(_) => Rebased::Done(ActivityPatch::default()),
        LogCommand::Update { before, patch } => {
            let merge = patch.merged(&before.entry, &stored.entry);
            if merge.kept.is_empty() {
                return Rebased::Done(merge.lost);
            }
            let command = LogCommand::Update {
                before: stored.clone(),
                patch: merge.kept,
            };
            Rebased::Left(command, merge.lost)
        }
        LogCommand::Delete(before) if before.entry == stored.entry => {
            Rebased::Left(LogCommand::Delete(stored.clone()), ActivityPatch::default())
        }
        LogCommand::Delete(_) => Rebased::Refused,
    }
}

/// Takes the effect of a command that will not happen out of the bases of those behind it.
pub(super) fn without<'a>(gone: &Command, behind: impl Iterator<Item = &'a mut Command>) {
    for command in behind {
        match (gone, command) {
            (
                Command::Log(LogCommand::Update { before, patch }),
                Command::Log(LogCommand::Update { before: base, .. } | LogCommand::Delete(base)),
            ) => {
                base.entry
                    .apply(&patch.agreeing(&base.entry).previous(&before.entry));
                base.rev = before.rev;
            }
            (Command::Profile(gone), Command::Profile(later)) => {
                for (name, value) in &gone.patch {
                    if later.before.get(name) == Some(value)
                        && let Some(before) = gone.before.get(name)
                    {
                        later.before.insert(name.clone(), before.clone());
                    }
                }
            }
            _ => {}
        }
    }
}
