//! Performs effects: each in a task of its own that only sends messages.

use std::{future::Future, panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use jiff::civil::Date;
use tokio::{sync::mpsc, task::JoinSet};

use super::{Event, account, convert, keeper::Keeper, live};
use crate::{
    app::{
        self, Connection, Failure, FailureKind, Message, Request,
        account::ask::{AccountAnswer, AccountAsk},
    },
    embedded::{HostStatus, ShareHandle},
};
use caltrack_client::{
    api::{self, Client},
    config::DataDir,
};

/// How long the program's end waits for entries on their way.
const PATIENCE: Duration = Duration::from_secs(3);
/// What is on its way arrives within this, or was missed.
const PAUSE: Duration = Duration::from_millis(300);

/// Everything that a task needs. Cloning shares it.
#[derive(Debug, Clone)]
pub(super) struct Means {
    pub(super) client: Client,
    share: Option<ShareHandle>,
    pub(super) keeper: Keeper,
    pub(super) data: DataDir,
}

impl Means {
    /// Whether this computer carries the backend.
    pub(super) const fn is_in_the_box(&self) -> bool {
        self.share.is_some()
    }
}

/// Performs effects.
pub(super) struct Performer {
    means: Means,
    events: mpsc::Sender<Event>,
    /// Entries on their way.
    writes: JoinSet<()>,
    others: JoinSet<()>,
    live: JoinSet<()>,
    /// The task that watches the host of the box.
    watch: JoinSet<()>,
}

impl Performer {
    pub(super) fn new(
        client: Client,
        share: Option<ShareHandle>,
        keeper: Keeper,
        data: DataDir,
        events: mpsc::Sender<Event>,
    ) -> Self {
        Self {
            means: Means {
                client,
                share,
                keeper,
                data,
            },
            events,
            writes: JoinSet::new(),
            others: JoinSet::new(),
            live: JoinSet::new(),
            watch: JoinSet::new(),
        }
    }

    /// This program's share in the box, where there is one.
    pub(super) fn share(&self) -> Option<ShareHandle> {
        self.means.share.clone()
    }

    /// Reports a backend in the box that can't be opened, since the screens have nothing to show then, and a host that
    /// doesn't respond.
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
                    HostStatus::Failed(error) => Event::Fault(error.into()),
                    HostStatus::Silent(host) => {
                        silent = true;
                        let reason = Some(host.in_short());
                        Event::Message(Message::Connection(Connection::Offline { reason }))
                    }
                    HostStatus::Ready if std::mem::take(&mut silent) => Event::Answers,
                    HostStatus::Ready => continue,
                };
                let last = matches!(event, Event::Fault(_));
                // An error says that the program ends.
                if events.send(event).await.is_err() || last {
                    return;
                }
            }
        });
    }

    /// Asks the user pool. Whoever signs in and types a first line at once finds the types known.
    pub(super) fn account(&mut self, request: Request, ask: AccountAsk) {
        let answer = move |result| Message::Account { request, result };
        let events = self.events.clone();
        self.perform(Kind::Other, answer, async move |means| {
            let came = account::perform(&means, ask).await?;
            if matches!(came, AccountAnswer::SignedIn(_))
                && let Ok(categories) = means.client.categories().await
            {
                // A failure is told by the load that follows anyway. An error says that the program ends.
                let known = Message::CategoriesLoaded(Ok(categories));
                let _ = events.send(Event::Message(known)).await;
            }
            Ok(came)
        });
    }

    pub(super) fn sign_out(&mut self, everywhere: bool) {
        self.live.abort_all();
        self.others.abort_all();
        self.writes.abort_all();
        let answer = |result: Result<(), Failure>| match result {
            Ok(()) => Message::SignedOut { reason: None },
            Err(failure) => Message::Notice(app::text::failed(&failure, "you are still signed in")),
        };
        self.perform(Kind::Other, answer, async move |means| {
            if everywhere {
                means.client.sign_out_everywhere().await?;
            } else {
                means.client.sign_out().await?;
            }
            Ok(())
        });
    }

    pub(super) fn connect(&mut self) {
        self.live.abort_all();
        let Means { client, share, .. } = self.means.clone();
        self.live.spawn(live::follow(client, share, self.events.clone()));
    }

    pub(super) fn load_categories(&mut self) {
        self.perform(Kind::Other, Message::CategoriesLoaded, async |means| {
            let categories = means.client.categories().await?;
            if let Some(account) = means.client.account() {
                means.keeper.keep_categories(account.sub, categories.clone());
            }
            Ok(categories)
        });
    }

    pub(super) fn load_target(&mut self, request: Request) {
        let answer = move |result| Message::TargetLoaded { request, result };
        self.perform(Kind::Other, answer, async |means| {
            let profile = means.client.profile().await?;
            let target = convert::target(profile.as_ref());
            if let Some(account) = means.client.account() {
                means.keeper.keep_profile(account.sub, profile);
            }
            Ok(target)
        });
    }

    pub(super) fn load_day(&mut self, request: Request, date: Date) {
        self.recall_day(request, date);
        let answer = move |result| Message::DayLoaded {
            request,
            date,
            result,
        };
        self.perform(Kind::Other, answer, async move |means| {
            let day: api::Day = means.client.day(date).await?;
            if let Some(account) = means.client.account() {
                means.keeper.keep_day(account.sub, day.clone());
            }
            Ok(day.into())
        });
    }

    fn recall_day(&mut self, request: Request, date: Date) {
        let (means, events) = (self.means.clone(), self.events.clone());
        self.others.spawn(async move {
            let Some(account) = means.client.account() else {
                return;
            };
            if let Some(day) = means.keeper.day(account.sub, date).await {
                let day = day.into();
                // An error says that the program ends.
                let _ = events
                    .send(Event::Message(Message::DayCached { request, date, day }))
                    .await;
            }
        });
    }

    pub(super) fn pause(&mut self, request: Request) {
        let events = self.events.clone();
        self.others.spawn(async move {
            tokio::time::sleep(PAUSE).await;
            // An error says that the program ends.
            let _ = events.send(Event::Message(Message::LookAgain { request })).await;
        });
    }

    pub(super) fn remember_day(&self, day: app::Day) {
        if let Some(account) = self.means.client.account() {
            self.means.keeper.keep_day(account.sub, day.into());
        }
    }

    pub(super) fn create(&mut self, request: Request, activity: caltrack_domain::NewActivity) {
        let answer = move |result| Message::Saved { request, result };
        self.perform(Kind::Write, answer, async move |means| {
            Ok(means.client.create_activity(&activity).await?)
        });
    }

    pub(super) fn update(
        &mut self,
        request: Request,
        id: String,
        patch: caltrack_domain::ActivityPatch,
        expected_rev: Option<u32>,
    ) {
        let answer = move |result| Message::Saved { request, result };
        self.perform(Kind::Write, answer, async move |means| {
            Ok(means.client.update_activity(&id, &patch, expected_rev).await?)
        });
    }

    pub(super) fn delete(&mut self, request: Request, id: String) {
        let answer = move |result| Message::Saved { request, result };
        self.perform(Kind::Write, answer, async move |means| {
            Ok(means.client.delete_activity(&id).await?)
        });
    }

    /// Does work once the backend answers, and sends what came of it: always, even where the work panics.
    fn perform<T, Work, Doing, Answer>(&mut self, kind: Kind, answer: Answer, work: Work)
    where
        T: Send + 'static,
        Work: FnOnce(Means) -> Doing + Send + 'static,
        Doing: Future<Output = Result<T, Failure>> + Send + 'static,
        Answer: FnOnce(Result<T, Failure>) -> Message + Send + 'static,
    {
        let means = self.means.clone();
        let events = self.events.clone();
        let task = async move {
            let doing = AssertUnwindSafe(async {
                if let Some(share) = &means.share {
                    share.readiness().wait().await?;
                }
                work(means).await
            });
            let result = doing.catch_unwind().await.unwrap_or_else(|_| Err(fault()));
            // An error says that the program ends.
            let _ = events.send(Event::Message(answer(result))).await;
        };
        let tasks = match kind {
            Kind::Write => &mut self.writes,
            Kind::Other => &mut self.others,
        };
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Lets entries on their way arrive, and drops everything else.
    pub(super) async fn end(mut self) {
        self.watch.shutdown().await;
        self.live.shutdown().await;
        self.others.shutdown().await;
        drop(self.events);
        let arrived = tokio::time::timeout(PATIENCE, async {
            while self.writes.join_next().await.is_some() {}
        });
        if arrived.await.is_err() {
            tracing::warn!("the program ended before an entry was acknowledged");
        }
        self.writes.shutdown().await;
    }
}

/// Whether the program's end waits for it.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Write,
    Other,
}

fn fault() -> Failure {
    Failure::new(FailureKind::Internal, "a fault in the program")
}
