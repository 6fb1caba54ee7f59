//! The outbox as the screens know it: a ledger in memory, whose orders are carried out one after another.

use caltrack_client::replica::{Change, Found};
use caltrack_domain::{
    Activity, ChangeKind, LogCommand,
    outbox::{Answer, Command, Known, Ledger, Outcome, Queue, Reason, Row, SavedChange, Stored, Undo},
};
use caltrack_tui::app::{Direction, Effect, Failure, FailureKind, Message, QueueChange, QueueCopy, Request};

use super::World;
use crate::entries::{Entry, now};

/// Numbers of requests that stand for rows of undone steps.
const UNDONE: u64 = 1_000_000;

/// The outbox of a user, and the orders that are not carried out.
#[derive(Debug, Default)]
pub(super) struct Disk {
    pub(super) ledger: Ledger,
    pub(super) orders: Vec<Effect>,
    trouble: Option<Reason>,
    /// The queue as the screens know it, and whose it is.
    told: Option<(String, Queue)>,
    /// The rows of each step that was saved, by the number of its request.
    rows: Vec<(Request, Vec<u64>)>,
    /// The commands of the last undo or redo.
    undone: Vec<LogCommand>,
    minted: u64,
    /// What was undone, deleted or dropped on purpose, as a log would have it.
    let_go: Vec<String>,
    /// Why the next change that isn't of entries can't be written.
    refusal: Option<Failure>,
}

fn is_order(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Save { .. }
            | Effect::SaveChanges { .. }
            | Effect::Undo(_)
            | Effect::Retry(_)
            | Effect::Drop(_)
    )
}

/// Carrying out orders.
impl World {
    /// Takes over the orders among the last effects. Those that nothing is before are carried out at once, saves apart.
    pub(super) fn take_orders(&mut self) {
        if self.effects.contains(&Effect::Connect) {
            // A user has signed in, whose screens don't have the queue.
            self.disk.told = None;
        }
        let orders = self.effects.iter().filter(|effect| is_order(effect)).cloned();
        let orders: Vec<Effect> = orders.collect();
        if !orders.is_empty() {
            self.disk.undone.clear();
        }
        self.disk.orders.extend(orders);
        while let Some(order) = self.disk.orders.first()
            && !matches!(order, Effect::Save { .. })
        {
            self.carry_out_next();
        }
    }

    /// Carries out the first order; its messages add to the last effects.
    pub(crate) fn carry_out_next(&mut self) {
        if self.disk.orders.is_empty() {
            return;
        }
        match self.disk.orders.remove(0) {
            Effect::Save {
                request,
                name,
                commands,
                replaces,
            } => {
                self.save(request, &name, commands, replaces);
                let result = Ok(());
                self.tell(Message::Saved { request, result });
            }
            Effect::SaveChanges {
                request,
                name,
                commands,
            } => {
                let result = if let Some(failure) = self.disk.refusal.take() {
                    Err(failure)
                } else {
                    self.disk.ledger.owner = self.sub();
                    self.disk.ledger.save(&name, commands, now().timestamp());
                    Ok(name)
                };
                self.tell_queue();
                self.tell(Message::ChangesSaved { request, result });
            }
            Effect::Undo(direction) => {
                let undone = self.undo(direction);
                self.tell_queue();
                let result = Ok(undone);
                self.tell(Message::Undone { direction, result });
            }
            Effect::Retry(row) => {
                self.disk.ledger.retry(row, now().timestamp());
                self.tell_queue();
            }
            Effect::Drop(row) => {
                let dropped = format!("{:?}", self.disk.ledger.queue.row(row));
                self.disk.let_go.push(dropped);
                self.disk.ledger.drop_row(row);
                self.tell_queue();
            }
            other => panic!("{other:?} is no order"),
        }
    }

    fn save(&mut self, request: Request, name: &str, commands: Vec<LogCommand>, replaces: Option<u64>) {
        self.disk.ledger.owner = self.sub();
        for command in &commands {
            if let LogCommand::Delete(_) = command {
                self.disk.let_go.push(format!("{command:?}"));
            }
        }
        let commands = commands.into_iter().map(Command::Log).collect();
        let saved = self.disk.ledger.save(name, commands, now().timestamp());
        if let Some(row) = replaces
            && !saved.contains(&SavedChange::Queued(row))
        {
            self.disk.ledger.drop_row(row);
        }
        self.note_rows(request, &saved);
        self.tell_queue();
    }

