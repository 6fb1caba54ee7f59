//! The log: this computer's copy of a day, which sync keeps current, and the target.

pub mod budget;
pub mod day;
mod list;
pub mod rows;

use caltrack_domain::{Activity, LogCommand};
use jiff::civil::Date;

use self::day::{Changed, DayLog, Load};
use super::{
    effect::{Effect, Query},
    failure::Failure,
    model::{Connection, DayChange, DayCopy, Progress, Request, Target},
    shell::Shell,
};

/// What is known of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// The day on the screen.
    pub day: DayLog,
    /// The state of the connection.
    pub connection: Connection,
    /// The target from the profile.
    pub target: Target,
    /// How far the first sync is; none if there is nothing to wait for.
    pub progress: Option<Progress>,
    target_query: Request,
    /// Whether the connection was opened or failed since the user signed in.
    was_connected: bool,
    /// Counts the changes of what the rows follow from.
    revision: u64,
}

impl Log {
    pub(super) fn new(today: Date, target: Target) -> Self {
        Self {
            day: DayLog::new(today),
            connection: Connection::Connecting,
            target,
            progress: None,
            target_query: Request::default(),
            was_connected: false,
            revision: 0,
        }
    }

    /// Starts over for a user who has just signed in.
    pub(super) fn sign_in(&mut self, shell: &mut Shell) -> Vec<Effect> {
        self.connection = Connection::Connecting;
        self.progress = None;
        self.was_connected = false;
        let target = self.load_target(shell);
        self.day = DayLog::new(shell.now.date());
        vec![target, self.watch(false)]
    }

    /// Forgets the day and the target of a user whose session has ended.
    pub(super) fn sign_out(&mut self, today: Date) {
        self.target = Target::default();
        self.progress = None;
        self.day = DayLog::new(today);
    }

    /// Derives the rows, if anything has changed. `pending` is what is being saved, `saves` its revision, and `owner` the
    /// user's `sub`.
    pub(super) fn derive_rows<'a>(
        &mut self,
        pending: impl Iterator<Item = &'a LogCommand>,
        saves: u64,
        owner: &str,
    ) {
        let derived = Some((self.revision, saves));
        if self.day.derived != derived {
            let newest = self.day.list.entries().to_vec();
            let rows = rows::rows(self.day.date, newest, pending, owner);
            self.day.take_rows(rows);
            self.day.derived = derived;
        }
    }

    fn load_target(&mut self, shell: &mut Shell) -> Effect {
        self.target_query = shell.request();
        Effect::Load {
            request: self.target_query,
            query: Query::Target,
        }
    }

    /// Takes the target. If it can't be loaded, the previous one stays.
    pub(super) fn target_loaded(&mut self, request: Request, target: Target) {
        if request == self.target_query {
            self.target = target;
        }
    }

    /// Keeps the day on the screen current. `fresh`: queries it even if the copy is complete.
    pub(super) const fn watch(&self, fresh: bool) -> Effect {
        Effect::WatchDay {
            date: self.day.date,
            fresh,
        }
    }

    /// Queries the day and the target.
    pub(super) fn refresh(&mut self, shell: &mut Shell) -> Vec<Effect> {
        vec![self.load_target(shell), self.watch(true)]
    }

    /// Shows a day.
    pub(super) fn show(&mut self, date: Date, shell: &Shell) -> Effect {
        if date != self.day.date {
            self.day = DayLog::new(date);
        }
        self.day.is_following = date == shell.now.date();
        self.watch(false)
    }

    /// The day to show because the previous one has ended; none where another day is shown on purpose.
    pub(super) fn next_at_midnight(&self, shell: &Shell) -> Option<Date> {
        let today = shell.now.date();
        (self.day.is_following && self.day.date != today).then_some(today)
    }

    /// Takes the shown day as a whole; returns whether nothing was known of it before.
    pub(super) fn take_day(&mut self, day: DayCopy) -> bool {
        if day.date != self.day.date {
            return false;
        }
        self.revision += 1;
        self.day.take(day)
    }

    /// Takes a change of the shown day; returns whether nothing was known of it before.
    pub(super) fn change_day(&mut self, date: Date, change: DayChange) -> bool {
        if date != self.day.date {
            return false;
        }
        let before = self.revision;
        self.revision += 1;
        let Changed {
            is_first,
            rows_follow,
        } = self.day.change(change);
        if rows_follow
            && let Some((log, saves)) = self.day.derived
            && log == before
        {
            self.day.derived = Some((self.revision, saves));
        }
        is_first
    }

    /// The backend has answered a query of the day, or not.
    pub(super) fn answered(&mut self, date: Date, result: Result<(), Failure>) {
        if date == self.day.date {
            self.day.load = match result {
                Ok(()) => Load::Ready,
                Err(failure) => Load::Failed(failure),
            };
        }
    }

    /// Takes the connection's state; returns the query of the target if events were missed.
    pub(super) fn connected(&mut self, connection: Connection, shell: &mut Shell) -> Option<Effect> {
        let responds = matches!(connection, Connection::Live | Connection::Polling);
        // At first, the target is being loaded already.
        let is_back = responds && self.was_connected && self.connection != connection;
        self.was_connected |= !matches!(connection, Connection::Connecting);
        self.connection = connection;
        is_back.then(|| self.load_target(shell))
    }

    /// The newest version of an entry of the shown day; none if it is unknown or deleted.
    pub(super) fn newest(&self, id: &str) -> Option<&Activity> {
        self.day.list.get(id).map(AsRef::as_ref)
    }
}
