//! Two devices of one user in virtual time: random changes, lost and late messages, failures, restarts at any instant.
//!
//! Every edit sets a note and kcal that no other edit sets, so that what became of each can be looked up in what the
//! server has executed.

use std::{cmp::Reverse, collections::BinaryHeap};

use caltrack_domain::{
    ActivityPatch, LogCommand,
    outbox::{Answer, Command, Queue, ReasonKind, Undo, WeightChange},
};
use jiff::civil::date;

use crate::{
    device::{Device, PATIENCE},
    oracle::Edit,
    server::{BAD_KCAL, Server},
    support::{Random, at, create, delete, reason},
};

/// The faults end here; what is queued goes out afterwards.
const CALM: u64 = 600_000;

#[expect(clippy::large_enum_variant, reason = "few exist at a time")]
enum Event {
    Act(usize),
    Restart(usize),
    Sync(usize),
    Wake(usize),
    Arrive {
        device: usize,
        start: u64,
        row: u64,
        command: Command,
    },
    Answer {
        device: usize,
        start: u64,
        row: u64,
        answer: Answer,
    },
}

pub(crate) struct World {
    random: Random,
    now: u64,
    pub(crate) server: Server,
    pub(crate) devices: [Device; 2],
    events: BinaryHeap<Reverse<(u64, u64)>>,
    planned: std::collections::BTreeMap<u64, Event>,
    count: u64,
    /// Edits that users made: device, id, note and kcal.
    pub(crate) edits: Vec<Edit>,
    pub(crate) created: Vec<(usize, String)>,
    /// Device, id and the count at the time.
    pub(crate) deleted: Vec<(usize, String, u32)>,
    pub(crate) with_undo: bool,
    /// Whether devices lose rows, for the test of the test.
    forgets: bool,
}

impl World {
    fn new(seed: u64, with_undo: bool) -> Self {
        Self {
            random: Random(seed),
            now: 0,
            server: Server::default(),
            devices: [Device::default(), Device::default()],
            events: BinaryHeap::new(),
            planned: std::collections::BTreeMap::new(),
            count: 0,
            edits: Vec::new(),
            created: Vec::new(),
            deleted: Vec::new(),
            with_undo,
            forgets: false,
        }
    }

    fn plan(&mut self, after: u64, event: Event) {
        self.count += 1;
        self.planned.insert(self.count, event);
        self.events.push(Reverse((self.now + after, self.count)));
    }

    fn unique(&mut self) -> u32 {
        self.count += 1;
        u32::try_from(1_000 + self.count).unwrap()
    }

    fn run(&mut self) {
        for device in 0..2 {
            for _ in 0..30 {
                let after = self.random.below(CALM);
                self.plan(after, Event::Act(device));
            }
            for _ in 0..6 {
                let (restart, sync) = (self.random.below(CALM), self.random.below(CALM));
                self.plan(restart, Event::Restart(device));
                self.plan(sync, Event::Sync(device));
            }
            for minute in 0..200 {
                self.plan(CALM + minute * 61_000, Event::Wake(device));
            }
        }
        while let Some(Reverse((time, number))) = self.events.pop() {
            self.now = time;
            let event = self.planned.remove(&number).unwrap();
            self.take(event);
        }
        // Whatever a request that comes late did, the replicas catch up.
        for device in 0..2 {
            self.take(Event::Sync(device));
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Act(device) => {
                self.act(device);
                self.pump(device);
            }
            Event::Restart(device) => {
                self.devices[device].restart();
                self.pump(device);
            }
            Event::Sync(device) => {
                for (id, (stored, deleted)) in &self.server.entries {
                    let known = (!deleted).then(|| stored.clone());
                    self.devices[device].replica.insert(id.clone(), known);
                }
            }
            Event::Wake(device) => self.pump(device),
            Event::Arrive {
                device,
                start,
                row,
                command,
            } => {
                let answer = self.server.run(&command);
                let lost = self.now < CALM && self.random.one_of(5);
                if !lost {
                    let after = self.random.below(3_000);
                    self.plan(
                        after,
                        Event::Answer {
                            device,
                            start,
                            row,
                            answer,
                        },
                    );
                }
            }
            Event::Answer {
                device,
                start,
                row,
                answer,
            } => {
                let of = &mut self.devices[device];
                if of.start == start && of.scheduler.is_in_flight(row) {
                    of.answer(row, answer, self.now, &mut self.random);
                    self.pump(device);
                }
            }
        }
    }

