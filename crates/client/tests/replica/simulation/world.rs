//! Devices, and what happens to them in virtual time.

use std::{cmp::Ordering, collections::BinaryHeap};

use caltrack_client::{
    replica::{Change, Listing},
    sync::plan::{Event, Link, Plan, Request, RequestNumber},
};
use caltrack_domain::{Activity, ChangeKind, DailyTotals};
use jiff::{Timestamp, civil::Date};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use crate::{
    cloud::{Cloud, ms},
    model::{Copy, Covered},
};

const START: i64 = 1_795_000_000_000;
/// Totals of one page.
pub(super) const PAGE: usize = 2;
/// The first day of those that are listed at each reconnect.
pub(super) const NEWEST: Date = jiff::civil::date(2026, 11, 21);
/// The last day of the log.
pub(super) const LAST: Date = jiff::civil::date(2026, 11, 23);

pub(super) struct Device<C> {
    pub(super) copy: C,
    pub(super) plan: Plan,
    pub(super) link: Link,
    /// Answers to requests before a restart are lost.
    pub(super) life: u32,
    wake: Option<i64>,
    pub(super) requests: usize,
    pub(super) ids: u32,
}

pub(super) enum Happening {
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

pub(super) enum Answer {
    Page {
        page: Vec<DailyTotals>,
        covered: Covered,
        next: Option<(String, Date)>,
    },
    Lists(Vec<Listing>),
    Failed,
}

/// A happening at its moment; the earliest one is the greatest.
struct Scheduled {
    at: i64,
    sequence: u64,
    device: usize,
    happening: Box<Happening>,
}

impl Scheduled {
    const fn order(&self) -> (i64, u64) {
        (self.at, self.sequence)
    }
}

impl PartialEq for Scheduled {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl Eq for Scheduled {}

impl PartialOrd for Scheduled {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Scheduled {
    fn cmp(&self, other: &Self) -> Ordering {
        other.order().cmp(&self.order())
    }
}

pub(super) struct World<C> {
    pub(super) cloud: Cloud,
    pub(super) devices: Vec<Device<C>>,
    queue: BinaryHeap<Scheduled>,
    sequence: u64,
    pub(super) dice: StdRng,
    pub(super) now: i64,
    pub(super) quiet: bool,
    /// The chance that an event of an entry is lost, and that a publish is abandoned.
    pub(super) losses: (f64, f64),
    /// The chance that a command erases the days without entries.
    pub(super) erasures: f64,
}

pub(super) fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}
impl<C: Copy> World<C> {
    pub(super) fn new(seed: u64, copies: Vec<C>) -> Self {
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
            sequence: 0,
            dice: StdRng::seed_from_u64(seed),
            now: START,
            quiet: false,
            losses: (0.05, 0.1),
            erasures: 0.0,
        }
    }

    pub(super) fn later(&mut self, device: usize, at: i64, happening: Happening) {
        self.sequence += 1;
        self.queue.push(Scheduled {
            at,
            sequence: self.sequence,
            device,
            happening: Box::new(happening),
        });
    }

    /// Runs until nothing happens any more, or until a moment.
    pub(super) fn run(&mut self, until: i64) {
        while self.queue.peek().is_some_and(|next| next.at <= until) {
            let next = self.queue.pop().unwrap();
            self.now = self.now.max(next.at);
            self.take(next.device, *next.happening);
            self.pump(next.device);
        }
        self.now = self.now.max(until);
    }

    pub(super) fn take(&mut self, device: usize, happening: Happening) {
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

    pub(super) fn change(&mut self, device: usize, change: Change, own: bool) {
        let now = at(self.now);
        let totals = matches!(change, Change::Totals(_));
        let device = &mut self.devices[device];
        let days = device.copy.apply(vec![change], now);
        device.plan.take(Event::Changed { days, totals, own }, now);
    }

    /// Sends the requests that are due, and arranges the next wake-up.
    pub(super) fn pump(&mut self, device: usize) {
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
        // A request that is due is sent: the driver would send nothing, again and again.
        assert!(due.is_none_or(|due| due > at(now)), "{:?}", it.plan);
        if let Some(due) = due.map(ms)
            && it.wake.is_none_or(|wake| due < wake)
        {
            it.wake = Some(due);
            self.later(device, due, Happening::Wake);
        }
    }
}
