//! The task: orders of the screens and reports of the sender in, messages out.

use std::{future::Future, sync::Arc, time::Duration};

use caltrack_client::{
    outbox::{ClientApi, OutboxError, OutboxEvent, OutboxOwner, Sender as QueueSender},
    replica::{Change, DayStatus},
};
use caltrack_domain::{
    ChangeKind, LogCommand,
    outbox::{Command, LibraryChange, Outcome, Reason, Stored},
};
use jiff::Timestamp;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{disk::Disk, order::Order, part::Part};
use crate::{
    app::{Failure, Message, QueueCopy},
    runtime::{context::Context, event::Event, library, sync::readiness},
};

/// Reports of the sender that may wait; so many are taken at a time.
const MAX_REPORTS: usize = 256;
/// How long the program's end waits for answers to what was sent. What isn't answered is sent again.
const MAX_FLUSH: Duration = Duration::from_secs(1);

pub(super) struct Task {
    pub(super) context: Context,
    pub(super) owner: OutboxOwner,
    pub(super) events: Sender<Event>,
    /// Where the days of acknowledged changes are noted.
    pub(super) sync: Option<Sender<Vec<DayStatus>>>,
    pub(super) disk: Disk,
    pub(super) sender: Option<QueueSender>,
    /// Whether the backend is there, so that rows can be sent.
    pub(super) is_ready: bool,
    /// Whether the outbox can be written.
    pub(super) is_writable: bool,
    /// Whether the terminal has the program stopped.
    pub(super) is_suspended: bool,
    /// The queue as it was last reported.
    pub(super) reported: Option<QueueCopy>,
    /// Why nothing is sent, as the sender last reported it: a sender that doesn't respond is not noted in the file.
    pub(super) trouble: Option<Reason>,
    /// The failure that was last reported.
    pub(super) failure: Option<String>,
    /// The part of an import that is being sent.
    pub(super) part: Option<Part>,
}

impl Task {
    pub(super) fn new(
        context: Context,
        owner: OutboxOwner,
        events: Sender<Event>,
        sync: Option<Sender<Vec<DayStatus>>>,
    ) -> Self {
        Self {
            disk: Disk::new(context.data.outbox()),
            context,
            owner,
            events,
            sync,
            sender: None,
            is_ready: false,
            is_writable: true,
            is_suspended: false,
            reported: None,
            trouble: None,
            failure: None,
            part: None,
        }
    }

    /// Runs until no order can come any more.
    pub(super) async fn run(mut self, mut orders: Receiver<Order>) {
        let (reports, mut inbox) = channel(MAX_REPORTS);
        let access = self.disk.read(|outbox| outbox.access().writable()).await;
        if let Err(error) = access.and_then(|access| access) {
            self.is_writable = false;
            self.report_failure(&error).await;
        }
        self.report_queue().await;
        let ready = readiness(&self.context)();
        tokio::pin!(ready);
        let mut waits = true;
        loop {
            tokio::select! {
                biased;
                order = orders.recv() => match order {
                    Some(order) => self.carry_out(order, &reports, &mut inbox).await,
                    None => break,
                },
                Some(report) = inbox.recv() => self.take(report, &mut inbox).await,
                ready = &mut ready, if waits => {
                    waits = false;
                    self.is_ready = ready.is_ok();
                    self.send(&reports).await;
                }
            }
        }
        self.end(inbox).await;
    }

