//! Two devices and a backend in virtual time: random commands, late and lost events, a lagging index and lagging totals,
//! failed requests, reconnects and restarts. A run is determined by its seed.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use caltrack_client::{
    replica::{Change, CopyState, DayStatus, Listing, Replica},
    sync::plan::{Event, Link, Plan, Request, RequestNumber, TotalsPage},
};
use caltrack_domain::{Activity, ChangeKind, DailyTotals};
use jiff::{Timestamp, ToSpan as _, civil::Date};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use crate::{
    cloud::{Cloud, entry, ms},
    model::{Copy, Model},
};

const START: i64 = 1_795_000_000_000;
/// Totals of one page.
const PAGE: usize = 2;
/// The first day of those that are listed at each reconnect.
const NEWEST: Date = jiff::civil::date(2026, 11, 21);
/// The last day of the log.
const LAST: Date = jiff::civil::date(2026, 11, 23);

struct Device<C> {
    copy: C,
    plan: Plan,
    link: Link,
    /// Answers to requests before a restart are lost.
    life: u32,
    wake: Option<i64>,
    requests: usize,
    ids: u32,
}

enum Happening {
    Command,
    Acknowledged(Activity, ChangeKind),
    Heard(Change),
    /// The backend reads a request.
    Read(u32, RequestNumber, Request, i64),
    Answered(u32, RequestNumber, Answer, i64),
    Link(Link, bool),
    Restart,
    Wake,
}

enum Answer {
    Page {
        page: Vec<DailyTotals>,
        covered: (Option<Date>, Option<Date>),
        next: Option<(String, Date)>,
    },
    Lists(Vec<Listing>),
    Failed,
}

pub(crate) struct World<C> {
    cloud: Cloud,
    devices: Vec<Device<C>>,
    queue: BinaryHeap<Reverse<(i64, u64)>>,
    happenings: BTreeMap<u64, (usize, Happening)>,
    sequence: u64,
    dice: StdRng,
    now: i64,
    quiet: bool,
    /// The chance that an event of an entry is lost, and that a publish is abandoned.
    losses: (f64, f64),
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

impl<C: Copy> World<C> {
    pub(crate) fn new(seed: u64, copies: Vec<C>) -> Self {
        let devices = copies.into_iter().map(|copy| Device {
            copy,
            plan: Plan::default(),
            link: Link::Connecting,
            life: 0,
            wake: None,
            requests: 0,
            ids: 0,
        });
        Self {
            cloud: Cloud::default(),
            devices: devices.collect(),
            queue: BinaryHeap::new(),
            happenings: BTreeMap::new(),
            sequence: 0,
            dice: StdRng::seed_from_u64(seed),
            now: START,
            quiet: false,
            losses: (0.05, 0.1),
        }
    }

    fn later(&mut self, device: usize, at: i64, happening: Happening) {
        self.sequence += 1;
        self.queue.push(Reverse((at, self.sequence)));
        self.happenings.insert(self.sequence, (device, happening));
    }

    fn day(&mut self) -> Date {
        LAST - i64::from(self.dice.random_range(0..6_u32)).days()
    }

