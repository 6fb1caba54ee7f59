//! What holds at the end of a simulation, whatever happened.

use std::collections::{BTreeMap, BTreeSet};

use caltrack_domain::outbox::{Collision, Command, Row, RowState};

use crate::{server::Executed, simulation::World};

/// An edit that a user made.
#[derive(Debug, Clone)]
pub(crate) struct Edit {
    pub(crate) device: usize,
    pub(crate) id: String,
    pub(crate) unique: u32,
    pub(crate) row: Option<u64>,
}

impl World {
    pub(crate) fn check(&self, seed: u64) {
        for device in &self.devices {
            for row in device.ledger.queue.rows() {
                assert!(
                    matches!(&row.state, RowState::Rejected(rejection) if !rejection.text.is_empty()),
                    "seed {seed}: {row:?} is neither sent nor rejected"
                );
            }
            let live = self.server.live();
            let shown: BTreeMap<_, _> = device
                .shown()
                .into_iter()
                .map(|shown| (shown.id, shown.entry))
                .collect();
            assert_eq!(shown, live, "seed {seed}: the screens differ from the server");
        }
        // A repeated create makes no second entry, and an executed edit is never executed again.
        let mut found = BTreeSet::new();
        for executed in &self.server.executed {
            let key = match executed {
                Executed::Created(new) => format!("created {}", new.id),
                Executed::Edited(id, patch) if !self.with_undo => format!("edited {id} {patch:?}"),
                Executed::Deleted(id) => format!("deleted {id}"),
                Executed::Edited(..) => continue,
            };
            assert!(found.insert(key.clone()), "seed {seed}: {key} twice");
        }
        if !self.with_undo {
            for (device, id) in &self.created {
                self.check_create(seed, *device, id);
            }
            for edit in &self.edits {
                self.check_edit(seed, edit);
            }
        }
    }

    /// It was executed, or is rejected, or its user deleted it.
    fn check_create(&self, seed: u64, device: usize, id: &str) {
        let is_create = |executed: &Executed| matches!(executed, Executed::Created(new) if new.id == id);
        let executed = self.server.executed.iter().any(is_create);
        let rejected = self
            .rejected(device, id)
            .any(|row| row.command.word() == "create");
        let deleted = self
            .deleted
            .iter()
            .any(|(of, deleted, _)| *of == device && deleted == id);
        assert!(executed || rejected || deleted, "seed {seed}: {id} is lost");
    }

    /// It was executed, or a later change of the same device replaced it before it was sent, or it was reported.
    fn check_edit(&self, seed: u64, edit: &Edit) {
        let executed = self.server.executed.iter().any(|executed| match executed {
            Executed::Created(new) => new.id == edit.id && new.entry.kcal == edit.unique,
            Executed::Edited(id, patch) => *id == edit.id && patch.kcal == Some(edit.unique),
            Executed::Deleted(_) => false,
        });
        let here = |device: usize, id: &str, unique: u32| {
            device == edit.device && id == edit.id && unique > edit.unique
        };
        let replaced = self
            .edits
            .iter()
            .any(|later| here(later.device, &later.id, later.unique) && later.row == edit.row);
        let deleted = self
            .deleted
            .iter()
            .any(|(device, id, unique)| here(*device, id, *unique));
        let collided = self.devices[edit.device].reports.collisions.iter().any(
            |collision| matches!(collision, Collision::Edit { mine, .. } if mine.kcal == Some(edit.unique)),
        );
        let rejected = self
            .rejected(edit.device, &edit.id)
            .any(|row| Some(row.number) == edit.row || row.command.word() == "create");
        assert!(
            executed || replaced || deleted || collided || rejected,
            "seed {seed}: {edit:?} is lost"
        );
    }

    fn rejected(&self, device: usize, id: &str) -> impl Iterator<Item = &Row> {
        let rows = self.devices[device].ledger.queue.rows().iter();
        rows.filter(move |row| {
            !row.is_pending() && matches!(&row.command, Command::Log(command) if command.id() == id)
        })
    }
}
