//! The requests of the screens: the effects of the last message.

use caltrack_domain::LogCommand;
use caltrack_tui::app::{Effect, Query, Request, preferences::Preferences};

use super::{DayLoad, World};
use crate::{
    entries::{Edit, Entry},
    pool::Command,
};

/// A number that no request has.
pub(crate) const UNKNOWN: Request = Request(9_999);

/// The only request; the test fails if there is another one, or none.
impl World {
    #[track_caller]
    fn one(&self, expected: &str) -> &Effect {
        match self.effects.as_slice() {
            [one] => one,
            other => panic!(
                "expected {expected} alone, not {other:?}\n{}",
                self.screen(80, 24)
            ),
        }
    }

    /// The only change: to be saved, or queued by an undo.
    #[track_caller]
    fn change(&self, expected: &str) -> (Request, &LogCommand) {
        match (self.effects.as_slice(), self.undone_command()) {
            (
                [
                    Effect::Save {
                        request, commands, ..
                    },
                ],
                _,
            ) => match commands.as_slice() {
                [command] => (*request, command),
                other => panic!("expected {expected} alone, not {other:?}"),
            },
            ([Effect::Undo(_)] | [], Some((request, command))) => (request, command),
            (other, _) => panic!("expected {expected}, not {other:?}\n{}", self.screen(80, 24)),
        }
    }

    /// A new entry is to be saved.
    #[track_caller]
    pub(crate) fn created(&self) -> (Request, Entry) {
        match self.change("a create") {
            (request, LogCommand::Create(new)) => (request, Entry::of_new(new)),
            other => panic!("expected a create, not {other:?}\n{}", self.screen(80, 24)),
        }
    }

    #[track_caller]
    pub(crate) fn updating(&self) -> (Request, Edit) {
        match self.change("an update") {
            (request, LogCommand::Update { before, patch }) => {
                (request, Edit::of(&before.id, patch, Some(before.rev)))
            }
            other => panic!("expected an update, not {other:?}\n{}", self.screen(80, 24)),
        }
    }

    /// The entry of this id is to be deleted.
    #[track_caller]
    pub(crate) fn deleting(&self) -> (Request, String) {
        match self.change("a delete") {
            (request, LogCommand::Delete(activity)) => (request, activity.id.clone()),
            other => panic!("expected a delete, not {other:?}\n{}", self.screen(80, 24)),
        }
    }

    /// A command to the user pool.
    #[track_caller]
    pub(crate) fn account_command(&self) -> (Request, Command) {
        match self.one("a question to the user pool") {
            Effect::Account { request, command } => (*request, command.clone()),
            other => panic!("expected a question to the user pool, not {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn loading(&self) -> DayLoad {
        match self.one("a load of a day") {
            Effect::WatchDay { date, fresh } => DayLoad {
                date: *date,
                fresh: *fresh,
            },
            other => panic!("expected a load of a day, not {other:?}"),
        }
    }

    /// The last message leads to no request at all.
    #[track_caller]
    pub(crate) fn requests_nothing(&mut self) -> &mut Self {
        assert_eq!(self.effects, [], "\n{}", self.screen(80, 24));
        self
    }

    /// The last requests of any kind.
    pub(crate) fn loads(&self) -> Vec<Effect> {
        self.effects.clone()
    }

    /// What the user prefers to see, if it is to be kept.
    pub(crate) fn kept_preferences(&self) -> Option<Preferences> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::KeepPreferences(kept) => Some(*kept),
            _ => None,
        })
    }

    pub(crate) fn quits(&self) -> bool {
        self.effects == [Effect::Quit]
    }

    pub(crate) fn suspends(&self) -> bool {
        self.effects == [Effect::Suspend]
    }

    pub(crate) fn signs_out(&self) -> bool {
        self.effects == [Effect::SignOut { everywhere: false }]
    }

    pub(crate) fn signs_out_everywhere(&self) -> bool {
        self.effects == [Effect::SignOut { everywhere: true }]
    }
}

/// What may be among several things.
impl World {
    pub(crate) fn load(&self) -> Option<DayLoad> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::WatchDay { date, fresh } => Some(DayLoad {
                date: *date,
                fresh: *fresh,
            }),
            _ => None,
        })
    }

    pub(crate) fn target_load(&self) -> Option<Request> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Load {
                request,
                query: Query::Settings,
            } => Some(*request),
            _ => None,
        })
    }

    pub(crate) fn loads_categories(&self) -> bool {
        self.categories_load().is_some()
    }

    pub(crate) fn categories_load(&self) -> Option<Request> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Load {
                request,
                query: Query::Categories,
            } => Some(*request),
            _ => None,
        })
    }

    /// Whether the live connection is the first request.
    pub(crate) fn connects_first(&self) -> bool {
        self.effects.first() == Some(&Effect::Connect)
    }
}