    fn pump(&mut self, device: usize) {
        let now = self.now;
        for (row, command) in self.devices[device].pump(now) {
            if self.forgets && self.random.one_of(10) {
                let rows = self.devices[device].ledger.queue.rows().to_vec();
                let kept = rows.into_iter().filter(|kept| kept.number != row);
                self.devices[device].ledger.queue = Queue::new(kept.collect());
                continue;
            }
            let start = self.devices[device].start;
            let calm = now >= CALM;
            let fault = if calm { 99 } else { self.random.below(10) };
            match fault {
                // The program ends between writing down that it sends and sending.
                0 => {
                    self.devices[device].restart();
                    self.plan(1, Event::Wake(device));
                    return;
                }
                // Refused: it never arrives.
                1 => {
                    let answer = Answer::Waiting {
                        reason: reason(ReasonKind::Unreachable),
                        may_be_done: false,
                    };
                    self.plan(
                        1,
                        Event::Answer {
                            device,
                            start,
                            row,
                            answer,
                        },
                    );
                }
                // A failure of the backend before or after it has executed the request.
                2 => {
                    if self.random.one_of(2) {
                        self.server.run(&command);
                    }
                    let kind = if self.random.one_of(2) {
                        ReasonKind::Busy
                    } else {
                        ReasonKind::Failed
                    };
                    let answer = Answer::Waiting {
                        reason: reason(kind),
                        may_be_done: true,
                    };
                    self.plan(
                        5,
                        Event::Answer {
                            device,
                            start,
                            row,
                            answer,
                        },
                    );
                }
                // Lost, or so late that the program doesn't wait for it.
                3 => {
                    if self.random.one_of(2) {
                        let after = self.random.below(3 * PATIENCE);
                        self.plan(
                            after,
                            Event::Arrive {
                                device,
                                start,
                                row,
                                command,
                            },
                        );
                    }
                    self.time_out(device, start, row);
                }
                _ => {
                    let after = self.random.below(2_000);
                    self.plan(
                        after,
                        Event::Arrive {
                            device,
                            start,
                            row,
                            command,
                        },
                    );
                    self.time_out(device, start, row);
                }
            }
        }
        let of = &self.devices[device];
        if let Some(due) = of.scheduler.due(of.ledger.queue.rows()) {
            let due = u64::try_from(due.as_millis()).unwrap();
            if due > now {
                self.plan(due - now, Event::Wake(device));
            }
        }
    }

    fn time_out(&mut self, device: usize, start: u64, row: u64) {
        let answer = Answer::Waiting {
            reason: reason(ReasonKind::Unreachable),
            may_be_done: true,
        };
        self.plan(
            PATIENCE,
            Event::Answer {
                device,
                start,
                row,
                answer,
            },
        );
    }

    fn act(&mut self, device: usize) {
        let now = at(i64::try_from(self.now / 1_000).unwrap());
        let shown = self.devices[device].shown();
        let chosen = self.random.pick(&shown).cloned();
        let action = self.random.below(if self.with_undo { 14 } else { 10 });
        match (action, chosen) {
            (0..=2, _) | (3..=8, None) => {
                let unique = self.unique();
                let id = format!("{device}-{unique}");
                let kcal = if self.random.one_of(12) { BAD_KCAL } else { unique };
                self.devices[device]
                    .ledger
                    .save("log", vec![create(&id, kcal)], now);
                self.created.push((device, id));
            }
            (3..=6, Some(before)) => {
                let unique = self.unique();
                let patch = ActivityPatch {
                    note: self.random.one_of(2).then(|| Some(unique.to_string())),
                    kcal: Some(unique),
                    ..ActivityPatch::default()
                };
                let id = before.id.clone();
                let command = Command::Log(LogCommand::Update { before, patch });
                let saved = self.devices[device].ledger.save("edit", vec![command], now);
                let row = saved.iter().find_map(|saved| match saved {
                    caltrack_domain::outbox::SavedChange::Queued(row) => Some(*row),
                    caltrack_domain::outbox::SavedChange::Settled => None,
                });
                self.edits.push(Edit {
                    device,
                    id,
                    unique,
                    row,
                });
            }
            (7 | 8, Some(before)) => {
                let unique = self.unique();
                self.deleted.push((device, before.id.clone(), unique));
                self.devices[device]
                    .ledger
                    .save("delete", vec![delete(&before)], now);
            }
            (9, _) => {
                let weight = WeightChange {
                    date: date(2026, 11, 23),
                    weight: Some(f64::from(self.unique())),
                    before: None,
                };
                self.devices[device]
                    .ledger
                    .save("weight", vec![Command::Weight(weight)], now);
            }
            (10 | 11, _) => {
                self.undo(device, true);
            }
            _ => {
                self.undo(device, false);
            }
        }
        // Everything that is typed is due at once.
        self.devices[device].scheduler.request();
    }

    fn undo(&mut self, device: usize, back: bool) -> Undo {
        let now = at(i64::try_from(self.now / 1_000).unwrap());
        let unique = self.unique();
        let of = &mut self.devices[device];
        let known = |id: &str| Device::known(&of.replica, id);
        let mut ids = 0;
        let new_id = || {
            ids += 1;
            format!("{device}-{unique}-{ids}")
        };
        if back {
            of.ledger.undo(known, new_id, now)
        } else {
            of.ledger.redo(known, new_id, now)
        }
    }
}

fn seeds() -> u64 {
    std::env::var("CALTRACK_SIMULATION_SEEDS").map_or(150, |count| count.parse().unwrap())
}

#[test]
fn whatever_happens_on_two_devices_nothing_is_lost_and_nothing_is_executed_twice() {
    for seed in 0..seeds() {
        let mut world = World::new(seed, false);
        world.run();
        world.check(seed);
    }
}

#[test]
fn undo_and_redo_at_any_moment_leave_both_devices_and_the_server_with_the_same_log() {
    for seed in 0..seeds() {
        let mut world = World::new(seed + 1_000_000, true);
        world.run();
        world.check(seed);
    }
}

/// A check that can't fail proves nothing.
#[test]
fn the_simulation_finds_a_queue_that_forgets_a_row() {
    let finds = |seed: u64| {
        let mut world = World::new(seed, false);
        world.forgets = true;
        let run = std::panic::AssertUnwindSafe(move || {
            world.run();
            world.check(seed);
        });
        std::panic::catch_unwind(run).is_err()
    };
    assert!((0..5).any(finds));
}
