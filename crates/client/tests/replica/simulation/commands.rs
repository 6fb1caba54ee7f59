//! What happens to devices: random commands, links that come and go, restarts.

use caltrack_client::{replica::Change, sync::plan::Link};
use caltrack_domain::{Activity, ChangeKind};
use jiff::{ToSpan as _, civil::Date};
use rand::Rng as _;

use super::world::{Happening, LAST, World};
use crate::{cloud::entry, model::Copy};

impl<C: Copy> World<C> {
    fn day(&mut self) -> Date {
        LAST - i64::from(self.dice.random_range(0..6_u32)).days()
    }

    /// Has random things happen within `span` milliseconds.
    pub(super) fn trouble(&mut self, commands: usize, span: i64) {
        for device in 0..self.devices.len() {
            for _ in 0..commands {
                let at = self.now + self.dice.random_range(0..span);
                self.later(device, at, Happening::Command);
            }
            let mut at = self.now;
            while at < self.now + span {
                let link = match self.dice.random_range(0..4) {
                    0 => Link::Down,
                    1 => Link::Polling,
                    _ => Link::Live,
                };
                let older = self.dice.random_bool(0.3);
                self.later(device, at, Happening::Link(link, older));
                at += self.dice.random_range(1..span / 2);
            }
            if self.dice.random_bool(0.3) {
                let at = self.now + self.dice.random_range(0..span);
                self.later(device, at, Happening::Restart);
            }
        }
    }

    /// A random command, as the screens make it: of entries that the device has.
    pub(super) fn command(&mut self, device: usize) {
        if self.devices[device].link == Link::Down {
            return;
        }
        if self.erasures > 0.0 && self.dice.random_bool(self.erasures) {
            for back in 0..6_i64 {
                self.cloud.erase_day(LAST - back.days(), self.now);
            }
        }
        let day = self.day();
        let kcal = self.dice.random_range(1..900);
        let known: Vec<Activity> = (0..6_i64)
            .flat_map(|back| self.devices[device].copy.entries(LAST - back.days()))
            .collect();
        let chosen = (!known.is_empty()).then(|| known[self.dice.random_range(0..known.len())].clone());
        let (kind, activity) = match (chosen, self.dice.random_range(0..4)) {
            (Some(chosen), 0) => (ChangeKind::Deleted, chosen),
            (Some(chosen), 1) => {
                let day = if self.dice.random_bool(0.5) {
                    chosen.entry.date
                } else {
                    day
                };
                (ChangeKind::Updated, entry(&chosen.id, chosen.rev + 1, day, kcal))
            }
            _ => {
                let it = &mut self.devices[device];
                it.ids += 1;
                (
                    ChangeKind::Created,
                    entry(&format!("{device}-{}", it.ids), 1, day, kcal),
                )
            }
        };
        // The backend rejects changes of entries that are gone or changed.
        let stored = self.cloud.table().get(&activity.id);
        let is_accepted = match kind {
            ChangeKind::Created => true,
            ChangeKind::Updated => stored.is_some_and(|stored| stored.rev + 1 == activity.rev),
            ChangeKind::Deleted => stored.is_some(),
        };
        if !is_accepted {
            return;
        }
        let activity = match (kind, stored) {
            (ChangeKind::Deleted, Some(stored)) => stored.clone(),
            _ => activity,
        };
        let (write, committed) = self.cloud.write((kind, activity), self.now, &mut self.dice);
        let acknowledged = self.now + self.dice.random_range(1..800);
        self.later(
            device,
            acknowledged,
            Happening::Acknowledged(write.activity.clone(), kind),
        );
        for listener in 0..self.devices.len() {
            if !self.dice.random_bool(self.losses.0) {
                let heard = self.now + self.dice.random_range(1..2_000);
                let change = Change::Entry(kind, write.activity.clone());
                self.later(listener, heard, Happening::Heard(change));
            }
        }
        for (commit, totals) in committed {
            // A publish may be abandoned.
            if self.dice.random_bool(self.losses.1) {
                continue;
            }
            for listener in 0..self.devices.len() {
                let heard = commit + self.dice.random_range(1..2_000);
                self.later(listener, heard, Happening::Heard(Change::Totals(totals.clone())));
            }
        }
    }
}
