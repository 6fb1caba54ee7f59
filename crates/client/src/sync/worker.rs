//! The replica's own thread: SQLite blocks, and nothing else waits for it. It also reports what becomes of the day that is
//! shown, in the order of its transactions.

use std::{any::type_name, sync::Arc, thread::JoinHandle};

use jiff::civil::Date;
use tokio::sync::{mpsc, oneshot};

use super::{
    clock::{Clock, SystemClock},
    overview::Overview,
    report::Report,
    shown::{Shown, whole},
};
use crate::replica::{Change, DayStatus, Listing, Owner, Replica, ReplicaError};

/// Operations that may wait.
const MAX_QUEUED: usize = 64;
/// Entries of one transaction, days being stored as a whole: other operations follow in between.
const MAX_STORED: usize = 200;

type Operation<E> = Box<dyn FnOnce(&mut Desk<E>) + Send>;

/// What the thread owns.
struct Desk<E> {
    replica: Replica,
    profile: String,
    shown: Option<Shown>,
    /// The totals of all days, if they are watched.
    overview: Option<Overview>,
    reports: mpsc::Sender<E>,
    clock: Arc<dyn Clock>,
}

/// Queues operations for the replica's thread. Cloning shares it.
pub struct ReplicaHandle<E> {
    operations: mpsc::Sender<Operation<E>>,
    clock: Arc<dyn Clock>,
}

impl<E> Clone for ReplicaHandle<E> {
    fn clone(&self) -> Self {
        Self {
            operations: self.operations.clone(),
            clock: Arc::clone(&self.clock),
        }
    }
}

impl<E> std::fmt::Debug for ReplicaHandle<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(type_name::<Self>())
    }
}

/// The replica's thread, to be joined at the end.
#[derive(Debug)]
pub struct ReplicaThread(JoinHandle<()>);

/// Starts the thread. Reports of the day that is shown go to `reports`.
pub fn start<E: From<Report> + Send + 'static>(
    replica: Replica,
    profile: String,
    reports: mpsc::Sender<E>,
) -> (ReplicaHandle<E>, ReplicaThread) {
    start_on_clock(replica, profile, reports, Arc::new(SystemClock))
}

/// [`start`] on another clock.
pub fn start_on_clock<E: From<Report> + Send + 'static>(
    replica: Replica,
    profile: String,
    reports: mpsc::Sender<E>,
    clock: Arc<dyn Clock>,
) -> (ReplicaHandle<E>, ReplicaThread) {
    let handle_clock = Arc::clone(&clock);
    let (sender, mut operations) = mpsc::channel::<Operation<E>>(MAX_QUEUED);
    let thread = std::thread::spawn(move || {
        let mut desk = Desk {
            replica,
            profile,
            shown: None,
            overview: None,
            reports,
            clock,
        };
        while let Some(operation) = operations.blocking_recv() {
            operation(&mut desk);
        }
    });
    let handle = ReplicaHandle {
        operations: sender,
        clock: handle_clock,
    };
    (handle, ReplicaThread(thread))
}

impl ReplicaThread {
    /// Waits until every operation is done. Every [`ReplicaHandle`] must be dropped before.
    pub fn join(self) {
        if self.0.join().is_err() {
            tracing::error!("the replica's thread failed");
        }
    }
}

impl<E: From<Report> + Send + 'static> ReplicaHandle<E> {
    /// Runs an operation on the rows of a user; none if it failed, which is logged.
    pub async fn run<T: Send + 'static>(
        &self,
        sub: &str,
        operation: impl FnOnce(&mut Replica, Owner<'_>) -> Result<T, ReplicaError> + Send + 'static,
    ) -> Option<T> {
        let sub = sub.to_owned();
        self.queue(move |desk| {
            let owner = Owner {
                profile: &desk.profile,
                sub: &sub,
            };
            logged(operation(&mut desk.replica, owner))
        })
        .await
        .flatten()
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    async fn queue<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&mut Desk<E>) -> T + Send + 'static,
    ) -> Option<T> {
        let (reply, result) = oneshot::channel();
        let operation = Box::new(move |desk: &mut Desk<E>| {
            // The receiver may be gone.
            let _ = reply.send(operation(desk));
        });
        self.operations.send(operation).await.ok()?;
        result.await.ok()
    }

    /// Shows a day from now on: reports it as a whole, and then its changes. Returns whether its copy is settled.
    pub async fn show(&self, sub: &str, date: Date) -> bool {
        let sub = sub.to_owned();
        let shown = self.queue(move |desk| desk.show(sub, date)).await;
        shown.unwrap_or(false)
    }

    /// Reports the totals of all days now, and from now on those that change.
    pub async fn watch_totals(&self, sub: &str) {
        let sub = sub.to_owned();
        self.queue(move |desk| {
            desk.overview = Some(Overview::new(sub));
            desk.report_overview();
        })
        .await;
    }

    /// Applies events or acknowledgements; returns the days that they concern.
    pub async fn apply(&self, sub: &str, changes: Vec<Change>) -> Vec<DayStatus> {
        let sub = sub.to_owned();
        let days = self.queue(move |desk| desk.apply(&sub, changes)).await;
        days.unwrap_or_default()
    }

    /// Stores lists of days, in transactions of bounded size; returns the days afterwards.
    pub(super) async fn store(&self, sub: &str, lists: Vec<Listing>) -> Vec<DayStatus> {
        let mut days = Vec::new();
        let mut lists = lists.into_iter().peekable();
        while lists.peek().is_some() {
            let mut chunk = Vec::new();
            let mut entries = 0;
            while let Some(list) =
                lists.next_if(|list| chunk.is_empty() || entries + list.entries.len() <= MAX_STORED)
            {
                entries += list.entries.len();
                chunk.push(list);
            }
            let sub = sub.to_owned();
            let stored = self.queue(move |desk| desk.store(&sub, chunk)).await;
            days.extend(stored.into_iter().flatten());
        }
        days
    }
}

