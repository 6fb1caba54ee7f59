//! Performs effects, each in a task of its own that only sends messages.

use std::{future::Future, io, panic::AssertUnwindSafe, time::Duration};

use caltrack_client::replica::{Change, DayStatus};
use caltrack_domain::{Activity, ChangeKind, LogCommand};
use futures_util::FutureExt as _;
use tokio::{sync::mpsc, task::JoinSet};

use super::{account, context::Context, event::Event, queries, signals, sync::SyncTask};
use crate::{
    app::{
        self, Answer, Connection, Effect, Failure, FailureKind, Message, Query, Request,
        session::command::{AccountAnswer, AccountCommand},
    },
    embedded::{HostStatus, ShareHandle},
};

/// How long the program's end waits for saves in flight.
const MAX_FLUSH: Duration = Duration::from_secs(3);

/// Whether the program continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Continue,
    Quit,
}

pub(super) struct EffectRunner {
    context: Context,
    events: mpsc::Sender<Event>,
    saves: JoinSet<()>,
    others: JoinSet<()>,
    sync: SyncTask,
    /// The task that watches the host of the box.
    watch: JoinSet<()>,
}

impl EffectRunner {
    pub(super) fn new(context: Context, events: mpsc::Sender<Event>) -> Self {
        Self {
            context,
            events,
            saves: JoinSet::new(),
            others: JoinSet::new(),
            sync: SyncTask::new(),
            watch: JoinSet::new(),
        }
    }

    /// This program's share in the box; none on a remote profile.
    pub(super) fn share(&self) -> Option<ShareHandle> {
        self.context.share.clone()
    }

    /// Performs an effect.
    ///
    /// # Errors
    ///
    /// The system's, for a suspension.
    pub(super) fn run(&mut self, effect: Effect) -> io::Result<Flow> {
        match effect {
            Effect::Account { request, command } => self.account(request, command),
            Effect::SignOut { everywhere } => self.sign_out(everywhere),
            Effect::Connect => self.connect(),
            Effect::Load { request, query } => self.load(request, query),
            Effect::WatchDay { date, fresh } => self.sync.watch(date, fresh),
            Effect::WatchTotals => self.watch_totals(),
            Effect::Save { request, command } => self.save(request, command),
            // It comes back as a signal to the whole job.
            Effect::Suspend => signals::ask_to_stop()?,
            Effect::Quit => return Ok(Flow::Quit),
        }
        Ok(Flow::Continue)
    }

    /// Reports a box that can't be opened, since the screens have nothing to show then, and a host that doesn't respond.
    pub(super) fn watch_backend(&mut self) {
        let Some(share) = self.share() else {
            return;
        };
        let events = self.events.clone();
        self.watch.spawn(async move {
            let mut readiness = share.readiness();
            let mut silent = false;
            loop {
                let event = match readiness.next().await {
                    HostStatus::Failed(error) => Event::StartFailed(error.into()),
                    HostStatus::Silent(host) => {
                        silent = true;
                        let reason = Some(host.in_short());
                        Event::Message(Message::Connection(Connection::Offline { reason }))
                    }
                    HostStatus::Ready if std::mem::take(&mut silent) => Event::HostResponds,
                    HostStatus::Ready => continue,
                };
                let is_last = matches!(event, Event::StartFailed(_));
                // An error means that the program ends.
                if events.send(event).await.is_err() || is_last {
                    return;
                }
            }
        });
    }

    /// Executes a command on the user pool. Signing in also loads the categories, so that a quick line works at once.
    fn account(&mut self, request: Request, command: AccountCommand) {
        let events = self.events.clone();
        let answer = move |result| Message::Account { request, result };
        self.spawn(Kind::Other, answer, async move |context| {
            let answer = account::execute(&context, command).await?;
            if matches!(answer, AccountAnswer::SignedIn(_))
                && let Ok(categories) = context.client.categories().await
            {
                // The query that follows reports a failure. A send error means that the program ends.
                let result = Ok(Answer::Categories(categories));
                let _ = events
                    .send(Event::Message(Message::Loaded { request, result }))
                    .await;
            }
            Ok(answer)
        });
    }