    async fn carry_out(
        &mut self,
        order: Order,
        reports: &Sender<OutboxEvent>,
        inbox: &mut Receiver<OutboxEvent>,
    ) {
        match order {
            Order::Save {
                request,
                name,
                commands,
                replaces,
            } => {
                let saved = self.save(name, commands, replaces).await;
                if saved.is_ok() {
                    self.is_writable = true;
                    self.send(reports).await;
                }
                self.report_queue().await;
                let result = saved.map_err(Failure::from);
                self.tell(Message::Saved { request, result }).await;
            }
            Order::SaveChanges {
                request,
                name,
                commands,
            } => {
                let (owner, step) = (self.owner.clone(), name.clone());
                let saved = self
                    .disk
                    .write(move |outbox| outbox.save(&owner, &step, commands, Timestamp::now()))
                    .await;
                if saved.is_ok() {
                    self.is_writable = true;
                    self.send(reports).await;
                }
                self.report_queue().await;
                let result = saved.map(|_| name).map_err(Failure::from);
                self.tell(Message::ChangesSaved { request, result }).await;
            }
            Order::SavePart {
                name,
                commands,
                is_first,
                done,
            } => self.save_part((name, commands, is_first), done, reports).await,
            Order::Undo(direction) => {
                let undone = self.undo_all(direction, reports, inbox).await;
                if undone.is_ok() {
                    self.send(reports).await;
                }
                self.report_queue().await;
                let result = undone.map_err(Failure::from);
                self.tell(Message::Undone { direction, result }).await;
            }
            Order::Retry(number) => {
                let owner = self.owner.clone();
                let now = Timestamp::now();
                let retried = self
                    .disk
                    .write(move |outbox| outbox.retry(&owner, number, now))
                    .await;
                self.settle(retried, "it is in the queue no more").await;
                self.send(reports).await;
            }
            Order::Drop(number) => {
                let owner = self.owner.clone();
                let dropped = self
                    .disk
                    .write(move |outbox| outbox.drop_row(&owner, number))
                    .await;
                self.settle(
                    dropped,
                    "it was sent, and may be done already: it stays until it is answered",
                )
                .await;
                self.send(reports).await;
            }
            Order::Send => {
                self.send(reports).await;
                self.report_queue().await;
            }
            Order::Follow(sync) => {
                self.sync = sync;
                self.send(reports).await;
            }
            Order::Suspend(done) => {
                self.is_suspended = true;
                if let Some(sender) = self.sender.take() {
                    let late = draining(inbox, sender.suspend()).await;
                    self.sender = Some(sender);
                    self.take_all(late).await;
                }
                // The requester may be gone.
                let _ = done.send(());
            }
            Order::Resume => {
                self.is_suspended = false;
                if let Some(sender) = &self.sender {
                    sender.resume().await;
                }
                self.send(reports).await;
            }
        }
    }

    async fn save(
        &mut self,
        name: String,
        commands: Vec<LogCommand>,
        replaces: Option<u64>,
    ) -> Result<(), OutboxError> {
        let owner = self.owner.clone();
        self.disk
            .write(move |outbox| {
                let commands = commands.into_iter().map(Command::Log).collect();
                outbox
                    .replace(&owner, replaces, &name, commands, Timestamp::now())
                    .map(drop)
            })
            .await
    }

    /// Reports what became of a row that was retried or dropped; `refused` is why nothing could be done.
    async fn settle(&mut self, result: Result<bool, OutboxError>, refused: &str) {
        self.report_queue().await;
        match result {
            Ok(true) => {}
            Ok(false) => self.tell(Message::Notice(refused.to_owned())).await,
            Err(error) => self.tell(Message::Problem(error.into())).await,
        }
    }

    /// Has the queue sent: by this program, or by the one that sends.
    pub(super) async fn send(&mut self, reports: &Sender<OutboxEvent>) {
        if !self.is_ready || !self.is_writable || self.is_suspended {
            return;
        }
        if let Some(sender) = &self.sender {
            sender.request();
            return;
        }
        let api = Arc::new(ClientApi::new(&self.context.client, &self.owner));
        let data = &self.context.data;
        match QueueSender::start(data, self.owner.clone(), api, reports.clone()) {
            Ok(sender) => self.sender = Some(sender),
            Err(error) => self.report_failure(&error).await,
        }
    }

    pub(super) async fn take(&mut self, first: OutboxEvent, inbox: &mut Receiver<OutboxEvent>) {
        let mut reports = vec![first];
        while reports.len() < MAX_REPORTS
            && let Ok(report) = inbox.try_recv()
        {
            reports.push(report);
        }
        self.take_all(reports).await;
    }

    /// Takes reports of the sender: what is acknowledged is in the replica before the screens know.
    async fn take_all(&mut self, reports: Vec<OutboxEvent>) {
        let (mut changes, mut collisions, mut failure) = (Vec::new(), Vec::new(), None);
        let mut saved = Vec::new();
        for report in reports {
            match report {
                OutboxEvent::Outcome { row, outcome } => {
                    if let Some(part) = &mut self.part {
                        part.take(row, &outcome);
                    }
                    if let Outcome::Acknowledged(Stored::Profile { members, .. }) = &outcome {
                        let (sub, members) = (self.owner.sub.clone(), members.clone());
                        self.tell(Message::ProfileSaved { sub, members }).await;
                    }
                    saved.extend(self.library_change(row, &outcome));
                    changes.extend(self.change(row, outcome));
                }
                OutboxEvent::Collision(collision) => collisions.push(collision),
                OutboxEvent::Trouble(trouble) => {
                    if let (Some(part), Some(reason)) = (&mut self.part, &trouble) {
                        part.give_up(reason);
                    }
                    self.trouble = trouble;
                }
                OutboxEvent::Changed => {}
                OutboxEvent::Failed(error) => failure = Some(error),
            }
        }
        for change in saved {
            if let Some(message) = library::acknowledged(&self.context, &self.owner.sub, change).await {
                self.tell(message).await;
            }
        }
        if !changes.is_empty() {
            let days = self.context.replica.apply(&self.owner.sub, changes).await;
            if let Some(sync) = &self.sync {
                // An error means that the session has ended.
                let _ = sync.send(days).await;
            }
        }
        self.part = self.part.take().and_then(Part::reported);
        self.report_queue().await;
        for collision in collisions {
            self.tell(Message::Collision(collision)).await;
        }
        if let Some(error) = failure {
            self.fail_part(&error);
            // It may have ended; the next order starts another one.
            self.sender = None;
            self.report_failure(&error).await;
        }
    }

