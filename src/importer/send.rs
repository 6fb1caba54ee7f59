//! Sending an import: a part at a time is saved in the outbox and sent. What is not done after an interruption is done
//! by the same import again.

use caltrack_domain::{
    Activity, LogCommand,
    outbox::{Command, Reason, Rejection, RejectionKind},
};

use super::plan::{Plan, Planned};

/// The rows of a part.
const PART: usize = 250;

/// How many rows were imported, and how many were there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub(crate) imported: usize,
    pub(crate) already: usize,
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PartOutcome {
    /// The backend has it.
    Done,
    /// It changes nothing.
    Already,
    /// It waits in the outbox.
    Waiting(Reason),
    /// The backend rejected it, and its row stays in the outbox under this number.
    Rejected(Rejection, u64),
}

/// How a program saves and sends.
pub(crate) trait Outlet {
    type Error;

    /// Saves commands as a part of the import, and sends them unless the backend is known to be away.
    async fn save(&mut self, commands: Vec<Command>) -> Result<Vec<PartOutcome>, Self::Error>;

    /// Drops the row of a rejected command.
    async fn drop_row(&mut self, row: u64) -> Result<(), Self::Error>;

    /// Reports how many rows are done; returns whether the import goes on.
    async fn report(&mut self, done: usize) -> bool;
}

/// What became of an import.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    pub(crate) counts: Counts,
    /// Why rows wait.
    pub(crate) waiting: Option<Reason>,
    /// The entries that wait.
    pub(crate) kept: Vec<Activity>,
    /// The first rejection, with the line of an entry.
    pub(crate) rejected: Option<(Option<u64>, Rejection)>,
    /// Whether it was ended before all rows were saved.
    pub(crate) is_stopped: bool,
}

/// Saves and sends all rows of a plan for a user.
pub(crate) async fn send<O: Outlet>(outlet: &mut O, sub: &str, plan: &mut Plan) -> Result<Sent, O::Error> {
    let mut sent = Sent {
        counts: Counts {
            imported: 0,
            already: plan.already,
        },
        ..Sent::default()
    };
    let entries = std::mem::take(&mut plan.entries);
    let mut done = 0;
    for part in entries.chunks(PART) {
        if sent.is_stopped {
            return Ok(sent);
        }
        send_entries(outlet, sub, &mut sent, part).await?;
        done += part.len();
        sent.is_stopped = !outlet.report(done).await;
    }
    let mut others: Vec<(usize, Vec<Command>)> = Vec::new();
    others.extend(
        plan.profile
            .take()
            .map(|profile| (0, vec![Command::Profile(profile)])),
    );
    for part in plan.weights.chunks(PART) {
        others.push((part.len(), part.iter().cloned().map(Command::Weight).collect()));
    }
    if let Some((change, count)) = plan.foods.take() {
        others.push((count, vec![Command::Library(change)]));
    }
    for (rows, commands) in others {
        if sent.is_stopped {
            return Ok(sent);
        }
        let of_each = rows / commands.len().max(1);
        for outcome in outlet.save(commands).await? {
            match outcome {
                PartOutcome::Rejected(rejection, _) => drop(sent.rejected.get_or_insert((None, rejection))),
                PartOutcome::Waiting(reason) => drop(sent.waiting.get_or_insert(reason)),
                PartOutcome::Done | PartOutcome::Already => sent.counts.imported += of_each,
            }
        }
        done += rows;
        sent.is_stopped = !outlet.report(done).await;
    }
    // All is done.
    sent.is_stopped = false;
    Ok(sent)
}

/// Sends entries.
async fn send_entries<O: Outlet>(
    outlet: &mut O,
    sub: &str,
    sent: &mut Sent,
    part: &[Planned],
) -> Result<(), O::Error> {
    let create = |planned: &Planned| Command::Log(LogCommand::Create(planned.new.clone()));
    let outcomes = outlet.save(part.iter().map(create).collect()).await?;
    for (planned, outcome) in part.iter().zip(outcomes) {
        match outcome {
            PartOutcome::Done => sent.counts.imported += 1,
            PartOutcome::Already => sent.counts.already += 1,
            PartOutcome::Waiting(reason) => {
                sent.waiting.get_or_insert(reason);
                sent.kept.push(Activity {
                    id: planned.new.id.clone(),
                    owner: sub.to_owned(),
                    entry: planned.new.entry.clone(),
                    rev: 0,
                });
            }
            PartOutcome::Rejected(rejection, row) if rejection.kind == RejectionKind::Deleted => {
                outlet.drop_row(row).await?;
                sent.counts.already += 1;
            }
            PartOutcome::Rejected(rejection, _) => {
                sent.rejected.get_or_insert((Some(planned.line), rejection));
            }
        }
    }
    Ok(())
}
