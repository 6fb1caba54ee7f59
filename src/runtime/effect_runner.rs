//! Performs effects, each in a task of its own that only sends messages.

use std::{future::Future, io, panic::AssertUnwindSafe, sync::Arc};

use caltrack_domain::DisplaySetting;
use futures_util::FutureExt as _;
use jiff::civil::Date;
use tokio::{sync::mpsc, task::JoinSet};

use super::{
    account, account_task,
    context::Context,
    days,
    drafts::{self, UserDrafts},
    event::Event,
    host_watch,
    import::{self, ImportTask},
    library, names,
    outbox::{Order, OutboxTask},
    preferences, queries, search, shares, signals,
    sync::SyncTask,
};
use crate::{
    app::{
        self, AccountTask, Answer, DaysFor, Effect, Failure, FailureKind, Message, Query, Request,
        import::ImportDecisions,
        preferences::Preferences,
        session::command::{AccountAnswer, AccountCommand},
    },
    embedded::ShareHandle,
};
use caltrack_client::config::save_setting;

/// Whether the program continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Continue,
    Quit,
}

pub(super) struct EffectRunner {
    context: Context,
    events: mpsc::Sender<Event>,
    tasks: JoinSet<()>,
    sync: SyncTask,
    outbox: OutboxTask,
    import: ImportTask,
    /// The task that watches the host of the box.
    watch: JoinSet<()>,
}

impl EffectRunner {
    pub(super) fn new(context: Context, events: mpsc::Sender<Event>) -> Self {
        Self {
            context,
            events,
            tasks: JoinSet::new(),
            sync: SyncTask::new(),
            outbox: OutboxTask::default(),
            import: ImportTask::default(),
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
            Effect::RecallDrafts => self.recall_drafts(),
            Effect::Load { request, query } => self.load(request, query),
            Effect::Search(text) => self.search(text),
            Effect::LoadNames => self.load_names(),
            Effect::LoadLibrary => self.load_library(),
            Effect::WatchDay { date, fresh } => self.sync.watch(date, fresh),
            Effect::ReadDays { from, to, purpose } => self.read_days(from, to, purpose),
            Effect::ReadShares { from, to } => self.read_shares(from, to),
            Effect::WatchTotals => self.watch_totals(),
            Effect::Save {
                request,
                name,
                commands,
                replaces,
            } => self.order(Order::Save {
                request,
                name,
                commands,
                replaces,
            }),
            Effect::SaveChanges {
                request,
                name,
                commands,
            } => self.order(Order::SaveChanges {
                request,
                name,
                commands,
            }),
            Effect::Undo(direction) => self.order(Order::Undo(direction)),
            Effect::CompletePath(typed) => self.complete_path(typed),
            Effect::ReadImport {
                request,
                path,
                decisions,
            } => self.read_import(request, path, decisions),
            Effect::StartImport(request) => self.import(request),
            Effect::StopImport => self.import.stop(),
            Effect::KeepPreferences(kept) => self.keep_preferences(kept),
            Effect::Retry(row) => self.order(Order::Retry(row)),
            Effect::Drop(row) => self.order(Order::Drop(row)),
            Effect::ListProfiles => self.list_profiles(),
            Effect::RunTask(task) => self.run_task(task),
            Effect::SaveSetting(setting) => self.save_setting(setting),
            // The loop has the terminal.
            Effect::CopyText(_) => {}
            // It comes back as a signal to the whole job.
            Effect::Suspend => signals::ask_to_stop()?,
            Effect::Quit => return Ok(Flow::Quit),
        }
        Ok(Flow::Continue)
    }

    /// Reports a box that can't be opened, since the screens have nothing to show then, and a host that doesn't respond.
    pub(super) fn watch_backend(&mut self) {
        if let Some(share) = self.share() {
            self.watch.spawn(host_watch::watch(share, self.events.clone()));
        }
    }