    /// The change of the replica that an outcome means. That of a row which was never listed arrives as an event.
    fn change(&self, row: u64, outcome: Outcome) -> Option<Change> {
        let queue = &self.reported.as_ref()?.queue;
        match (outcome, &queue.row(row)?.command) {
            (Outcome::Acknowledged(Stored::Entry(activity)), Command::Log(command)) => {
                let kind = match command {
                    LogCommand::Create(_) => ChangeKind::Created,
                    LogCommand::Update { .. } => ChangeKind::Updated,
                    LogCommand::Delete(_) => ChangeKind::Deleted,
                };
                Some(Change::Entry(kind, activity))
            }
            (Outcome::Collided(activity), Command::Log(_)) => {
                Some(Change::Entry(ChangeKind::Updated, activity))
            }
            _ => None,
        }
    }

    /// The edit of the library that is acknowledged.
    fn library_change(&self, row: u64, outcome: &Outcome) -> Option<LibraryChange> {
        let queue = &self.reported.as_ref()?.queue;
        match (outcome, &queue.row(row)?.command) {
            (Outcome::Acknowledged(Stored::Library), Command::Library(change)) => Some(change.clone()),
            _ => None,
        }
    }

    pub(super) async fn report_queue(&mut self) {
        let owner = self.owner.clone();
        let Ok(listing) = self.disk.read(move |outbox| outbox.list(&owner)).await else {
            return;
        };
        let copy = QueueCopy {
            queue: listing.queue(),
            unreadable: listing.unreadable.len(),
            trouble: listing.trouble.reason.or_else(|| self.trouble.clone()),
        };
        if self.reported.as_ref() == Some(&copy) {
            return;
        }
        self.reported = Some(copy.clone());
        let sub = self.owner.sub.clone();
        self.tell(Message::Queue { sub, queue: copy }).await;
    }

    /// Reports why changes can't be saved or sent, once.
    async fn report_failure(&mut self, error: &OutboxError) {
        let text = error.to_string();
        if self.failure.as_ref() != Some(&text) {
            self.failure = Some(text);
            self.tell(Message::Problem(error.clone().into())).await;
        }
    }

    async fn tell(&mut self, message: Message) {
        // An error means that the program ends.
        let _ = self.events.send(Event::Message(message)).await;
    }

    /// Waits a moment for what is on its way, unless the backend can't be reached.
    async fn end(mut self, mut inbox: Receiver<OutboxEvent>) {
        let flushed = tokio::time::timeout(MAX_FLUSH, async {
            while self.sender.is_some() && self.is_moving() {
                match inbox.recv().await {
                    Some(report) => self.take(report, &mut inbox).await,
                    None => return,
                }
            }
        });
        if flushed.await.is_err() {
            tracing::info!("the program ended before the whole queue was sent");
        }
        if let Some(sender) = self.sender.take() {
            let late = draining(&mut inbox, sender.end()).await;
            self.take_all(late).await;
        }
    }

    /// Whether something is queued, and nothing is known to hold it up.
    pub(super) fn is_moving(&self) -> bool {
        let Some(copy) = &self.reported else {
            return false;
        };
        let mut pending = copy.queue.rows().iter().filter(|row| row.is_pending());
        copy.trouble.is_none() && pending.any(|row| row.reason.is_none())
    }
}

/// Waits for the sender, and takes its reports meanwhile: it waits while there is no room for them.
async fn draining(inbox: &mut Receiver<OutboxEvent>, work: impl Future<Output = ()>) -> Vec<OutboxEvent> {
    let mut reports = Vec::new();
    tokio::pin!(work);
    loop {
        tokio::select! {
            () = &mut work => return reports,
            Some(report) = inbox.recv() => reports.push(report),
        }
    }
}
