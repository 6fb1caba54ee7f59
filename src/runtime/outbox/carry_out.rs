//! What the screens order.

use caltrack_client::outbox::{OutboxError, OutboxEvent};
use caltrack_domain::{LogCommand, outbox::Command};
use jiff::Timestamp;
use tokio::sync::mpsc::{Receiver, Sender};

use super::{
    order::Order,
    task::{Task, draining},
};
use crate::app::{Failure, Message};

impl Task {
    pub(super) async fn carry_out(
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
                let saved = self.save_changes(name.clone(), commands).await;
                if saved.is_ok() {
                    self.is_writable = true;
                    self.send(reports).await;
                }
                self.report_queue().await;
                let result = saved.map(|()| name).map_err(Failure::from);
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
                // The screens may have forgotten the queue with a session.
                self.reported = None;
                self.report_queue().await;
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

    async fn save_changes(&mut self, name: String, commands: Vec<Command>) -> Result<(), OutboxError> {
        let owner = self.owner.clone();
        self.disk
            .write(move |outbox| outbox.save(&owner, &name, commands, Timestamp::now()).map(drop))
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
}
