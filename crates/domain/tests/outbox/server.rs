//! The backend as the design describes it: idempotent creates, remembered deletions, revisions.

use std::collections::BTreeMap;

use caltrack_domain::{
    Activity, ActivityPatch, Entry, LogCommand, NewActivity,
    outbox::{Answer, Command, Rejection, RejectionKind, Stored},
};
use jiff::civil::Date;

/// kcal that the backend takes for a bad request.
pub(crate) const BAD_KCAL: u32 = 13;

#[derive(Default)]
pub(crate) struct Server {
    /// By id; `true` is a deleted one.
    pub(crate) entries: BTreeMap<String, (Activity, bool)>,
    pub(crate) weights: BTreeMap<Date, Option<f64>>,
    /// What was executed, in order.
    pub(crate) executed: Vec<Executed>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Executed {
    Created(NewActivity),
    Edited(String, ActivityPatch),
    Deleted(String),
}

impl Server {
    pub(crate) fn run(&mut self, command: &Command) -> Answer {
        match command {
            Command::Log(command) => self.log(command),
            Command::Weight(change) => {
                self.weights.insert(change.date, change.weight);
                Answer::Acknowledged(Stored::Weight)
            }
            Command::Profile(_) | Command::Library(_) => Answer::Acknowledged(Stored::Library),
        }
    }

    fn log(&mut self, command: &LogCommand) -> Answer {
        let id = command.id().to_owned();
        match (command, self.entries.get_mut(&id)) {
            (LogCommand::Create(new), _) if new.entry.kcal == BAD_KCAL => reject(RejectionKind::BadRequest),
            (LogCommand::Create(new), None) => {
                let activity = Activity {
                    id: id.clone(),
                    owner: "u".to_owned(),
                    entry: new.entry.clone(),
                    rev: 1,
                };
                self.entries.insert(id.clone(), (activity.clone(), false));
                self.executed.push(Executed::Created(new.clone()));
                Answer::Acknowledged(Stored::Entry(activity))
            }
            (LogCommand::Create(_), Some((activity, false)))
            | (LogCommand::Delete(_), Some((activity, true))) => {
                Answer::Acknowledged(Stored::Entry(activity.clone()))
            }
            (LogCommand::Create(_) | LogCommand::Update { .. }, Some((_, true))) => {
                reject(RejectionKind::Deleted)
            }
            (LogCommand::Update { .. } | LogCommand::Delete(_), None) => reject(RejectionKind::NotFound),
            (LogCommand::Update { patch, .. }, _) if patch.kcal == Some(BAD_KCAL) => {
                reject(RejectionKind::BadRequest)
            }
            (LogCommand::Update { before, patch }, Some((activity, false))) => {
                if before.rev != activity.rev {
                    return Answer::Conflict(Some(activity.clone()));
                }
                activity.entry.apply(patch);
                activity.rev += 1;
                self.executed.push(Executed::Edited(id, patch.clone()));
                Answer::Acknowledged(Stored::Entry(activity.clone()))
            }
            (LogCommand::Delete(before), Some((activity, deleted))) => {
                if before.rev != activity.rev {
                    return Answer::Conflict(Some(activity.clone()));
                }
                *deleted = true;
                self.executed.push(Executed::Deleted(id));
                Answer::Acknowledged(Stored::Entry(activity.clone()))
            }
        }
    }

    pub(crate) fn live(&self) -> BTreeMap<String, Entry> {
        let live = self.entries.iter().filter(|(_, (_, deleted))| !deleted);
        live.map(|(id, (activity, _))| (id.clone(), activity.entry.clone()))
            .collect()
    }
}

fn reject(kind: RejectionKind) -> Answer {
    Answer::Rejected(Rejection {
        kind,
        text: kind.name().to_owned(),
    })
}