    fn note_rows(&mut self, request: Request, saved: &[SavedChange]) {
        let rows = saved.iter().filter_map(|saved| match saved {
            SavedChange::Queued(row) => Some(*row),
            SavedChange::Settled => None,
        });
        self.disk.rows.push((request, rows.collect()));
    }

    fn undo(&mut self, direction: Direction) -> Undo {
        let (sub, ledger) = (self.sub(), &mut self.disk.ledger);
        let replica = &self.replica;
        let known = |id: &str| match replica.find(Self::owner(&sub), id).unwrap() {
            Some(Found::Stored(held)) => Known::Stored(held.activity),
            Some(Found::Removed(_)) => Known::Deleted,
            None => Known::Unknown,
        };
        let minted = &mut self.disk.minted;
        let new_id = || {
            *minted += 1;
            format!("again-{minted}")
        };
        let undone = match direction {
            Direction::Undo => ledger.undo(known, new_id, now().timestamp()),
            Direction::Redo => ledger.redo(known, new_id, now().timestamp()),
        };
        if let Undo::Done { step, saved, .. } = &undone {
            self.disk.let_go.push(format!("{step:?}"));
            let saved = saved.clone();
            let first = saved.iter().find_map(|saved| match saved {
                SavedChange::Queued(row) => Some(*row),
                SavedChange::Settled => None,
            });
            self.note_rows(Request(UNDONE + first.unwrap_or_default()), &saved);
            self.disk.undone = saved
                .iter()
                .filter_map(|saved| match saved {
                    SavedChange::Queued(row) => self.disk.ledger.queue.row(*row),
                    SavedChange::Settled => None,
                })
                .filter_map(|row| match &row.command {
                    Command::Log(command) => Some(command.clone()),
                    Command::Weight(_) | Command::Profile(_) | Command::Library(_) => None,
                })
                .collect();
        }
        undone
    }

    /// The number and the command of the change that the last undo has queued, if it is one.
    pub(super) fn undone_command(&self) -> Option<(Request, &LogCommand)> {
        let (request, _) = self.disk.rows.last()?;
        match self.disk.undone.as_slice() {
            [command] => Some((*request, command)),
            _ => None,
        }
    }

    fn tell_queue(&mut self) {
        let (sub, queue) = (self.sub(), self.disk.ledger.queue.clone());
        let (unreadable, trouble) = (0, self.disk.trouble.clone());
        let told = self.disk.told.replace((sub.clone(), queue.clone()));
        let message = match told {
            Some((before, told)) if before == sub => {
                let is_new = |row: &&Row| told.row(row.number) != Some(row);
                let is_gone = |row: &&Row| queue.row(row.number).is_none();
                let change = QueueChange {
                    rows: queue.rows().iter().filter(is_new).cloned().collect(),
                    gone: told.rows().iter().filter(is_gone).map(|row| row.number).collect(),
                    unreadable,
                    trouble,
                };
                Message::QueueChanged { sub, change }
            }
            _ => {
                let queue = QueueCopy {
                    queue,
                    unreadable,
                    trouble,
                };
                Message::Queue { sub, queue }
            }
        };
        self.tell(message);
    }

    /// Carries out the orders up to this save.
    fn reach(&mut self, request: Request) {
        let is_waiting =
            |world: &Self| {
                world.disk.orders.iter().any(
                    |order| matches!(order, Effect::Save { request: waiting, .. } if *waiting == request),
                )
            };
        while is_waiting(self) {
            self.carry_out_next();
        }
    }

    /// The step is on the disk.
    pub(crate) fn queued(&mut self, request: Request) -> &mut Self {
        self.effects.clear();
        self.reach(request);
        self.take_orders();
        self
    }

    /// The step can't be written.
    pub(crate) fn failed(&mut self, request: Request, kind: FailureKind, message: &str) -> &mut Self {
        self.unwritable(request, Failure::new(kind, message))
    }

    /// The disk will refuse the next change that isn't of entries.
    pub(crate) fn will_refuse(&mut self, message: &str) -> &mut Self {
        self.disk.refusal = Some(Failure::new(FailureKind::Storage, message));
        self
    }