    /// Has random things happen within `span` milliseconds.
    fn trouble(&mut self, commands: usize, span: i64) {
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

    /// Runs until nothing happens any more, or until a moment.
    fn run(&mut self, until: i64) {
        while let Some(Reverse((time, sequence))) = self.queue.peek().copied() {
            if time > until {
                break;
            }
            self.queue.pop();
            self.now = self.now.max(time);
            let (device, happening) = self.happenings.remove(&sequence).unwrap();
            self.take(device, happening);
            self.pump(device);
        }
        self.now = self.now.max(until);
    }

    fn take(&mut self, device: usize, happening: Happening) {
        let now = at(self.now);
        match happening {
            Happening::Command => self.command(device),
            Happening::Acknowledged(activity, kind) => {
                self.change(device, Change::Entry(kind, activity), true);
            }
            Happening::Heard(change) => {
                // Events of a closed connection are lost.
                if self.devices[device].link == Link::Live {
                    self.change(device, change, false);
                }
            }
            Happening::Read(life, number, request, sent) => {
                let fails = !self.quiet && self.dice.random_bool(0.05);
                let answer = if fails || self.devices[device].link == Link::Down {
                    Answer::Failed
                } else {
                    self.read(&request, sent)
                };
                let arrives = self.now + self.dice.random_range(1..400);
                self.later(device, arrives, Happening::Answered(life, number, answer, sent));
            }
            Happening::Answered(life, number, answer, sent) => {
                if self.devices[device].life == life {
                    self.answered(device, number, answer, sent);
                }
            }
            Happening::Link(link, older) => {
                let device = &mut self.devices[device];
                device.link = link;
                device.plan.take(Event::Link(link, older), now);
            }
            Happening::Restart => {
                let device = &mut self.devices[device];
                device.life += 1;
                device.plan = Plan::default();
                let link = device.link;
                device.plan.take(Event::Link(link, true), now);
            }
            Happening::Wake => self.devices[device].wake = None,
        }
    }

    fn change(&mut self, device: usize, change: Change, own: bool) {
        let now = at(self.now);
        let totals = matches!(change, Change::Totals(_));
        let device = &mut self.devices[device];
        let days = device.copy.apply(vec![change], now);
        device.plan.take(Event::Changed { days, totals, own }, now);
    }

    /// A random command, as the screens make it: of entries that the device has.
    fn command(&mut self, device: usize) {
        if self.devices[device].link == Link::Down {
            return;
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

    fn read(&mut self, request: &Request, sent: i64) -> Answer {
        let now = self.now;
        let listing = |date, is_last, totals| Listing {
            date,
            entries: self.cloud.list(date, date, now),
            totals,
            sent: at(sent),
            is_last,
        };
        let totals = |date| {
            let nothing = DailyTotals::empty(date);
            Some(self.cloud.totals(date, now).unwrap_or(nothing))
        };
        match request {
            Request::Totals(TotalsPage { older, after }) => {
                let (from, to) = if *older {
                    (None, Some(NEWEST - 1.day()))
                } else {
                    (Some(NEWEST), None)
                };
                let from = after.as_ref().map(|(_, last)| *last + 1.day()).or(from);
                let (page, is_more) = self.cloud.page((from, to), PAGE, now);
                let last = page.last().map(|totals| totals.date).filter(|_| is_more);
                Answer::Page {
                    page,
                    covered: (from, last.or(to)),
                    next: last.map(|last| (last.to_string(), last)),
                }
            }
            Request::Range { days, .. } => {
                Answer::Lists(days.iter().map(|date| listing(*date, false, None)).collect())
            }
            Request::Day(date) => Answer::Lists(vec![listing(*date, false, totals(*date))]),
            Request::DayByMoment(date) => Answer::Lists(vec![listing(*date, true, totals(*date))]),
        }
    }

    fn answered(&mut self, device: usize, number: RequestNumber, answer: Answer, sent: i64) {
        let now = at(self.now);
        let device = &mut self.devices[device];
        let event = match answer {
            Answer::Page { page, covered, next } => {
                device.copy.store_totals(page, covered, at(sent));
                Event::Listed {
                    number,
                    next,
                    unsettled: device.copy.unsettled(),
                }
            }
            Answer::Lists(lists) => Event::Fetched {
                number,
                days: device.copy.store_lists(lists, now),
            },
            Answer::Failed => Event::Failed {
                number,
                transient: true,
            },
        };
        device.plan.take(event, now);
    }

    /// Sends the requests that are due, and arranges the next wake-up.
    fn pump(&mut self, device: usize) {
        let now = self.now;
        loop {
            let it = &mut self.devices[device];
            let Some((number, request)) = it.plan.next(at(now)) else {
                break;
            };
            it.requests += 1;
            let life = it.life;
            let arrives = now + self.dice.random_range(1..400);
            self.later(device, arrives, Happening::Read(life, number, request, now));
        }
        let it = &mut self.devices[device];
        let due = it.plan.due().filter(|_| it.link != Link::Down);
        if let Some(due) = due.map(|due| ms(due.max(at(now + 1))))
            && it.wake.is_none_or(|wake| due < wake)
        {
            it.wake = Some(due);
            self.later(device, due, Happening::Wake);
        }
    }

    fn reconnect(&mut self) {
        for device in 0..self.devices.len() {
            self.later(device, self.now, Happening::Link(Link::Down, true));
            self.later(device, self.now + 1, Happening::Link(Link::Live, true));
        }
    }

    /// Commands on both devices, which are live all the time.
    fn play_live(&mut self) {
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
    pub(crate) fn play(&mut self) {
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

    pub(crate) fn assert_equal(&self, seed: u64) {
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
    pub(crate) fn requests_of_a_reconnect(&mut self) -> Vec<usize> {
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

fn models() -> Vec<Model> {
    vec![Model::default(), Model::default()]
}

#[test]
fn two_devices_converge_with_the_backend_whatever_happens() {
    let schedules = std::env::var("CALTRACK_SCHEDULES")
        .ok()
        .and_then(|n| n.parse().ok());
    for seed in 0..schedules.unwrap_or(400) {
        let mut world = World::new(seed, models());
        world.play();
        world.assert_equal(seed);
        // The pages of the newest days, and nothing else.
        let pages = world
            .cloud
            .page((Some(NEWEST), None), usize::MAX, i64::MAX)
            .0
            .len()
            .div_ceil(PAGE);
        assert_eq!(world.requests_of_a_reconnect(), [pages.max(1); 2], "seed {seed}");
    }
}

/// An event without totals asks for its day.
#[test]
fn devices_that_stay_live_converge_although_publishes_are_abandoned() {
    for (seed, abandoned) in (0..200).zip([0.0, 0.5, 1.0].into_iter().cycle()) {
        let mut world = World::new(seed, models());
        world.losses = (0.0, abandoned);
        world.play_live();
        world.assert_equal(seed);
    }
}

/// A list that differs from totals is fetched again.
#[test]
fn devices_that_stay_live_converge_although_events_of_entries_are_lost() {
    for seed in 0..200 {
        let mut world = World::new(seed, models());
        world.losses = (0.5, 0.0);
        world.play_live();
        world.assert_equal(seed);
    }
}

#[test]
fn the_replicas_tables_converge_like_the_model() {
    for seed in 0..12 {
        let replicas = vec![Replica::in_memory().unwrap(), Replica::in_memory().unwrap()];
        let mut world = World::new(seed, replicas);
        world.play();
        world.assert_equal(seed);
    }
}

#[test]
fn a_schedule_is_determined_by_its_seed() {
    let requests = |seed| {
        let mut world = World::new(seed, models());
        world.play();
        world
            .devices
            .iter()
            .map(|device| device.requests)
            .collect::<Vec<_>>()
    };
    assert_eq!(requests(7), requests(7));
    assert!((0..5).any(|seed| requests(seed) != requests(7)));
}

/// Six more tries, one by the index of moments, and nothing further until the day changes.
#[test]
fn a_day_that_never_matches_becomes_unverified_and_costs_nothing_further() {
    let mut world = World::new(1, models());
    world.cloud.wrong = Some(LAST);
    let mut dice = StdRng::seed_from_u64(1);
    world.cloud.write(
        (ChangeKind::Created, entry("a", 1, LAST, 650)),
        world.now,
        &mut dice,
    );
    world.quiet = true;
    world.run(world.now + 120_000);
    world.reconnect();
    world.run(world.now + 700_000);
    // Two lists of totals, the day, six tries, and the other index.
    assert_eq!(world.devices[0].requests, 2 + 1 + 6 + 1);
    for device in &world.devices {
        assert_eq!(device.copy.state(LAST), CopyState::Unverified);
        assert_eq!(device.copy.entries(LAST).len(), 1, "it is kept");
    }
    world.reconnect();
    world.run(world.now + 3_600_000);
    assert_eq!(world.devices[0].requests, 10 + 2);
    // It changes, and the totals are right again.
    world.cloud.wrong = None;
    world.cloud.write(
        (ChangeKind::Created, entry("b", 1, LAST, 1)),
        world.now,
        &mut dice,
    );
    world.run(world.now + 120_000);
    world.reconnect();
    world.run(world.now + 3_600_000);
    world.assert_equal(1);
    assert_eq!(world.devices[0].requests, 12 + 3);
    assert_eq!(world.devices[0].copy.unsettled(), Vec::<DayStatus>::new());
}
