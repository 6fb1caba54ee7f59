//! A data directory and a backend.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use caltrack_client::{
    config::DataDir,
    outbox::{Outbox, OutboxApi, OutboxEvent, OutboxOwner, Saved, Sender},
};
use caltrack_domain::{
    Activity, Entry, LogCommand, NewActivity,
    outbox::{Answer, Command, Outcome, Reason, ReasonKind, Rejection, RejectionKind, Stored},
};
use futures_util::{FutureExt as _, future::BoxFuture};
use jiff::{Timestamp, civil::date};
use tempfile::TempDir;
use tokio::sync::mpsc;

/// How the backend behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Answers,
    Refuses,
    /// It executes commands and never answers.
    Silent,
}

/// A backend with entries alone.
#[derive(Debug, Clone)]
pub(crate) struct Backend {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    mode: Mode,
    entries: BTreeMap<String, Activity>,
    received: Vec<String>,
}

impl Backend {
    pub(crate) fn new(mode: Mode) -> Self {
        let inner = Inner {
            mode,
            entries: BTreeMap::new(),
            received: Vec::new(),
        };
        Self {
            inner: Arc::new(Mutex::new(inner)),
        }
    }

    pub(crate) fn set(&self, mode: Mode) {
        self.inner.lock().unwrap().mode = mode;
    }

    /// The ids of commands, in the order of their arrival.
    pub(crate) fn received(&self) -> Vec<String> {
        self.inner.lock().unwrap().received.clone()
    }

    /// Stores an entry as another device would.
    pub(crate) fn put(&self, activity: Activity) {
        self.inner
            .lock()
            .unwrap()
            .entries
            .insert(activity.id.clone(), activity);
    }

    pub(crate) fn entry(&self, id: &str) -> Option<Activity> {
        self.inner.lock().unwrap().entries.get(id).cloned()
    }

    pub(crate) fn port(&self) -> Arc<dyn OutboxApi> {
        Arc::new(self.clone())
    }
}

impl Inner {
    fn run(&mut self, command: &Command) -> Answer {
        let Command::Log(command) = command else {
            return Answer::Acknowledged(Stored::Weight);
        };
        self.received.push(command.id().to_owned());
        let stored = self.entries.get(command.id()).cloned();
        match (command, stored) {
            (LogCommand::Create(_), Some(stored)) if stored.owner == "u" => {
                Answer::Acknowledged(Stored::Entry(stored))
            }
            (LogCommand::Create(_), Some(_)) => Answer::Rejected(Rejection {
                kind: RejectionKind::IdTaken,
                text: "this id is taken".to_owned(),
            }),
            (LogCommand::Create(new), None) => {
                let stored = Activity {
                    id: new.id.clone(),
                    owner: "u".to_owned(),
                    entry: new.entry.clone(),
                    rev: 1,
                };
                self.entries.insert(new.id.clone(), stored.clone());
                Answer::Acknowledged(Stored::Entry(stored))
            }
            (LogCommand::Update { before, patch }, Some(mut stored)) if before.rev == stored.rev => {
                stored.entry.apply(patch);
                stored.rev += 1;
                self.entries.insert(stored.id.clone(), stored.clone());
                Answer::Acknowledged(Stored::Entry(stored))
            }
            (LogCommand::Update { .. } | LogCommand::Delete(_), stored) => Answer::Conflict(stored),
        }
    }
}

impl OutboxApi for Backend {
    fn send(&self, command: Command) -> BoxFuture<'static, Answer> {
        let mut inner = self.inner.lock().unwrap();
        match inner.mode {
            Mode::Answers => std::future::ready(inner.run(&command)).boxed(),
            Mode::Refuses => {
                let reason = Reason {
                    kind: ReasonKind::Unreachable,
                    text: "connection refused".to_owned(),
                };
                let answer = Answer::Waiting {
                    reason,
                    may_be_done: false,
                };
                std::future::ready(answer).boxed()
            }
            Mode::Silent => {
                inner.run(&command);
                std::future::pending().boxed()
            }
        }
    }
}

/// A data directory that several programs use.
pub(crate) struct World {
    _dir: TempDir,
    pub(crate) data: DataDir,
}

pub(crate) fn owner(profile: &str) -> OutboxOwner {
    OutboxOwner {
        profile: profile.to_owned(),
        sub: "u".to_owned(),
    }
}

pub(crate) fn create(id: &str) -> Command {
    Command::Log(LogCommand::Create(NewActivity::new(id.to_owned(), entry(650))))
}

pub(crate) fn entry(kcal: u32) -> Entry {
    Entry::new(
        date(2026, 11, 23),
        "2026-11-23T07:30:00Z".parse().unwrap(),
        "Food",
        "Lunch",
        kcal,
    )
}

impl World {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path().join("data"));
        data.prepare().unwrap();
        Self { _dir: dir, data }
    }

    pub(crate) fn outbox(&self) -> Outbox {
        Outbox::open(&self.data.outbox())
    }

    pub(crate) fn save(&self, owner: &OutboxOwner, command: Command) -> Saved {
        self.outbox()
            .save(owner, "a step", vec![command], Timestamp::now())
            .unwrap()
    }

    pub(crate) fn pending(&self, owner: &OutboxOwner) -> usize {
        self.outbox().list(owner).rows.len()
    }

    /// A program that stays open.
    pub(crate) fn program(&self, owner: &OutboxOwner, backend: &Backend) -> Program {
        let (events, reports) = mpsc::channel(64);
        let sender = Sender::start(&self.data, owner.clone(), backend.port(), events).unwrap();
        Program { sender, reports }
    }
}

pub(crate) struct Program {
    pub(crate) sender: Sender,
    pub(crate) reports: mpsc::Receiver<OutboxEvent>,
}

/// Longer than any test takes.
const LONG: Duration = Duration::from_mins(1);

impl Program {
    /// Waits for a report.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&OutboxEvent) -> bool) -> OutboxEvent {
        let waiting = async {
            loop {
                let event = self.reports.recv().await.unwrap();
                if wanted(&event) {
                    return event;
                }
            }
        };
        tokio::time::timeout(LONG, waiting).await.unwrap()
    }

    /// Waits until the entry of an id is acknowledged.
    pub(crate) async fn acknowledged(&mut self, id: &str) {
        self.until(|event| match event {
            OutboxEvent::Outcome {
                outcome: Outcome::Acknowledged(Stored::Entry(activity)),
                ..
            } => activity.id == id,
            _ => false,
        })
        .await;
    }
}
