//! Random histories at random sizes: the invariants of the screens hold after each step.

mod invariants;
mod steps;

use std::collections::HashSet;

use jiff::SignedDuration;
use proptest::prelude::*;

use self::{
    invariants::Seen,
    steps::{Step, size, step, text},
};
use crate::{
    backend::{Backend, Change, Reply},
    entries::{SUB, entry, now, totals},
    world::{Code, DayLoad, Key, Pending, Request, Setup, World},
};

/// A text that was typed, and that must not be lost.
#[derive(Debug, Clone)]
struct Typed(String);

/// The screens, the backend behind them, and what was typed.
struct Run {
    world: World,
    backend: Backend,
    open: Vec<Pending>,
    requests: HashSet<Request>,
    typed: Vec<Typed>,
    marks: usize,
    seconds: i64,
    seen: Option<Seen>,
}

impl Run {
    fn new(world: World) -> Self {
        let mut run = Self {
            world,
            backend: Backend::default(),
            open: Vec::new(),
            requests: HashSet::new(),
            typed: Vec::new(),
            marks: 0,
            seconds: 0,
            seen: None,
        };
        run.collect().unwrap();
        run
    }

    /// Takes the requests of the last message.
    fn collect(&mut self) -> Result<(), TestCaseError> {
        for pending in self.world.take_requests() {
            if let Some(request) = pending.request() {
                prop_assert!(self.requests.insert(request), "{:?} is used twice", request);
            }
            if pending != Pending::Nothing {
                self.open.push(pending);
            }
        }
        Ok(())
    }

    fn press(&mut self, key: Key) -> Result<(), TestCaseError> {
        // Editing a text may remove it; Enter, Tab and Esc keep it.
        let may_remove = !matches!(key.code, Code::Enter | Code::Tab | Code::BackTab | Code::Esc) || key.ctrl;
        if may_remove {
            let world = &self.world;
            self.typed.retain(|typed| !world.topmost_holds(&typed.0));
        }
        self.world.press(key);
        self.collect()?;
        self.nothing_typed_is_lost()
    }

    fn press_all(&mut self, keys: &[Code]) -> Result<(), TestCaseError> {
        keys.iter().try_for_each(|code| self.press(Key::new(*code)))
    }

    fn type_in(&mut self, text: &str) -> Result<(), TestCaseError> {
        text.chars().try_for_each(|c| self.press(Key::char(c)))
    }

    /// Types a text that no other step types; it counts once a line or a field has it.
    fn type_mark(&mut self) -> Result<(), TestCaseError> {
        self.marks += 1;
        let mark = format!("mark{}x", self.marks);
        self.type_in(&mark)?;
        if self.world.holds(&mark) {
            self.typed.push(Typed(mark));
        }
        Ok(())
    }

    fn answer(&mut self, at: usize, reply: &Reply) -> Result<(), TestCaseError> {
        if self.open.is_empty() {
            return Ok(());
        }
        let pending = self.open.remove(at % self.open.len());
        self.backend.answer(&mut self.world, &pending, reply);
        self.collect()
    }

    fn receive(&mut self, at: usize, reply: &Reply) {
        let rows = self.world.sendable();
        if rows.is_empty() || !self.world.is_signed_in() {
            return;
        }
        let (row, command) = &rows[at % rows.len()];
        self.backend.receive(&mut self.world, *row, command, reply);
    }

    /// Sync queries the day that is shown.
    fn poll(&mut self) {
        let date = self.world.date();
        let load = DayLoad { date, fresh: true };
        let (list, totals) = (self.backend.list(date), self.backend.totals(date));
        self.world.day_loaded(load, &list, &totals);
    }

    fn clock(&mut self, seconds: u32) {
        self.seconds += i64::from(seconds);
        let time = now() + SignedDuration::from_secs(self.seconds);
        self.world.clock(&time.strftime("%Y-%m-%dT%H:%M:%S").to_string());
    }

    fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Press(key) => self.press(key.0)?,
            Step::Log(line) => {
                self.type_in("a")?;
                self.type_in(line)?;
                self.type_in(" ")?;
                self.type_mark()?;
                self.press_all(&[Code::Enter])?;
            }
            Step::Form => {
                self.type_in("a")?;
                self.press_all(&[Code::Tab, Code::Enter, Code::Enter])?;
                self.type_in("5")?;
                self.press_all(&[Code::Tab])?;
                self.type_mark()?;
                self.press_all(&[Code::Enter])?;
            }
            Step::Edit => {
                self.type_in("e")?;
                self.press_all(&[Code::Tab])?;
                self.type_mark()?;
                self.press_all(&[Code::Enter])?;
            }
            Step::Answer(at, reply) => self.answer(*at, reply)?,
            Step::Act('Q') => {
                self.type_in(":queue")?;
                self.press_all(&[Code::Enter])?;
            }
            Step::Act(key) => self.press(Key::char(*key))?,
            Step::Write(true) => self.world.carry_out_next(),
            Step::Write(false) => self.world.refuse_next("the disk is full"),
            Step::Receive(at, reply) => self.receive(*at, reply),
            Step::Close => self.press_all(&[Code::Esc, Code::Esc])?,
            Step::Start if self.world.is_signed_in() => {}
            Step::Start => {
                self.press_all(&[Code::Esc, Code::Esc, Code::Home, Code::Enter])?;
                let pending = self
                    .open
                    .iter()
                    .position(|pending| matches!(pending, Pending::Account(..)));
                if let Some(at) = pending {
                    self.answer(at, &Reply::Done)?;
                }
            }
            Step::Elsewhere(what, id, kcal) => {
                let written = entry(&id.to_string(), "Lunch", *kcal).on(self.world.date());
                self.backend.write_elsewhere(*what, &written);
            }
            Step::Hear(age) => match self.backend.published(*age) {
                Some((Change::Created, entry)) => {
                    self.world.created_elsewhere(&entry);
                }
                Some((Change::Updated, entry)) => {
                    self.world.updated_elsewhere(&entry);
                }
                Some((Change::Deleted, entry)) => {
                    self.world.deleted_elsewhere(&entry);
                }
                None => {}
            },
            Step::Publish(age) => {
                let totals = self.backend.totals_before(self.world.date(), *age);
                self.world.publish_as_counted(SUB, totals);
            }
            Step::Paste(text) => {
                self.world.paste(text);
            }
            Step::Resize(width, height) => {
                self.world.resize(*width, *height);
            }
            Step::Poll => self.poll(),
            Step::Live => {
                self.world.live();
            }
            Step::Connecting => {
                self.world.connecting();
            }
            Step::Polling => {
                self.world.polling();
            }
            Step::Offline(reason) => {
                self.world.offline(reason.as_deref());
            }
            Step::Revoke => {
                self.world.session_revoked("revoked");
            }
            Step::Notify(text) => {
                self.world.notify(text);
            }
            Step::Wait(seconds) => self.clock(*seconds),
        }
        self.collect()
    }

    /// Answers every open request, and those that follow from the answers.
    fn answer_all(&mut self) -> Result<(), TestCaseError> {
        for _ in 0..1_000 {
            if self.world.has_orders() {
                self.world.carry_out_next();
                self.collect()?;
            } else if self.world.is_signed_in() && !self.world.sendable().is_empty() {
                self.receive(0, &Reply::Done);
                self.collect()?;
            } else if self.open.is_empty() {
                return Ok(());
            } else {
                self.answer(0, &Reply::Done)?;
            }
        }
        Err(TestCaseError::fail("the requests never end"))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_invariants_hold_after_each_step(
        signed_in in prop::bool::weighted(0.8),
        colours in any::<bool>(),
        steps in prop::collection::vec((step(), size()), 0..80),
    ) {
        let setup = Setup::new().colours(colours);
        let world = if signed_in {
            setup.signed_in("alice").start().loaded(&[], &totals(0, 0, 0))
        } else {
            setup.start()
        };
        let mut run = Run::new(world);
        for (step, size) in &steps {
            run.take(step)?;
            run.check(*size)?;
        }
        run.check_the_end()?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_backend_stores_can_be_drawn(
        consumed in -2_i64..=3, burned in -2_i64..=3, target in any::<u32>(), count_exercise in any::<bool>(),
        kcal in any::<u32>(), name in text(), kind in text(), category in text(),
        (width, height) in (1_u16..=200, 1_u16..=60),
    ) {
        let mut stored = entry("1", "Lunch", kcal).named(&name).noted(&name);
        (stored.kind, stored.category) = (kind, category);
        let step = i64::MAX / 8;
        let mut world = World::with(&[stored], &totals(consumed * step, burned * step, 1));
        world.connecting().live();
        let request = world.target_load().unwrap();
        world.target_loaded(request, target, count_exercise);
        for keys in ["", "e", "?", ":"] {
            world.resize(width, height).type_in(keys);
            world.screen(width, height);
            world.hit(Code::Esc);
        }
    }
}
