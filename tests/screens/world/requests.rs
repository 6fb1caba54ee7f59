//! What the screens ask for: the effects of the last thing that happened.

use caltrack_domain::LogCommand;
use caltrack_tui::app::{Effect, Query, Request};

use super::{DayLoad, World};
use crate::{
    entries::{Edit, Entry},
    pool::Ask,
};
use caltrack_domain::DailyTotals;

/// A number that no request has.
pub(crate) const UNKNOWN: Request = Request(9_999);

/// The one thing that is asked for; the test fails where it is something else, or more.
impl World {
    #[track_caller]
    fn one(&self, wanted: &str) -> &Effect {
        match self.effects.as_slice() {
            [one] => one,
            other => panic!("expected {wanted} alone, not {other:?}\n{}", self.screen(80, 24)),
        }
    }

    /// A new entry is to be saved.
    #[track_caller]
    pub(crate) fn created(&self) -> (Request, Entry) {
        match self.one("a create") {
            Effect::Save {
                request,
                command: LogCommand::Create(new),
            } => (*request, Entry::of_new(new)),
            other => panic!("expected a create, not {other:?}\n{}", self.screen(80, 24)),
        }
    }

    #[track_caller]
    pub(crate) fn updating(&self) -> (Request, Edit) {
        match self.one("an update") {
            Effect::Save {
                request,
                command: LogCommand::Update { before, patch },
            } => (*request, Edit::of(&before.id, patch, Some(before.rev))),
            other => panic!("expected an update, not {other:?}\n{}", self.screen(80, 24)),
        }
    }

    /// The entry of this id is to be deleted.
    #[track_caller]
    pub(crate) fn deleting(&self) -> (Request, String) {
        match self.one("a delete") {
            Effect::Save {
                request,
                command: LogCommand::Delete(activity),
            } => (*request, activity.id.clone()),
            other => panic!("expected a delete, not {other:?}\n{}", self.screen(80, 24)),
        }
    }

    /// The user pool is asked.
    #[track_caller]
    pub(crate) fn asked(&self) -> (Request, Ask) {
        match self.one("a question to the user pool") {
            Effect::Account { request, command } => (*request, command.clone()),
            other => panic!("expected a question to the user pool, not {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn loading(&self) -> DayLoad {
        match self.one("a load of a day") {
            Effect::Load {
                request,
                query: Query::Day(date),
            } => DayLoad {
                request: *request,
                date: *date,
            },
            other => panic!("expected a load of a day, not {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn pausing(&self) -> Request {
        match self.one("a pause") {
            Effect::Debounce { request } => *request,
            other => panic!("expected a pause, not {other:?}"),
        }
    }

    /// The day is to be cached as it is now.
    #[track_caller]
    pub(crate) fn caching(&self) -> (Vec<Entry>, DailyTotals) {
        match self.one("a day for the cache") {
            Effect::CacheDay(day) => (day.activities.iter().map(Entry::of).collect(), day.totals.clone()),
            other => panic!("expected a day for the cache, not {other:?}"),
        }
    }

    /// Nothing at all is asked for.
    #[track_caller]
    pub(crate) fn asks_nothing(&mut self) -> &mut Self {
        assert_eq!(self.effects, [], "\n{}", self.screen(80, 24));
        self
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
            Effect::Load {
                request,
                query: Query::Day(date),
            } => Some(DayLoad {
                request: *request,
                date: *date,
            }),
            _ => None,
        })
    }

    pub(crate) fn target_load(&self) -> Option<Request> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Load {
                request,
                query: Query::Target,
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

    pub(crate) fn pause(&self) -> Option<Request> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Debounce { request } => Some(*request),
            _ => None,
        })
    }

    /// The live connection comes before everything else.
    pub(crate) fn connects_first(&self) -> bool {
        self.effects.first() == Some(&Effect::Connect)
    }
}
