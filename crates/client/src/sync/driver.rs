//! Performs the plan for one user: events of the live connection and commands in, requests and reports out.

use std::{sync::Arc, time::Duration};

use caltrack_domain::FailureKind;
use futures_util::future::BoxFuture;
use jiff::{Timestamp, civil::Date};
use tokio::{
    sync::{
        mpsc::{Receiver, Sender, channel, error::TryRecvError},
        watch,
    },
    task::JoinSet,
};

use super::{
    plan::{Event, Link, Plan, Progress},
    report::Report,
    requests::{Done, Requests},
    worker::ReplicaHandle,
};
use crate::{
    api::{ApiError, Client, ConnectionState, RealtimeEvent},
    replica::{Change, DayStatus},
};

/// Events of the live connection that may wait; so many are applied in one transaction.
const MAX_EVENTS: usize = 256;
/// A computer may sleep, and timers with it.
const MAX_NAP: Duration = Duration::from_secs(30);

/// Completes once the backend is ready for requests, or with the reason why it never is.
pub type Readiness = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// The day that the screens show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// The day.
    pub date: Date,
    /// Counts the wishes to query it even if its copy is complete.
    pub refreshes: u64,
    /// Counts all wishes, so that each is noticed.
    pub number: u64,
}

/// What the screens send to sync.
#[derive(Debug)]
pub struct Commands {
    /// The day that they show.
    pub watched: watch::Receiver<Option<Watched>>,
    /// Days after an acknowledged change of this program, which is in the replica.
    pub changed: Receiver<Vec<DayStatus>>,
}

/// Sync of one user.
#[expect(missing_debug_implementations, reason = "a backend's readiness has none")]
pub struct SyncDriver<E> {
    requests: Requests<E>,
    ready: Readiness,
    reports: Sender<E>,
    plan: Plan,
    watched: Option<Watched>,
    progress: Option<Progress>,
}

