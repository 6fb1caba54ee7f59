//! The course of a run, and what must hold at its end.

use caltrack_client::{replica::CopyState, sync::plan::Link};
use caltrack_domain::Activity;
use jiff::ToSpan as _;
use rand::Rng as _;

use super::world::{Happening, LAST, World};
use crate::model::Copy;

impl<C: Copy> World<C> {
    pub(super) fn reconnect(&mut self) {
        for device in 0..self.devices.len() {
            self.later(device, self.now, Happening::Link(Link::Down, true));
            self.later(device, self.now + 1, Happening::Link(Link::Live, true));
        }
    }

    /// Commands on both devices, which are live all the time.
    pub(super) fn play_live(&mut self) {
        self.quiet = true;
        for device in 0..self.devices.len() {
            self.later(device, self.now, Happening::Link(Link::Live, true));
            for _ in 0..12 {
                let at = self.now + self.dice.random_range(1_000..60_000);
                self.later(device, at, Happening::Command);
            }
        }
        self.run(self.now + 3_600_000);
    }

    /// Trouble, then peace: every copy must be what the backend has.
    pub(super) fn play(&mut self) {
        for _ in 0..2 {
            self.trouble(8, 60_000);
            self.run(self.now + 60_000);
        }
        self.quiet = true;
        // Every lag ends.
        self.run(self.now + 120_000);
        self.reconnect();
        self.run(self.now + 3_600_000);
    }

    pub(super) fn assert_equal(&self, seed: u64) {
        for (at, device) in self.devices.iter().enumerate() {
            assert!(
                device.plan.is_idle(),
                "seed {seed}: device {at} still wants {:?}",
                device.plan
            );
            for back in 0..6_i64 {
                let date = LAST - back.days();
                let stored = self.cloud.table().values();
                let mut expected: Vec<_> = stored
                    .filter(|stored| stored.entry.date == date)
                    .cloned()
                    .collect();
                expected.sort_by(Activity::log_order);
                let state = device.copy.state(date);
                assert_eq!(
                    device.copy.entries(date),
                    expected,
                    "seed {seed}, device {at}, {date}: {state:?}"
                );
                assert!(
                    expected.is_empty() || state == CopyState::Complete,
                    "seed {seed}, device {at}, {date}: {state:?}"
                );
            }
        }
    }

    /// How many requests each device sends for a reconnect without news.
    pub(super) fn requests_of_a_reconnect(&mut self) -> Vec<usize> {
        let before: Vec<usize> = self.devices.iter().map(|device| device.requests).collect();
        for device in 0..self.devices.len() {
            self.later(device, self.now, Happening::Link(Link::Down, false));
            self.later(device, self.now + 1, Happening::Link(Link::Live, false));
        }
        self.run(self.now + 3_600_000);
        let after = self.devices.iter().map(|device| device.requests);
        after.zip(before).map(|(after, before)| after - before).collect()
    }
}