    fn sign_out(&mut self, everywhere: bool) {
        self.sync.stop();
        self.others.abort_all();
        self.saves.abort_all();
        let answer = |result: Result<(), Failure>| match result {
            Ok(()) => Message::SignedOut { reason: None },
            Err(failure) => Message::Notice(app::text::failed(&failure, "you are still signed in")),
        };
        self.spawn(Kind::Other, answer, async move |context| {
            if everywhere {
                context.client.sign_out_everywhere().await?;
            } else {
                context.client.sign_out().await?;
            }
            Ok(())
        });
    }

    /// Starts sync, in place of the one before.
    pub(super) fn connect(&mut self) {
        self.sync.start(&self.context, self.events.clone());
    }

    fn load(&mut self, request: Request, query: Query) {
        let answer = move |result| Message::Loaded { request, result };
        self.spawn(Kind::Other, answer, async move |context| {
            queries::load(&context, query).await
        });
    }

    fn watch_totals(&mut self) {
        let (context, sub) = (self.context.clone(), self.context.sub());
        if let Some(sub) = sub {
            // The replica needs no backend.
            self.others
                .spawn(async move { context.replica.watch_totals(&sub).await });
        }
    }

    fn save(&mut self, request: Request, command: LogCommand) {
        let answer = move |result| Message::Saved { request, result };
        let sync = self.sync.changed();
        self.spawn(Kind::Save, answer, async move |context| {
            save(&context, command, sync).await
        });
    }

    /// Runs a task once the backend is ready, and sends its result, even if it panics.
    fn spawn<T, Work, Task, Answer>(&mut self, kind: Kind, answer: Answer, work: Work)
    where
        T: Send + 'static,
        Work: FnOnce(Context) -> Task + Send + 'static,
        Task: Future<Output = Result<T, Failure>> + Send + 'static,
        Answer: FnOnce(Result<T, Failure>) -> Message + Send + 'static,
    {
        let context = self.context.clone();
        let events = self.events.clone();
        let task = async move {
            let task = AssertUnwindSafe(async {
                if let Some(share) = &context.share {
                    share.readiness().wait().await?;
                }
                work(context).await
            });
            let result = task.catch_unwind().await.unwrap_or_else(|_| Err(fault()));
            // An error means that the program ends.
            let _ = events.send(Event::Message(answer(result))).await;
        };
        let tasks = match kind {
            Kind::Save => &mut self.saves,
            Kind::Other => &mut self.others,
        };
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Waits for saves in flight, up to 3 s, and aborts everything else.
    pub(super) async fn end(mut self) {
        self.watch.shutdown().await;
        self.sync.end().await;
        self.others.shutdown().await;
        drop(self.events);
        let flushed = tokio::time::timeout(MAX_FLUSH, async {
            while self.saves.join_next().await.is_some() {}
        });
        if flushed.await.is_err() {
            tracing::warn!("the program ended before a save was acknowledged");
        }
        self.saves.shutdown().await;
    }
}

/// Sends a change to the backend. Once acknowledged, it is written to the replica and reported as a change of the day, and then
/// returned.
async fn save(
    context: &Context,
    command: LogCommand,
    sync: Option<mpsc::Sender<Vec<DayStatus>>>,
) -> Result<Activity, Failure> {
    let client = &context.client;
    let (kind, stored) = match command {
        LogCommand::Create(new) => (ChangeKind::Created, client.create_activity(&new).await?),
        LogCommand::Update { before, patch } => {
            let updated = client.update_activity(&before.id, &patch, Some(before.rev));
            (ChangeKind::Updated, updated.await?)
        }
        LogCommand::Delete(activity) => {
            let deleted = client.delete_activity(&activity.id, None);
            (ChangeKind::Deleted, deleted.await?)
        }
    };
    let change = Change::Entry(kind, stored.clone());
    let days = context.replica.apply(&stored.owner, vec![change]).await;
    if let Some(sync) = sync {
        // An error means that the session has ended.
        let _ = sync.send(days).await;
    }
    Ok(stored)
}

/// Whether the program's end waits for a task.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Save,
    Other,
}

fn fault() -> Failure {
    Failure::new(FailureKind::Internal, "a fault in the program")
}