impl<E: From<Report> + Send + 'static> SyncDriver<E> {
    /// Sync of the user `sub`, who is signed in.
    pub fn new(
        client: Client,
        replica: ReplicaHandle<E>,
        sub: String,
        ready: Readiness,
        reports: Sender<E>,
    ) -> Self {
        Self {
            requests: Requests { client, replica, sub },
            ready,
            reports,
            plan: Plan::default(),
            watched: None,
            progress: None,
        }
    }

    fn now(&self) -> Timestamp {
        self.requests.replica.clock().now()
    }

    async fn report(&self, report: Report) {
        // An error means that the program ends.
        let _ = self.reports.send(report.into()).await;
    }

    /// Follows the backend until the session ends or the sender of the commands is gone.
    pub async fn run(mut self, mut commands: Commands) {
        commands.watched.mark_changed();
        let (sender, mut events) = channel(MAX_EVENTS);
        let mut requests: JoinSet<Done> = JoinSet::new();
        let (client, ready) = (self.requests.client.clone(), Arc::clone(&self.ready));
        let listen = async move {
            match ready().await {
                Ok(()) => client.listen(sender).await,
                Err(reason) => ApiError::Unreachable(reason),
            }
        };
        tokio::pin!(listen);
        let mut is_listening = true;
        loop {
            self.send_due(&mut requests);
            self.report_progress().await;
            let nap = self.requests.replica.clock().sleep(self.nap());
            tokio::select! {
                event = events.recv(), if is_listening => match event {
                    Some(event) => {
                        let mut batch = vec![event];
                        while batch.len() < MAX_EVENTS {
                            match events.try_recv() {
                                Ok(event) => batch.push(event),
                                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
                            }
                        }
                        self.take_events(batch).await;
                    }
                    None => is_listening = false,
                },
                ended = &mut listen, if is_listening => {
                    is_listening = false;
                    match ended {
                        error @ ApiError::SignedOut(_) => {
                            self.report(Report::SignedOut(error)).await;
                            return;
                        }
                        error => {
                            let reason = Some(error.to_string());
                            self.report(Report::Connection(ConnectionState::Offline, reason)).await;
                            self.plan.take(Event::Link(Link::Down, false), self.now());
                        }
                    }
                },
                changed = commands.watched.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let watched = *commands.watched.borrow_and_update();
                    if let Some(watched) = watched {
                        self.watch(watched).await;
                    }
                }
                Some(days) = commands.changed.recv() => {
                    let event = Event::Changed {
                        days,
                        totals: false,
                        own: true,
                    };
                    self.plan.take(event, self.now());
                }
                Some(done) = requests.join_next(), if !requests.is_empty() => match done {
                    Ok(done) => {
                        if self.finish(done).await.is_err() {
                            return;
                        }
                    }
                    Err(error) => tracing::error!(%error, "a request of sync failed"),
                },
                () = nap => {}
            }
        }
    }

    fn send_due(&mut self, requests: &mut JoinSet<Done>) {
        while let Some((number, request)) = self.plan.next(self.now()) {
            tracing::debug!(?request, "sync");
            let (ready, performer) = (Arc::clone(&self.ready), self.requests.clone());
            requests.spawn(async move {
                match ready().await {
                    Ok(()) => performer.perform(number, request).await,
                    Err(reason) => Done {
                        event: Event::Failed {
                            number,
                            transient: true,
                        },
                        error: Some(ApiError::Unreachable(reason)),
                        notice: None,
                    },
                }
            });
        }
    }

    async fn report_progress(&mut self) {
        let progress = self.plan.progress();
        if progress != self.progress {
            self.progress = progress;
            self.report(Report::Progress(progress)).await;
        }
    }

    fn nap(&self) -> Duration {
        let due = self.plan.due().map(|due| due.duration_since(self.now()));
        due.map_or(MAX_NAP, |nap| Duration::try_from(nap).unwrap_or_default())
            .clamp(Duration::from_millis(1), MAX_NAP)
    }

    /// Takes events in their order. Adjacent changes are applied in one transaction.
    async fn take_events(&mut self, events: Vec<RealtimeEvent>) {
        let mut changes = Vec::new();
        for event in events {
            match event {
                RealtimeEvent::Activity(kind, activity) => {
                    if activity.owner == self.requests.sub {
                        changes.push(Change::Entry(kind, activity));
                    }
                }
                RealtimeEvent::Totals(totals) => changes.push(Change::Totals(totals)),
                RealtimeEvent::Connection(state) => {
                    self.apply(std::mem::take(&mut changes)).await;
                    self.connection(state).await;
                }
                RealtimeEvent::User { rev } => self.report(Report::User { rev }).await,
                RealtimeEvent::PollTick => self.plan.take(Event::PollTick, self.now()),
                RealtimeEvent::Notice(text) => self.report(Report::Notice(text)).await,
            }
        }
        self.apply(changes).await;
    }

    async fn apply(&mut self, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        let totals = changes.iter().any(|change| matches!(change, Change::Totals(_)));
        let days = self.requests.replica.apply(&self.requests.sub, changes).await;
        let event = Event::Changed {
            days,
            totals,
            own: false,
        };
        self.plan.take(event, self.now());
    }

    async fn connection(&mut self, state: ConnectionState) {
        self.report(Report::Connection(state, None)).await;
        let now = self.now();
        let link = match state {
            ConnectionState::Connecting => Link::Connecting,
            ConnectionState::Live => Link::Live,
            ConnectionState::Polling => Link::Polling,
            ConnectionState::Offline => Link::Down,
        };
        let older_due = self.requests.older_due(now).await;
        self.plan.take(Event::Link(link, older_due), now);
    }

    async fn watch(&mut self, watched: Watched) {
        let Watched { date, refreshes, .. } = watched;
        let fresh = self.watched.map_or(0, |before| before.refreshes) < refreshes;
        self.watched = Some(watched);
        let settled = self.requests.replica.show(&self.requests.sub, date).await;
        let event = Event::Watch { date, fresh, settled };
        self.plan.take(event, self.now());
    }

    fn is_watched(&self, date: Date) -> bool {
        self.watched.is_some_and(|watched| watched.date == date)
    }

    /// Takes the result of a request. Fails if the session has ended.
    async fn finish(&mut self, done: Done) -> Result<(), ()> {
        let Done { event, error, notice } = done;
        if let Some(error) = error {
            if error.kind() == FailureKind::SignedOut {
                self.report(Report::SignedOut(error)).await;
                return Err(());
            }
            tracing::info!(%error, "a request of sync failed");
            if let Event::Failed { number, .. } = &event
                && let Some(Watched { date, .. }) = self.watched
                && self.plan.days_of(*number).contains(&date)
            {
                let sub = self.requests.sub.clone();
                self.report(Report::DayFailed { sub, date, error }).await;
            }
        }
        if let Some((date, text)) = notice
            && self.is_watched(date)
        {
            self.report(Report::Notice(text)).await;
        }
        self.plan.take(event, self.now());
        Ok(())
    }
}
