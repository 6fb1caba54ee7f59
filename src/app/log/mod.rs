//! The log: a day's entries and totals, kept fresh by queries and subscriptions.

pub mod budget;
pub mod day;
mod overlay;
pub mod rows;
mod settle;

use caltrack_domain::{Activity, DailyTotals, LogCommand};
use jiff::civil::Date;

use self::{
    day::{DayLog, DayQuery, Load},
    overlay::{Overlay, Version},
    settle::Next,
};
use super::{
    effect::{Effect, Query},
    failure::{Failure, FailureKind},
    model::{ChangeKind, Connection, Day, Request, Target},
    shell::{Shell, Tone},
};

/// What is known of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// The day on the screen.
    pub day: DayLog,
    /// The state of the connection.
    pub connection: Connection,
    /// What the budget follows from.
    pub target: Target,
    target_query: Request,
    overlay: Overlay,
    /// Counts the changes of what the rows follow from.
    revision: u64,
}

/// The result of an answer to a query of the day.
#[derive(Debug, PartialEq)]
pub(super) enum Listed {
    /// It was another query's.
    Ignored,
    /// The session has ended.
    SessionEnded(Failure),
    /// It failed, and these effects follow.
    Failed(Vec<Effect>),
    /// The day has a new list. [`Log::settle`] follows once the rows are derived.
    New {
        /// Whether nothing was known of the day before.
        is_first: bool,
        /// What [`Log::settle`] is to do.
        check: Check,
    },
}

/// What a new list leaves to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    Nothing,
    /// Query again: something happened while the query was in flight.
    Repeat,
    /// Compare the list with newer totals.
    Compare,
}

impl Log {
    pub(super) fn new(today: Date, target: Target) -> Self {
        Self {
            day: DayLog::new(today),
            connection: Connection::Connecting,
            target,
            target_query: Request::default(),
            overlay: Overlay::default(),
            revision: 0,
        }
    }

    /// Starts over for a user who has just signed in; `is_other` if it is another one than before.
    pub(super) fn sign_in(&mut self, shell: &mut Shell, is_other: bool) -> Vec<Effect> {
        if is_other {
            self.overlay = Overlay::default();
        }
        self.day = DayLog::new(shell.now.date());
        self.connection = Connection::Connecting;
        let target = self.load_target(shell);
        let wait = self.day.settle.wait_for_connection(shell.request());
        let mut effects = vec![target];
        effects.extend(self.follow(wait, shell));
        effects
    }