impl<E: From<Report>> Desk<E> {
    fn report(&self, report: Report) {
        // An error means that the program ends.
        let _ = self.reports.blocking_send(report.into());
    }

    fn show(&mut self, sub: String, date: Date) -> bool {
        self.shown = Some(Shown::new(sub, date));
        self.report_whole()
    }

    /// Reports the shown day as a whole; returns whether its copy is settled.
    fn report_whole(&mut self) -> bool {
        let Some(shown) = &mut self.shown else {
            return false;
        };
        let owner = Owner {
            profile: &self.profile,
            sub: &shown.sub,
        };
        let day = logged(self.replica.day(owner, shown.date)).flatten();
        let day = day.unwrap_or_else(|| whole(shown.date));
        shown.take_whole(&day);
        let is_settled = day.state.is_settled();
        let sub = shown.sub.clone();
        self.report(Report::Day { sub, day });
        is_settled
    }

    fn apply(&mut self, sub: &str, changes: Vec<Change>) -> Vec<DayStatus> {
        let owner = Owner {
            profile: &self.profile,
            sub,
        };
        let applied = logged(self.replica.apply(owner, changes.clone(), self.clock.now()));
        let shown = self.shown.as_mut().filter(|shown| shown.sub == sub);
        let Some((news, days)) = applied else {
            // The screens show it even if it can't be stored.
            let reports = shown.map_or_else(Vec::new, |shown| shown.changes(changes));
            for report in reports {
                self.report(report);
            }
            return Vec::new();
        };
        if let Some(shown) = shown {
            let news = changes
                .into_iter()
                .zip(news)
                .filter_map(|(change, is_news)| is_news.then_some(change));
            let reports = shown.changes(news.collect());
            self.compare(reports);
        }
        self.report_totals(sub, &days);
        days
    }

    /// Reports the totals of all days, if they are watched.
    fn report_overview(&mut self) {
        let Some(overview) = &mut self.overview else {
            return;
        };
        let owner = Owner {
            profile: &self.profile,
            sub: &overview.sub,
        };
        if let Some(days) = logged(self.replica.totals(owner)) {
            let report = overview.whole(days);
            self.report(report);
        }
    }

    /// Reports the totals of these days, as far as they have changed.
    fn report_totals(&mut self, sub: &str, days: &[DayStatus]) {
        let Some(overview) = self.overview.as_mut().filter(|overview| overview.sub == sub) else {
            return;
        };
        let owner = Owner {
            profile: &self.profile,
            sub,
        };
        let changed = days.iter().filter_map(|day| {
            let summary = logged(self.replica.summary(owner, day.date)).flatten();
            overview.day(summary?.totals?)
        });
        let reports: Vec<Report> = changed.collect();
        for report in reports {
            self.report(report);
        }
    }

    fn store(&mut self, sub: &str, lists: Vec<Listing>) -> Vec<DayStatus> {
        let owner = Owner {
            profile: &self.profile,
            sub,
        };
        let shown = self.shown.as_ref().filter(|shown| shown.sub == sub);
        let list = shown.and_then(|shown| lists.iter().find(|list| list.date == shown.date).cloned());
        let stored = logged(self.replica.store_lists(owner, lists, self.clock.now()));
        if stored.is_some() {
            self.compare(Vec::new());
        }
        if let Some(list) = list
            && let Some(shown) = &mut self.shown
        {
            let (sub, date) = (shown.sub.clone(), shown.date);
            if stored.is_none() {
                // The screens show it even if it can't be stored.
                let day = shown.take_list(list);
                self.report(Report::Day {
                    sub: sub.clone(),
                    day,
                });
            }
            self.report(Report::Answered { sub, date });
        }
        let stored = stored.unwrap_or_default();
        self.report_totals(sub, &stored);
        stored
    }

    /// Reports changes of the shown day, if they make it what the replica has; otherwise the whole day.
    fn compare(&mut self, reports: Vec<Report>) {
        let Some(shown) = &mut self.shown else { return };
        let owner = Owner {
            profile: &self.profile,
            sub: &shown.sub,
        };
        let summary = logged(self.replica.summary(owner, shown.date)).flatten();
        let Some(summary) = summary else {
            return;
        };
        if shown.proof() == summary.proof {
            let standing = shown.standing(summary);
            for report in reports.into_iter().chain(standing) {
                self.report(report);
            }
        } else {
            self.report_whole();
        }
    }

    /// Compares the shown day after the totals of many days changed.
    pub(super) fn refresh(&mut self) {
        self.compare(Vec::new());
        self.report_overview();
    }
}

impl<E: From<Report> + Send + 'static> ReplicaHandle<E> {
    /// Reports the shown day if it has changed otherwise than by [`ReplicaHandle::apply`].
    pub(super) async fn refresh(&self) {
        self.queue(Desk::refresh).await;
    }
}

fn logged<T>(result: Result<T, ReplicaError>) -> Option<T> {
    result
        .inspect_err(|error| tracing::warn!(%error, "an operation of the replica failed"))
        .ok()
}
