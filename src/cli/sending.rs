//! Changes of commands: saved in the outbox, then sent, by this program or by the one that sends.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use caltrack_client::{
    api::ApiError,
    config::DataDirProblem,
    outbox::{ClientApi, Delivery, Outbox, OutboxApi, OutboxError, OutboxEvent, Saved, deliver_in_turn},
    replica::Change,
};
use caltrack_domain::{
    Activity, ChangeKind, LogCommand,
    outbox::{Answer, Command, Outcome, Reason, ReasonKind, Rejection, SavedChange, Stored},
};
use futures_util::{FutureExt as _, future::BoxFuture};
use jiff::Timestamp;

use super::{context::CommandContext, error::CommandError, job_control, local_log::LocalLog};
use crate::embedded::{EmbeddedError, HostStatus, Readiness};

/// How long a change waits for its answer after another request had none in time: five seconds in all are the limit.
const SILENT_PATIENCE: Duration = Duration::from_secs(3);

/// What became of a step that was saved.
#[derive(Debug)]
pub(super) struct Sent {
    /// By command of the step, in order.
    pub(super) outcomes: Vec<SentChange>,
    /// The failure of the backend, if that is why something waits.
    cause: Option<CommandError>,
}

/// What became of a command of a step.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SentChange {
    /// The backend has it; contains what is stored.
    Acknowledged(Stored),
    /// It changes nothing, or took back an earlier change that was not sent.
    Settled,
    /// It waits to be sent.
    Waiting(Reason),
    /// The backend rejected it, and its row stays in the outbox under this number.
    Rejected(Rejection, u64),
    /// Nothing of it was done: the entry was changed elsewhere, and stays as it is there.
    Collided(Activity),
}

impl CommandContext<'_> {
    /// Saves the commands of one step and sends them. What is acknowledged is in the replica when this returns.
    pub(super) async fn send(
        &self,
        local: &LocalLog<'_>,
        commands: Vec<Command>,
    ) -> Result<Sent, CommandError> {
        let mut outbox = self.outbox()?;
        let saved = outbox.save(&local.owner(), &name(&commands), commands, Timestamp::now())?;
        self.deliver(local, outbox, &saved).await
    }

    /// The outbox, if changes can be saved.
    pub(super) fn outbox(&self) -> Result<Outbox, OutboxError> {
        if self.is_read_only {
            let path = self.config.data.path();
            caltrack_private_files::try_writing(path, 1)
                .map_err(|error| DataDirProblem::unwritable(path, &error))?;
        }
        let kept = self.outbox.take();
        let outbox = kept.unwrap_or_else(|| Outbox::open(&self.config.data.outbox()));
        outbox.access().writable()?;
        Ok(outbox)
    }

    /// Sends what is saved and what else waits.
    pub(super) async fn deliver(
        &self,
        local: &LocalLog<'_>,
        outbox: Outbox,
        saved: &Saved,
    ) -> Result<Sent, CommandError> {
        let patience = self.is_silent.get().then_some(SILENT_PATIENCE);
        // What was saved is in the file whatever happens.
        let (delivery, failed) = match self.deliver_within(local, outbox, saved, patience).await {
            Ok(delivery) => (delivery, None),
            Err(error) => (Delivery::default(), Some(CommandError::from(error))),
        };
        let outcomes = saved.changes.iter().map(|change| match change {
            SavedChange::Settled => SentChange::Settled,
            SavedChange::Queued(row) => sent_change(*row, delivery.outcomes.get(row)),
        });
        Ok(Sent {
            outcomes: outcomes.collect(),
            cause: failed.or_else(|| self.problem_of_the_box()),
        })
    }

    /// As [`CommandContext::deliver`]; `patience` limits the time for which each answer is awaited.
    pub(super) async fn deliver_within(
        &self,
        local: &LocalLog<'_>,
        outbox: Outbox,
        saved: &Saved,
        patience: Option<Duration>,
    ) -> Result<Delivery, OutboxError> {
        let owner = local.owner();
        let commands: BTreeMap<u64, Command> = outbox
            .list(&owner)
            .rows
            .into_iter()
            .map(|row| (row.number, row.command))
            .collect();
        let api = Arc::new(BackendApi {
            api: ClientApi::new(&self.client, &owner),
            readiness: self.readiness(),
            patience,
        });
        let turn = job_control::sending();
        let mut delivery = deliver_in_turn(&self.config.data, outbox, &owner, saved, api, turn).await?;
        self.keep(local, &commands, &delivery).await;
        self.outbox.replace(delivery.outbox.take());
        Ok(delivery)
    }

    /// Why the box doesn't respond at present, as far as that is known.
    fn problem_of_the_box(&self) -> Option<CommandError> {
        match self.readiness()?.next().now_or_never()? {
            HostStatus::Ready => None,
            HostStatus::Silent(host) => Some(EmbeddedError::Silent(host).into()),
            HostStatus::Failed(error) => Some(error.into()),
        }
    }

    /// Takes over into the replica what the backend has acknowledged.
    async fn keep(&self, local: &LocalLog<'_>, commands: &BTreeMap<u64, Command>, delivery: &Delivery) {
        let reported = delivery.events.iter().filter_map(|event| match event {
            OutboxEvent::Outcome { row, outcome } => Some((row, outcome)),
            _ => None,
        });
        let mut changes = Vec::new();
        let (mut profile, mut weights) = (false, Vec::new());
        let outcomes: BTreeMap<&u64, &Outcome> = reported.chain(&delivery.outcomes).collect();
        for (row, outcome) in outcomes {
            match (outcome, commands.get(row)) {
                (Outcome::Acknowledged(Stored::Entry(activity)), Some(Command::Log(command))) => {
                    let kind = match command {
                        LogCommand::Create(_) => ChangeKind::Created,
                        LogCommand::Update { .. } => ChangeKind::Updated,
                        LogCommand::Delete(_) => ChangeKind::Deleted,
                    };
                    changes.push(Change::Entry(kind, activity.clone()));
                }
                (Outcome::Collided(activity), _) => {
                    changes.push(Change::Entry(ChangeKind::Updated, activity.clone()));
                }
                (Outcome::Acknowledged(_), Some(Command::Profile(_))) => profile = true,
                (Outcome::Acknowledged(_), Some(Command::Weight(change))) => weights.push(change.date),
                _ => {}
            }
        }
        local.apply(changes);
        if profile {
            self.refresh_profile(local).await;
        }
        if let (Some(first), Some(last)) = (weights.iter().min(), weights.iter().max()) {
            self.refresh_totals(local, *first, *last).await;
        }
    }
}