    /// Forgets the day and the target of a user whose session has ended.
    pub(super) fn sign_out(&mut self, today: Date) {
        self.target = Target::default();
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
            let newest = self.overlay.over(self.day.date, &self.day.list);
            let rows = rows::rows(self.day.date, newest, pending, owner);
            self.day.take_rows(rows);
            self.day.derived = derived;
        }
    }

    /// Takes what this computer remembers of the day, unless more is known; returns whether it was taken.
    pub(super) fn recall(&mut self, day: Day) -> bool {
        if self.day.is_known || day.totals.date != self.day.date {
            return false;
        }
        self.day.take_list(day.activities);
        self.day.take_totals(day.totals);
        self.revision += 1;
        true
    }

    /// As [`Log::recall`], for the answer to a query.
    pub(super) fn cached(&mut self, request: Request, day: Day) -> bool {
        self.is_querying(request) && self.recall(day)
    }

    fn is_querying(&self, request: Request) -> bool {
        let query = self.day.query.as_ref();
        query.is_some_and(|query| query.request == request)
    }

    fn load_target(&mut self, shell: &mut Shell) -> Effect {
        self.target_query = shell.request();
        Effect::Load {
            request: self.target_query,
            query: Query::Target,
        }
    }

    /// Takes the target. If it can't be loaded, the previous one stays; the day's own query reports the failure.
    pub(super) fn target_loaded(&mut self, request: Request, target: Target) {
        if request == self.target_query {
            self.target = target;
        }
    }

    pub(super) fn load(&mut self, shell: &mut Shell) -> Vec<Effect> {
        self.day.settle.queried();
        let request = shell.request();
        self.day.query = Some(DayQuery {
            request,
            sent: shell.now.timestamp(),
            version: self.day.version(),
            repeat: false,
        });
        vec![Effect::Load {
            request,
            query: Query::Day(self.day.date),
        }]
    }

    /// As [`Log::load`]; if a query is in flight, after its answer, so that what comes first is shown first.
    pub(super) fn load_after(&mut self, shell: &mut Shell) -> Vec<Effect> {
        match &mut self.day.query {
            Some(query) => {
                query.repeat = true;
                Vec::new()
            }
            None => self.load(shell),
        }
    }

    /// Queries the day and the target.
    pub(super) fn refresh(&mut self, shell: &mut Shell) -> Vec<Effect> {
        let mut effects = vec![self.load_target(shell)];
        effects.extend(self.load_after(shell));
        effects
    }

    /// Shows a day, and queries it.
    pub(super) fn show(&mut self, date: Date, shell: &mut Shell) -> Vec<Effect> {
        if date != self.day.date {
            self.day = DayLog::new(date);
        }
        self.day.is_following = date == shell.now.date();
        self.load(shell)
    }

    /// The day to show because the previous one has ended; none where another day is shown on purpose.
    pub(super) fn next_at_midnight(&self, shell: &Shell) -> Option<Date> {
        let today = shell.now.date();
        (self.day.is_following && self.day.date != today).then_some(today)
    }

    /// Takes the answer to a query of the day.
    pub(super) fn loaded(
        &mut self,
        request: Request,
        result: Result<Day, Failure>,
        shell: &mut Shell,
    ) -> Listed {
        let Some(query) = self.day.query.take_if(|query| query.request == request) else {
            return Listed::Ignored;
        };
        let day = match result {
            Ok(day) => day,
            Err(failure) if failure.kind == FailureKind::SignedOut => return Listed::SessionEnded(failure),
            Err(failure) => {
                self.day.load = Load::Failed(failure);
                let again = if query.repeat {
                    self.load(shell)
                } else {
                    Vec::new()
                };
                return Listed::Failed(again);
            }
        };
        let is_first = !self.day.is_known;
        self.day.load = Load::Ready;
        if let Some(notice) = day.notice {
            shell.notify(Tone::Info, notice);
        }
        let version = day.totals.version;
        self.day.take_totals(day.totals);
        self.day.take_list(day.activities);
        self.overlay
            .forget_listed(self.day.date, &self.day.list, query.sent);
        self.revision += 1;
        // The list may be older than what the newer totals count.
        let shown = self.day.version();
        let is_older = shown > Some(version) && shown > query.version;
        let check = match (query.repeat, is_older) {
            (true, _) => Check::Repeat,
            (false, true) => Check::Compare,
            (false, false) => Check::Nothing,
        };
        Listed::New { is_first, check }
    }

    /// Does what a new list left to do. The rows must be derived from it.
    pub(super) fn settle(&mut self, check: Check, shell: &mut Shell) -> Vec<Effect> {
        match check {
            Check::Nothing => Vec::new(),
            Check::Repeat => self.load(shell),
            Check::Compare => self.compare(shell),
        }
    }

    /// Takes totals from a subscription of `sub`, if they are newer.
    pub(super) fn live_totals(&mut self, totals: DailyTotals, shell: &mut Shell) -> Vec<Effect> {
        // An answer in flight is compared with them when it comes.
        if self.day.take_totals(totals) && self.day.query.is_none() {
            self.compare(shell)
        } else {
            Vec::new()
        }
    }

    fn compare(&mut self, shell: &mut Shell) -> Vec<Effect> {
        let settled = self.day.settled();
        let next = self.day.settle.compare(settled, || shell.request());
        self.follow(next, shell)
    }

    /// A wait has ended.
    pub(super) fn elapsed(&mut self, request: Request, shell: &mut Shell) -> Vec<Effect> {
        let day = &mut self.day;
        let mut settle = std::mem::take(&mut day.settle);
        let next = settle.elapsed(request, day.query.is_some(), || day.settled(), || shell.request());
        day.settle = settle;
        self.follow(next, shell)
    }

    fn follow(&mut self, next: Next, shell: &mut Shell) -> Vec<Effect> {
        match next {
            Next::Nothing => Vec::new(),
            Next::Wait(request) => vec![Effect::Debounce { request }],
            Next::Load => self.load(shell),
            Next::Cache(day) => vec![Effect::CacheDay(day)],
        }
    }

    /// Notes an event of an entry.
    pub(super) fn live_activity(&mut self, kind: ChangeKind, activity: Activity, shell: &Shell) {
        let before = self.revision;
        match kind {
            ChangeKind::Created => {
                self.note(activity.clone(), false, shell);
                // The other rows stay as they are if the entry is new.
                let is_newest = self.overlay.newest(&activity.id) == Some(Version::Stored(&activity));
                if is_newest
                    && let Some((log, saves)) = self.day.derived
                    && log == before
                    && self.day.insert(&activity)
                {
                    self.day.derived = Some((self.revision, saves));
                }
            }
            ChangeKind::Updated => self.note(activity, false, shell),
            ChangeKind::Deleted => self.note(activity, true, shell),
        }
    }

    /// Notes a version of an entry, or its deletion.
    pub(super) fn note(&mut self, activity: Activity, deleted: bool, shell: &Shell) {
        self.overlay.note(activity, deleted, shell.now.timestamp());
        self.revision += 1;
    }

    /// What follows a save of this program: a query, unless a subscription will report its effect on the totals.
    pub(super) fn catch_up(&mut self, shell: &mut Shell) -> Vec<Effect> {
        match self.connection {
            Connection::Live => Vec::new(),
            Connection::Connecting | Connection::Polling | Connection::Offline { .. } => {
                self.load_after(shell)
            }
        }
    }

    /// Takes the connection's state.
    pub(super) fn connected(&mut self, connection: Connection, shell: &mut Shell) -> Connected {
        let answers = matches!(connection, Connection::Live | Connection::Polling);
        let has_changed = self.connection != connection;
        let is_settled = !matches!(connection, Connection::Connecting);
        self.connection = connection;
        if is_settled && self.day.settle.waits_for_connection() {
            return Connected::First(self.load(shell));
        }
        if answers && has_changed {
            Connected::Again
        } else {
            Connected::Same
        }
    }

    /// The newest version of an entry; none if it is unknown or deleted.
    pub(super) fn newest(&self, id: &str) -> Option<&Activity> {
        let listed = self.day.list.iter().find(|activity| activity.id == id);
        match (self.overlay.newest(id), listed) {
            (Some(Version::Deleted), _) => None,
            (Some(Version::Stored(known)), Some(listed)) if listed.rev > known.rev => Some(listed),
            (Some(Version::Stored(known)), _) => Some(known),
            (None, listed) => listed.map(AsRef::as_ref),
        }
    }
}

/// What a change of the connection means for the log.
#[derive(Debug, PartialEq)]
pub(super) enum Connected {
    /// The day waited for it, and is queried now.
    First(Vec<Effect>),
    /// Events before it were missed: everything is to be queried again.
    Again,
    Same,
}
