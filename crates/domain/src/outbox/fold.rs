//! Folding: what two commands of one subject are together, if neither was sent.

use super::command::{Command, ProfileChange};
use crate::{LogCommand, NewActivity};

/// A command that was not sent and a later one, as one.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "exists for a moment")]
pub(super) enum Folded {
    /// They are this command.
    Into(Command),
    /// They change nothing.
    Nothing,
    /// The later one is the earlier one again.
    Same,
    /// They can't be one command.
    Apart,
}

/// Folds `later` into `earlier`. `was_rejected`: the backend has rejected `earlier`; an edit of a rejected create replaces
/// what was rejected, but other edits know nothing of a rejected one.
pub(super) fn fold(earlier: &Command, was_rejected: bool, later: &Command) -> Folded {
    match (earlier, later) {
        (Command::Log(earlier), Command::Log(later)) => fold_entry(earlier, was_rejected, later),
        _ if was_rejected => Folded::Apart,
        (Command::Weight(earlier), Command::Weight(later)) => {
            let mut both = later.clone();
            both.before = earlier.before;
            if both.before == both.weight {
                Folded::Nothing
            } else {
                Folded::Into(Command::Weight(both))
            }
        }
        (Command::Profile(earlier), Command::Profile(later)) => fold_profile(earlier, later),
        (Command::Library(earlier), Command::Library(later)) => {
            let mut both = earlier.clone();
            both.follow(later);
            Folded::Into(Command::Library(both))
        }
        _ => Folded::Apart,
    }
}

fn fold_entry(earlier: &LogCommand, was_rejected: bool, later: &LogCommand) -> Folded {
    match (earlier, later) {
        (LogCommand::Create(new), LogCommand::Update { patch, .. }) => {
            Folded::Into(Command::Log(LogCommand::Create(NewActivity {
                entry: new.entry.edited(patch),
                ..new.clone()
            })))
        }
        (LogCommand::Create(_), LogCommand::Delete(_)) => Folded::Nothing,
        (LogCommand::Create(one), LogCommand::Create(other)) if one == other => Folded::Same,
        // Only what is to be done if the id is taken differs.
        (LogCommand::Create(one), LogCommand::Create(other))
            if (&one.id, &one.entry) == (&other.id, &other.entry) =>
        {
            Folded::Into(Command::Log(later.clone()))
        }
        (LogCommand::Update { .. }, LogCommand::Delete(entry)) if was_rejected => {
            Folded::Into(Command::Log(LogCommand::Delete(entry.clone())))
        }
        (LogCommand::Update { before, .. }, LogCommand::Delete(_)) => {
            Folded::Into(Command::Log(LogCommand::Delete(before.clone())))
        }
        (
            LogCommand::Update { before, patch },
            LogCommand::Update {
                before: seen,
                patch: later,
            },
        ) if !was_rejected => {
            let both = patch.followed_by(later);
            // A member that only the later edit changes has the base that its user saw.
            let mut base = before.clone();
            base.entry.apply(&later.previous(&seen.entry));
            base.entry.apply(&patch.previous(&before.entry));
            match base.entry.edited(&both).patch_from(&base.entry) {
                Some(patch) => Folded::Into(Command::Log(LogCommand::Update { before: base, patch })),
                None => Folded::Nothing,
            }
        }
        (LogCommand::Delete(_), LogCommand::Delete(_)) => Folded::Same,
        (
            LogCommand::Create(_) | LogCommand::Update { .. } | LogCommand::Delete(_),
            LogCommand::Create(_) | LogCommand::Update { .. },
        ) => Folded::Apart,
    }
}

fn fold_profile(earlier: &ProfileChange, later: &ProfileChange) -> Folded {
    let mut both = earlier.clone();
    for (name, value) in &later.patch {
        if !both.patch.contains_key(name)
            && let Some(before) = later.before.get(name)
        {
            both.before.insert(name.clone(), before.clone());
        }
        both.patch.insert(name.clone(), value.clone());
    }
    let ProfileChange { before, patch } = &mut both;
    patch.retain(|name, value| before.get(name).unwrap_or(&serde_json::Value::Null) != value);
    before.retain(|name, _| patch.contains_key(name));
    if patch.is_empty() {
        Folded::Nothing
    } else {
        Folded::Into(Command::Profile(both))
    }
}