    /// Executes a command on the user pool. Signing in also loads the categories, so that a quick line works at once.
    fn account(&mut self, request: Request, command: AccountCommand) {
        let events = self.events.clone();
        let answer = move |result| Message::Account { request, result };
        self.spawn(answer, async move |context| {
            let answer = account::execute(&context, command).await?;
            if matches!(answer, AccountAnswer::SignedIn(_))
                && let Ok(categories) = queries::categories(&context).await
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
        self.tasks.abort_all();
        let answer = |result: Result<(), Failure>| match result {
            Ok(()) => Message::SignedOut { reason: None },
            Err(failure) => Message::Notice(app::text::failed(&failure, "you are still signed in")),
        };
        self.spawn(answer, async move |context| {
            if everywhere {
                context.client.sign_out_everywhere().await?;
            } else {
                context.client.sign_out().await?;
            }
            Ok(())
        });
    }

    /// Starts sync, in place of the one before, and the outbox.
    pub(super) fn connect(&mut self) {
        self.sync.start(&self.context, self.events.clone());
        self.outbox
            .start(&self.context, &self.events, self.sync.changed());
    }

    /// The session has ended: what is queued stays, and is sent when the same user signs in again.
    pub(super) fn release_user(&mut self) {
        self.outbox.stop();
    }

    /// Has what is queued sent: the backend responds again.
    pub(super) fn send_queue(&self) {
        // Without a task nothing is to be sent.
        let _ = self.outbox.order(Order::Send);
    }

    /// Stores what is typed and not logged.
    pub(super) async fn keep_drafts(&self, drafts: Option<UserDrafts>) {
        if let Some(drafts) = drafts {
            drafts::store(&self.context, drafts).await;
        }
    }

    /// As [`EffectRunner::keep_drafts`], in the background.
    pub(super) fn spawn_drafts(&mut self, drafts: UserDrafts) {
        let context = self.context.clone();
        self.tasks
            .spawn(async move { drafts::store(&context, drafts).await });
    }

    fn keep_preferences(&mut self, kept: Preferences) {
        let context = self.context.clone();
        self.tasks
            .spawn(async move { preferences::store(&context, kept).await });
    }

    fn recall_drafts(&mut self) {
        let (context, sub) = (self.context.clone(), self.context.sub());
        self.send(async move {
            let sub = sub?;
            let drafts = drafts::recall(&context, &sub).await;
            Some(Message::Drafts { sub, drafts })
        });
    }

    /// Has the outbox released, before the program is stopped.
    pub(super) async fn suspend(&self) {
        self.outbox.suspend().await;
    }

    /// Takes part in the outbox again.
    pub(super) async fn resume(&self) {
        self.outbox.resume().await;
    }

    /// Gives an order to the outbox, or answers that it can't take it.
    fn order(&mut self, order: Order) {
        let Err(order) = self.outbox.order(order) else {
            return;
        };
        let message = order.refused(Failure::new(FailureKind::Busy, "the outbox has too much to do"));
        self.send(async move { Some(message) });
    }

    /// Reads names and weights of the replica, and unpacks the tables of foods, behind the first frame.
    fn load_names(&mut self) {
        let context = self.context.clone();
        self.send(async move { names::load(&context).await });
    }

    /// Reads the library of the replica.
    fn load_library(&mut self) {
        let context = self.context.clone();
        self.send(async move { library::stored(&context).await });
    }

    fn read_days(&mut self, from: Date, to: Date, purpose: DaysFor) {
        let context = self.context.clone();
        self.send(async move { days::read(&context, from, to, purpose).await });
    }

    fn read_shares(&mut self, from: Date, to: Date) {
        let context = self.context.clone();
        self.send(async move { shares::read(&context, from, to).await });
    }

    fn load(&mut self, request: Request, query: Query) {
        let answer = move |result| Message::Loaded { request, result };
        self.spawn(answer, async move |context| queries::load(&context, query).await);
    }

    /// Searches the replica.
    fn search(&mut self, text: String) {
        let context = self.context.clone();
        self.send(async move { search::search(&context, text).await });
    }

    fn list_profiles(&mut self) {
        let config = Arc::clone(&self.context.config);
        self.send_blocking(move || {
            Some(match config.other_profiles() {
                Ok(profiles) => Message::Profiles(profiles),
                Err(error) => Message::Problem(Failure::new(FailureKind::Usage, error.to_string())),
            })
        });
    }

    /// Runs a command about the whole account. What it deletes must not be sent or stored again here.
    fn run_task(&mut self, task: AccountTask) {
        if task == AccountTask::Delete {
            self.sync.stop();
            self.outbox.stop();
        }
        let (config, events) = (Arc::clone(&self.context.config), self.events.clone());
        // It outlives the tasks of the session, and the screens.
        std::thread::spawn(move || account_task::run(&config, task, &events));
    }

    /// Writes a setting into the configuration file, in the background.
    fn save_setting(&mut self, setting: DisplaySetting) {
        let file = self.context.config_file.clone();
        self.send_blocking(move || {
            let error = save_setting(&file, &setting).err()?;
            Some(Message::Problem(Failure {
                next: "it is kept until the program ends".to_owned(),
                ..Failure::new(FailureKind::Storage, error.to_string())
            }))
        });
    }

    fn complete_path(&mut self, typed: String) {
        self.send_blocking(move || {
            let (completed, found) = import::complete(&typed);
            Some(Message::PathCompleted {
                typed,
                completed,
                found,
            })
        });
    }

    /// Reads a file; that needs no backend.
    fn read_import(&mut self, request: Request, path: String, decisions: ImportDecisions) {
        let (import, context) = (self.import.clone(), self.context.clone());
        self.send(async move {
            let result = import.read(context, path, decisions).await;
            Some(Message::FileRead { request, result })
        });
    }

    fn import(&mut self, request: Request) {
        let (import, context, events) = (self.import.clone(), self.context.clone(), self.events.clone());
        let orders = self.outbox.orders();
        self.send(async move {
            let result = import.import(context, request, orders, events).await;
            Some(Message::Imported { request, result })
        });
    }

    fn watch_totals(&mut self) {
        let (context, sub) = (self.context.clone(), self.context.sub());
        self.send(async move {
            context.replica.watch_totals(&sub?).await;
            None
        });
    }

    /// Runs a task that needs no backend, and sends its message.
    fn send(&mut self, task: impl Future<Output = Option<Message>> + Send + 'static) {
        let events = self.events.clone();
        self.tasks.spawn(async move {
            if let Some(message) = task.await {
                // An error means that the program ends.
                let _ = events.send(Event::Message(message)).await;
            }
        });
    }

    /// As [`EffectRunner::send`], on a thread that may block.
    fn send_blocking(&mut self, task: impl FnOnce() -> Option<Message> + Send + 'static) {
        let events = self.events.clone();
        self.tasks.spawn_blocking(move || {
            if let Some(message) = task() {
                // An error means that the program ends.
                let _ = events.blocking_send(Event::Message(message));
            }
        });
    }

    /// Runs a task once the backend is ready, and sends its result, even if it panics.
    fn spawn<T, Work, Task, Answer>(&mut self, answer: Answer, work: Work)
    where
        T: Send + 'static,
        Work: FnOnce(Context) -> Task + Send + 'static,
        Task: Future<Output = Result<T, Failure>> + Send + 'static,
        Answer: FnOnce(Result<T, Failure>) -> Message + Send + 'static,
    {
        let context = self.context.clone();
        while self.tasks.try_join_next().is_some() {}
        self.send(async move {
            let task = AssertUnwindSafe(async {
                if let Some(share) = &context.share {
                    share.readiness().wait().await?;
                }
                work(context).await
            });
            let fault = || Failure::new(FailureKind::Internal, "a fault in the program");
            let result = task.catch_unwind().await.unwrap_or_else(|_| Err(fault()));
            Some(answer(result))
        });
    }

    /// Waits a moment for the answers to what was sent, and aborts everything else.
    pub(super) async fn end(mut self) {
        self.watch.shutdown().await;
        self.sync.end().await;
        self.tasks.shutdown().await;
        drop(self.events);
        self.outbox.end().await;
    }
}