    /// The disk refuses the first order.
    pub(crate) fn refuse_next(&mut self, message: &str) {
        let failure = Failure::new(FailureKind::Storage, message);
        match self.disk.orders.first() {
            Some(Effect::Save { request, .. }) => {
                let request = *request;
                self.unwritable(request, failure);
            }
            Some(Effect::Undo(direction)) => {
                let direction = *direction;
                self.disk.orders.remove(0);
                let result = Err(failure);
                self.tell(Message::Undone { direction, result });
            }
            _ => self.carry_out_next(),
        }
    }

    pub(super) fn unwritable(&mut self, request: Request, failure: Failure) -> &mut Self {
        self.effects.clear();
        self.disk
            .orders
            .retain(|order| !matches!(order, Effect::Save { request: waiting, .. } if *waiting == request));
        let result = Err(failure);
        self.tell(Message::Saved { request, result });
        self.take_orders();
        self
    }
}

/// Answers of the backend.
impl World {
    /// The rows of a step, which is on the disk by now.
    #[track_caller]
    fn rows_of(&mut self, request: Request) -> Vec<u64> {
        self.effects.clear();
        self.reach(request);
        let found = self.disk.rows.iter().rev().find(|(known, _)| *known == request);
        found.map(|(_, rows)| rows.clone()).unwrap_or_default()
    }

    /// The step is on the disk, sent and acknowledged.
    pub(crate) fn saved(&mut self, request: Request, stored: &Entry) -> &mut Self {
        for row in self.rows_of(request) {
            self.answered(row, Answer::Acknowledged(Stored::Entry(stored.stored())));
        }
        self.take_orders();
        self
    }

    /// The backend answers the step.
    pub(crate) fn answered_by(&mut self, request: Request, answer: &Answer) -> &mut Self {
        for row in self.rows_of(request) {
            self.answered(row, answer.clone());
        }
        self.take_orders();
        self
    }

    /// Takes the answer to a row: to the replica first, then to the screens.
    pub(crate) fn answered(&mut self, row: u64, answer: Answer) {
        let command = self.disk.ledger.queue.begin(row, now().timestamp());
        let Some(command) = command else {
            return;
        };
        self.disk.trouble = match &answer {
            Answer::Waiting { reason, .. } if reason.kind.is_general() => Some(reason.clone()),
            _ => None,
        };
        let settlement = self.disk.ledger.answer(row, answer);
        for (_, outcome) in &settlement.outcomes {
            let (kind, activity) = match (outcome, &command) {
                (Outcome::Acknowledged(Stored::Entry(activity)), Command::Log(command)) => {
                    (kind(command), activity)
                }
                (Outcome::Collided(activity), _) => (ChangeKind::Updated, activity),
                _ => continue,
            };
            self.store(kind, activity.clone());
        }
        self.tell_queue();
        for collision in settlement.collisions {
            self.tell(Message::Collision(collision));
        }
    }

    fn store(&mut self, kind: ChangeKind, activity: Activity) {
        let mut effects = std::mem::take(&mut self.effects);
        self.apply(Change::Entry(kind, activity));
        effects.append(&mut self.effects);
        self.effects = effects;
    }

    /// The rows that can be sent now: the first of each subject.
    pub(crate) fn sendable(&self) -> Vec<(u64, Command)> {
        let mut rows: Vec<(u64, Command)> = Vec::new();
        let pending = self
            .disk
            .ledger
            .queue
            .rows()
            .iter()
            .filter(|row| row.is_pending());
        for Row { number, command, .. } in pending {
            let subject = command.subject();
            if rows.iter().all(|(_, earlier)| earlier.subject() != subject) {
                rows.push((*number, command.clone()));
            }
        }
        rows
    }

    /// Whether a text is in the queue or in the history.
    pub(crate) fn has_saved(&self, text: &str) -> bool {
        let orders = format!("{:?}", self.disk.orders);
        let ledger = format!("{:?}", self.disk.ledger);
        orders.contains(text) || ledger.contains(text)
    }

    /// Whether a text was in something that was undone, deleted or dropped on purpose.
    pub(crate) fn has_let_go(&self, text: &str) -> bool {
        self.disk.let_go.iter().any(|gone| gone.contains(text))
    }

    pub(crate) fn has_orders(&self) -> bool {
        !self.disk.orders.is_empty()
    }
}

fn kind(command: &LogCommand) -> ChangeKind {
    match command {
        LogCommand::Create(_) => ChangeKind::Created,
        LogCommand::Update { .. } => ChangeKind::Updated,
        LogCommand::Delete(_) => ChangeKind::Deleted,
    }
}
