//! The task: orders of the screens and reports of the sender in, messages out.

use std::{future::Future, sync::Arc, time::Duration};

use caltrack_client::{
    outbox::{ClientApi, Listed, OutboxError, OutboxEvent, OutboxOwner, Sender as QueueSender},
    replica::DayStatus,
};
use caltrack_domain::outbox::Reason;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{disk::Disk, order::Order, part::Part, reported::Reported};
use crate::{
    app::Message,
    runtime::{context::Context, event::Event, sync::readiness},
};

/// Reports of the sender that may wait; so many are taken at a time.
pub(super) const MAX_REPORTS: usize = 256;
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
    pub(super) reported: Option<Reported>,
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

    /// Reports why changes can't be saved or sent, once.
    pub(super) async fn report_failure(&mut self, error: &OutboxError) {
        let text = error.to_string();
        if self.failure.as_ref() != Some(&text) {
            self.failure = Some(text);
            self.tell(Message::Problem(error.clone().into())).await;
        }
    }

    pub(super) async fn tell(&mut self, message: Message) {
        // An error means that the program ends.
        let _ = self.events.send(Event::Message(message)).await;
    }

    /// Reports what has changed in the queue.
    pub(super) async fn report_queue(&mut self) {
        let owner = self.owner.clone();
        let since = self.reported.as_ref().map(Reported::position);
        let read = self.disk.read(move |outbox| outbox.list_since(&owner, since));
        let Ok((position, listed)) = read.await else {
            return;
        };
        let sub = self.owner.sub.clone();
        let trouble = self.trouble.as_ref();
        let message = match (listed, &mut self.reported) {
            (Listed::Changed(change), Some(reported)) => {
                let change = reported.change(position, change, trouble);
                change.map(|change| Message::QueueChanged { sub, change })
            }
            (Listed::Changed(_), None) => None,
            (Listed::Whole(listing), before) => {
                let reported = Reported::of(position, &listing, trouble);
                let queue = reported.copy().clone();
                let is_same = before.as_ref().is_some_and(|before| *before.copy() == queue);
                *before = Some(reported);
                (!is_same).then_some(Message::Queue { sub, queue })
            }
        };
        if let Some(message) = message {
            self.tell(message).await;
        }
    }

    /// Whether something is queued, and nothing is known to hold it up.
    pub(super) fn is_moving(&self) -> bool {
        self.reported.as_ref().is_some_and(Reported::is_moving)
    }

    /// Waits a moment for what is on its way, unless the backend can't be reached.
    pub(super) async fn end(mut self, mut inbox: Receiver<OutboxEvent>) {
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
}

/// Waits for the sender, and takes its reports meanwhile: it waits while there is no room for them.
pub(super) async fn draining(
    inbox: &mut Receiver<OutboxEvent>,
    work: impl Future<Output = ()>,
) -> Vec<OutboxEvent> {
    let mut reports = Vec::new();
    tokio::pin!(work);
    loop {
        tokio::select! {
            () = &mut work => return reports,
            Some(report) = inbox.recv() => reports.push(report),
        }
    }
}