/// A command without what it doesn't change; `None` if it changes nothing.
pub(super) fn effective(command: Command) -> Option<Command> {
    match command {
        Command::Log(LogCommand::Update { before, patch }) => {
            let patch = before.entry.edited(&patch).patch_from(&before.entry)?;
            Some(Command::Log(LogCommand::Update { before, patch }))
        }
        Command::Profile(change) => {
            let empty = ProfileChange {
                before: change.before.clone(),
                patch: super::Members::new(),
            };
            match fold_profile(&empty, &change) {
                Folded::Into(command) => Some(command),
                Folded::Nothing | Folded::Same | Folded::Apart => None,
            }
        }
        Command::Library(change) if change.edits.is_empty() => None,
        Command::Log(LogCommand::Create(_) | LogCommand::Delete(_))
        | Command::Weight(_)
        | Command::Library(_) => Some(command),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::{Activity, ActivityPatch, Entry};

    fn meal(kind: &str, kcal: u32) -> Entry {
        let moment = "2026-11-23T07:30:00Z".parse().unwrap();
        Entry::new(date(2026, 11, 23), moment, "Food", kind, kcal)
    }

    fn entry() -> impl Strategy<Value = Entry> {
        (0..4_u32, proptest::option::of("[ab]"), proptest::bool::ANY).prop_map(|(kcal, name, dinner)| Entry {
            name,
            ..meal(if dinner { "Dinner" } else { "Lunch" }, kcal)
        })
    }

    fn stored(entry: &Entry) -> Activity {
        Activity {
            id: "a".to_owned(),
            owner: "u".to_owned(),
            entry: entry.clone(),
            rev: 3,
        }
    }

    /// What an entry is after a command; `None` where there is none.
    fn after(entry: Option<Entry>, command: &LogCommand) -> Option<Entry> {
        match command {
            LogCommand::Create(new) => Some(new.entry.clone()),
            LogCommand::Update { patch, .. } => entry.map(|entry| entry.edited(patch)),
            LogCommand::Delete(_) => None,
        }
    }

    fn update(from: &Entry, to: &Entry) -> Option<LogCommand> {
        Some(LogCommand::Update {
            before: stored(from),
            patch: to.patch_from(from)?,
        })
    }

    proptest! {
        /// Of an entry that the backend has or hasn't, a user makes a change and another one.
        #[test]
        fn two_commands_folded_have_the_effect_of_both(
            known in proptest::option::of(entry()),
            first in proptest::option::of(entry()),
            second in proptest::option::of(entry()),
        ) {
            let new = |entry: &Entry| LogCommand::Create(NewActivity::new("a".to_owned(), entry.clone()));
            let step = |from: &Option<Entry>, to: &Option<Entry>| match (from, to) {
                (None, Some(entry)) => Some(new(entry)),
                (Some(from), Some(to)) => update(from, to),
                (Some(from), None) => Some(LogCommand::Delete(stored(from))),
                (None, None) => None,
            };
            if let (Some(one), Some(two)) = (step(&known, &first), step(&first, &second)) {
                let expected = after(after(known.clone(), &one), &two);
                match fold(&Command::Log(one.clone()), false, &Command::Log(two.clone())) {
                    Folded::Into(Command::Log(both)) => prop_assert_eq!(after(known, &both), expected),
                    Folded::Nothing => prop_assert_eq!(known, expected),
                    // An id that was deleted can't be used again.
                    Folded::Apart => prop_assert!(matches!(one, LogCommand::Delete(_))),
                    other => prop_assert!(false, "{other:?}"),
                }
            }
        }
    }

    #[test]
    fn an_edit_that_takes_back_an_unsent_one_leaves_nothing() {
        let lunch = meal("Lunch", 650);
        let more = Entry {
            kcal: 700,
            ..lunch.clone()
        };
        let (forth, back) = (update(&lunch, &more).unwrap(), update(&more, &lunch).unwrap());
        assert_eq!(
            fold(&Command::Log(forth), false, &Command::Log(back)),
            Folded::Nothing
        );
        let nothing = LogCommand::Update {
            before: stored(&lunch),
            patch: ActivityPatch::default(),
        };
        assert_eq!(effective(Command::Log(nothing)), None);
    }

    #[test]
    fn an_edit_or_a_deletion_of_a_rejected_create_replaces_it() {
        let lunch = meal("Lunch", 650);
        let more = Entry {
            kcal: 700,
            ..lunch.clone()
        };
        let create = |entry: &Entry| {
            Command::Log(LogCommand::Create(NewActivity::new(
                "a".to_owned(),
                entry.clone(),
            )))
        };
        let edit = Command::Log(update(&lunch, &more).unwrap());
        assert_eq!(fold(&create(&lunch), true, &edit), Folded::Into(create(&more)));
        let delete = Command::Log(LogCommand::Delete(stored(&lunch)));
        assert_eq!(fold(&create(&lunch), true, &delete), Folded::Nothing);
        assert_eq!(fold(&edit, true, &edit), Folded::Apart);
    }
}