/// The name of a step in the history: `Lunch 650 kcal and 2 more`.
pub(super) fn name(commands: &[Command]) -> String {
    let first = commands.first().map(Command::title).unwrap_or_default();
    match commands.len() {
        0 | 1 => first,
        count => format!("{first} and {} more", count - 1),
    }
}

fn sent_change(row: u64, outcome: Option<&Outcome>) -> SentChange {
    match outcome.cloned() {
        Some(Outcome::Acknowledged(stored)) => SentChange::Acknowledged(stored),
        Some(Outcome::Collided(activity)) => SentChange::Collided(activity),
        Some(Outcome::Waiting(reason)) => SentChange::Waiting(reason),
        Some(Outcome::Rejected(rejection)) => SentChange::Rejected(rejection, row),
        // Another program took it back.
        Some(Outcome::Withdrawn) => SentChange::Settled,
        None => SentChange::Waiting(Reason {
            kind: ReasonKind::Busy,
            text: "the outbox can't be used".to_owned(),
        }),
    }
}

impl Sent {
    /// The failure of a step of which something waits; `kept` are the entries that wait.
    pub(super) fn queued(&self, reason: &Reason, kept: Vec<Activity>) -> CommandError {
        CommandError::queued(reason, self.cause.as_ref(), kept)
    }

    /// The reason of the first change that waits.
    pub(super) fn waiting(&self) -> Option<&Reason> {
        self.outcomes.iter().find_map(|change| match change {
            SentChange::Waiting(reason) => Some(reason),
            _ => None,
        })
    }
}

/// Sends rows once the box responds.
#[derive(Debug)]
struct BackendApi {
    api: ClientApi,
    readiness: Option<Readiness>,
    /// How long an answer is awaited, if that is limited here.
    patience: Option<Duration>,
}

impl OutboxApi for BackendApi {
    fn send(&self, command: Command) -> BoxFuture<'static, Answer> {
        let (api, readiness, patience) = (self.api.clone(), self.readiness.clone(), self.patience);
        async move {
            if let Some(mut readiness) = readiness
                && let Err(error) = readiness.wait().await
            {
                let reason = Reason {
                    kind: ReasonKind::Unreachable,
                    text: error.to_string(),
                };
                return Answer::Waiting {
                    reason,
                    may_be_done: false,
                };
            }
            let answer = api.send(command);
            let Some(patience) = patience else {
                return answer.await;
            };
            let answer = tokio::time::timeout(patience, answer).await;
            answer.unwrap_or_else(|_| Answer::Waiting {
                reason: Reason {
                    kind: ReasonKind::Unreachable,
                    text: "the backend doesn't respond".to_owned(),
                },
                may_be_done: true,
            })
        }
        .boxed()
    }
}

/// Whether a command can go on with what this computer knows.
pub(super) const fn is_away(error: &ApiError) -> bool {
    error.is_transient() || matches!(error, ApiError::Protocol(_) | ApiError::Failed(_))
}
