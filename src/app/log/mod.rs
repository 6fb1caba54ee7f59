//! The log: this computer's copy of a day, which sync keeps current, and the targets.

pub mod budget;
pub mod day;
mod list;
pub mod rows;

use caltrack_domain::{Activity, TargetKcal, Targets};
use jiff::civil::Date;

use self::{
    budget::Target,
    day::{Changed, DayLog, Load},
    rows::Pending,
};
use super::{
    effect::{Effect, Query},
    failure::Failure,
    model::{Connection, DayChange, DayCopy, Progress, Request, Settings},
    shell::Shell,
};

/// What is known of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// The day on the screen.
    pub day: DayLog,
    /// The state of the connection.
    pub connection: Connection,
    targets: Targets,
    count_exercise: bool,
    /// How far the first sync is; none if there is nothing to wait for.
    pub progress: Option<Progress>,
    settings_query: Request,
    /// Whether the connection was opened or failed since the user signed in.
    was_connected: bool,
    /// Counts the changes of what the rows follow from.
    revision: u64,
}

impl Log {
    pub(super) fn new(today: Date, settings: &Settings) -> Self {
        Self {
            day: DayLog::new(today),
            connection: Connection::Connecting,
            targets: settings.targets.clone(),
            count_exercise: settings.count_exercise,
            progress: None,
            settings_query: Request::default(),
            was_connected: false,
            revision: 0,
        }
    }

    /// Starts over for a user who has just signed in.
    pub(super) fn sign_in(&mut self, shell: &mut Shell) -> Vec<Effect> {
        self.connection = Connection::Connecting;
        self.progress = None;
        self.was_connected = false;
        let settings = self.load_settings(shell);
        self.day = self.day.followed_by(shell.today());
        vec![settings, self.watch(false)]
    }

    /// Forgets the day and the targets of a user whose session has ended.
    pub(super) fn sign_out(&mut self, today: Date) {
        self.targets = Targets::default();
        self.count_exercise = true;
        self.progress = None;
        self.day = self.day.followed_by(today);
    }

    /// Derives the rows, if anything has changed. `pending` is what the backend has not acknowledged, `outbox` its revision,
    /// and `owner` the user's `sub`.
    pub(super) fn derive_rows<'a>(
        &mut self,
        pending: impl FnOnce(&DayLog) -> Pending<'a>,
        outbox: u64,
        owner: &str,
    ) {
        let derived = Some((self.revision, outbox));
        if self.day.derived != derived {
            let pending = pending(&self.day);
            self.day.derive(&pending, owner);
            self.day.derived = derived;
        }
    }

    /// Queries what the profile decides.
    pub(super) fn load_settings(&mut self, shell: &mut Shell) -> Effect {
        self.settings_query = shell.request();
        Effect::Load {
            request: self.settings_query,
            query: Query::Settings,
        }
    }

    /// Whether a query of the settings is the newest; the answers to others are ignored.
    pub(super) fn awaits_settings(&self, request: Request) -> bool {
        request == self.settings_query
    }

    /// Takes what the budgets follow from. If it can't be loaded, the previous settings stay.
    pub(super) fn take_settings(&mut self, targets: Targets, count_exercise: bool) {
        self.targets = targets;
        self.count_exercise = count_exercise;
    }

    /// The target of the shown day.
    pub fn target(&self) -> Target {
        self.target_on(self.day.date)
    }

    /// The target that lasts on a day, of every weekday.
    pub fn target_kcal(&self, date: Date) -> TargetKcal {
        self.targets.present(date)
    }

    /// The target of a day.
    pub fn target_on(&self, date: Date) -> Target {
        Target {
            kcal: self.targets.on(date),
            count_exercise: self.count_exercise,
        }
    }

    /// Keeps the day on the screen current. `fresh`: queries it even if the copy is complete.
    pub(super) const fn watch(&self, fresh: bool) -> Effect {
        Effect::WatchDay {
            date: self.day.date,
            fresh,
        }
    }

    /// Queries the day and the settings.
    pub(super) fn refresh(&mut self, shell: &mut Shell) -> Vec<Effect> {
        vec![self.load_settings(shell), self.watch(true)]
    }

    /// Shows a day.
    pub(super) fn show(&mut self, date: Date, shell: &Shell) -> Effect {
        if date != self.day.date {
            self.day = self.day.followed_by(date);
        }
        self.day.is_following = date == shell.today();
        self.watch(false)
    }

    /// The day to show because the previous one has ended; none where another day is shown on purpose.
    pub(super) fn next_day(&self, shell: &Shell) -> Option<Date> {
        let today = shell.today();
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

    /// Takes a change of the shown day; returns whether nothing was known of it before. `is_pending`: whether an entry has
    /// changes that are not acknowledged.
    pub(super) fn change_day(
        &mut self,
        date: Date,
        change: DayChange,
        is_pending: impl FnOnce(&str) -> bool,
    ) -> bool {
        if date != self.day.date {
            return false;
        }
        let before = self.revision;
        self.revision += 1;
        let Changed {
            is_first,
            rows_follow,
        } = self.day.change(change, is_pending);
        if rows_follow
            && let Some((log, outbox)) = self.day.derived
            && log == before
        {
            self.day.derived = Some((self.revision, outbox));
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

    /// Takes the connection's state; returns the query of the settings if events were missed.
    pub(super) fn connected(&mut self, connection: Connection, shell: &mut Shell) -> Option<Effect> {
        let responds = matches!(connection, Connection::Live | Connection::Polling);
        // At first, the settings are being loaded already.
        let is_back = responds && self.was_connected && self.connection != connection;
        self.was_connected |= !matches!(connection, Connection::Connecting);
        self.connection = connection;
        is_back.then(|| self.load_settings(shell))
    }

    /// The newest version of an entry of the shown day; none if it is unknown or deleted.
    pub(super) fn newest(&self, id: &str) -> Option<&Activity> {
        self.day.list.get(id).map(AsRef::as_ref)
    }
}
