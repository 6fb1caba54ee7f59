//! The loop: events in, messages to the core, effects and frames out.

use std::{collections::VecDeque, io, time::Duration};

use caltrack_domain::Mouse;
use jiff::Zoned;
use ratatui::Frame;
use tokio::{sync::mpsc, time::Instant};

use super::{
    drafts::{DraftKeeper, UserDrafts},
    effect_runner::{EffectRunner, Flow},
    event::Event,
    keys::Input,
    pace::Pace,
    signals::{self, JobControl, Signal},
    terminal::{self, TerminalGuard},
    terminal_input::TerminalInput,
};
use crate::app::{
    Connection, Effect, Failure, Message, State,
    input::{action::Motion, mouse::Target},
    update,
};

/// An endless series of messages delays a frame by at most this.
const OVERDUE: Duration = Duration::from_millis(50);
/// How long a suspension and the end wait for the outbox.
const MAX_RELEASE: Duration = Duration::from_secs(2);
/// How long a clock that was set goes unnoticed. Timers follow another clock, which also stands still while a computer sleeps.
const MAX_NAP: Duration = Duration::from_secs(5);

/// How the loop ended.
pub(super) enum Ended {
    /// The user, or a signal, ended the program.
    Quit,
    /// The backend in the box can't be opened.
    StartFailed(Failure),
}

pub(super) type Draw<'a> = &'a mut dyn FnMut(&mut Frame<'_>, &State);

/// Finds what lies at a column and row of the picture of a state.
pub type FindTarget = fn(&State, (u16, u16)) -> Option<Target>;

/// Everything the loop owns.
pub(super) struct EventLoop<'a> {
    terminal: &'a mut TerminalGuard,
    draw: Draw<'a>,
    find: FindTarget,
    state: State,
    runner: EffectRunner,
    events: mpsc::Receiver<Event>,
    /// Events that arrived while the program was being suspended.
    held: VecDeque<Event>,
    input: &'a mut TerminalInput,
    drafts: DraftKeeper,
    /// Since when the terminal shows an older state.
    stale: Option<Instant>,
    pace: Pace,
}

impl<'a> EventLoop<'a> {
    pub(super) fn new(
        terminal: &'a mut TerminalGuard,
        (draw, find): (Draw<'a>, FindTarget),
        state: State,
        runner: EffectRunner,
        events: mpsc::Receiver<Event>,
        input: &'a mut TerminalInput,
    ) -> Self {
        Self {
            terminal,
            draw,
            find,
            state,
            runner,
            events,
            held: VecDeque::new(),
            input,
            drafts: DraftKeeper::default(),
            stale: None,
            pace: Pace::new(Instant::now()),
        }
    }

    /// Returns what outlives the loop: the runner of effects, and the drafts that are to be stored.
    /// What is being written to the outbox is a draft only if that fails.
    pub(super) async fn close(mut self) -> (EffectRunner, Option<UserDrafts>) {
        let written = tokio::time::timeout(MAX_RELEASE, async {
            while !self.state.outbox.is_written() || self.state.dialogs.is_saving() {
                let event = match self.held.pop_front() {
                    Some(event) => Some(event),
                    None => self.events.recv().await,
                };
                match event {
                    // The effects of a program that ends are no longer performed.
                    Some(Event::Message(message)) => drop(update(&mut self.state, message)),
                    Some(Event::StartFailed(_) | Event::HostResponds) => {}
                    None => return,
                }
            }
        });
        if written.await.is_err() {
            tracing::warn!("the outbox is still being written");
        }
        let drafts = self.drafts.take(&self.state);
        (self.runner, drafts)
    }

    /// Takes what was typed before the loop runs, as its first events.
    pub(super) fn hold(&mut self, typed: Vec<Input>) {
        let messages = typed.into_iter().filter_map(|input| self.message_of(input));
        let events: Vec<Event> = messages.map(Event::Message).collect();
        self.held.extend(events);
    }

    /// Runs until the program ends.
    pub(super) async fn run(&mut self, effects: Vec<Effect>) -> io::Result<Ended> {
        if self.perform(effects)? == Flow::Quit {
            return Ok(Ended::Quit);
        }
        loop {
            if self.stale.is_some_and(|since| since.elapsed() > OVERDUE) {
                self.draw()?;
            }
            if let Some(event) = self.held.pop_front() {
                match self.handle(event)? {
                    Some(ended) => return Ok(ended),
                    None => continue,
                }
            }
            let flow = tokio::select! {
                // First what changes the state, then the frame: many changes make one frame.
                biased;
                event = self.events.recv() => match event {
                    Some(event) => match self.handle(event)? {
                        Some(ended) => return Ok(ended),
                        None => Flow::Continue,
                    },
                    None => Flow::Quit,
                },
                input = self.input.keyboard.next() => match input {
                    Some(input) => {
                        self.pace.hurry(Instant::now());
                        match self.message_of(input) {
                            Some(message) => self.take(message)?,
                            None => Flow::Continue,
                        }
                    }
                    // The terminal is gone.
                    None => self.take(Message::Terminate)?,
                },
                signal = self.input.signals.next() => match signal {
                    Signal::Terminate(_) => self.take(Message::Terminate)?,
                    Signal::Stop => self.suspend(Signal::Stop).await?,
                    // Stopped by a signal that can't be caught, and continued in the background.
                    signal @ Signal::Continue if !signals::in_foreground() => self.suspend(signal).await?,
                    Signal::Continue => self.resume()?,
                    Signal::WindowChange => self.resized()?,
                },
                () = until(self.pace.due(Instant::now())), if self.stale.is_some() => {
                    self.draw()?;
                    Flow::Continue
                }
                () = until(self.drafts.due()), if self.drafts.due().is_some() => {
                    if let Some(drafts) = self.drafts.take(&self.state) {
                        self.runner.spawn_drafts(drafts);
                    }
                    Flow::Continue
                }
                () = tokio::time::sleep(nap(&self.state.shell.now)) => self.update_clock()?,
            };
            if flow == Flow::Quit {
                return Ok(Ended::Quit);
            }
        }
    }

    /// Handles an event; returns whether the program ends by it.
    fn handle(&mut self, event: Event) -> io::Result<Option<Ended>> {
        let flow = match event {
            Event::Message(message) => {
                match &message {
                    Message::Connection(Connection::Live | Connection::Polling) => self.runner.send_queue(),
                    Message::SignedOut { .. } => self.runner.release_user(),
                    _ => {}
                }
                self.take(message)?
            }
            Event::StartFailed(failure) => return Ok(Some(Ended::StartFailed(failure))),
            Event::HostResponds => {
                if self.state.session.account().is_some() {
                    self.runner.connect();
                }
                Flow::Continue
            }
        };
        Ok((flow == Flow::Quit).then_some(Ended::Quit))
    }

    /// What an input means; none for a click on nothing.
    fn message_of(&self, input: Input) -> Option<Message> {
        Some(match input {
            Input::Key(key) => Message::Key(key),
            Input::Paste(text) => Message::Paste(text),
            Input::Press { column, row } => Message::Click((self.find)(&self.state, (column, row))?),
            Input::Wheel { up: true } => Message::Wheel(Motion::Up),
            Input::Wheel { up: false } => Message::Wheel(Motion::Down),
        })
    }

    /// Sends the core the time, then a message.
    fn take(&mut self, message: Message) -> io::Result<Flow> {
        if self.update_clock()? == Flow::Quit {
            return Ok(Flow::Quit);
        }
        match &message {
            Message::Key(_) | Message::Paste(_) => self.drafts.touch(),
            Message::Saved { .. } | Message::ChangesSaved { .. } | Message::SignedOut { .. } => {
                self.drafts.expire();
            }
            Message::Drafts { sub, drafts } => self.drafts.recalled(sub, drafts),
            _ => {}
        }
        let effects = update(&mut self.state, message);
        self.stale.get_or_insert_with(Instant::now);
        self.perform(effects)
    }

    fn update_clock(&mut self) -> io::Result<Flow> {
        let before = self.state.shell.today();
        let effects = update(&mut self.state, Message::Clock(Zoned::now()));
        if self.state.shell.today() != before {
            self.stale.get_or_insert_with(Instant::now);
        }
        self.perform(effects)
    }

    fn draw(&mut self) -> io::Result<()> {
        let (draw, state) = (&mut self.draw, &self.state);
        self.terminal
            .capture_mouse(state.shell.display.mouse == Mouse::On)?;
        self.terminal.draw(|frame| draw(frame, state))?;
        self.stale = None;
        self.pace.painted(Instant::now());
        Ok(())
    }

    fn perform(&mut self, effects: Vec<Effect>) -> io::Result<Flow> {
        for effect in effects {
            if let Effect::CopyText(text) = effect {
                self.terminal.copy(&text)?;
            } else if self.runner.run(effect)? == Flow::Quit {
                return Ok(Flow::Quit);
            }
        }
        Ok(Flow::Continue)
    }

    /// Releases the terminal, the outbox and the box, stops, and takes them again once continued. A program that stopped
    /// while holding one of them would block every other program.
    async fn suspend(&mut self, cause: Signal) -> io::Result<Flow> {
        if !JobControl::can_be_resumed() {
            return Ok(Flow::Continue);
        }
        self.terminal.suspend()?;
        let drafts = self.drafts.take(&self.state);
        self.release_outbox(drafts).await;
        let share = self.runner.share();
        if let Some(share) = &share {
            share.suspend().await;
        }
        let ended = match cause {
            Signal::Continue => self.input.signals.stop_in_background().await?,
            Signal::Stop | Signal::Terminate(_) | Signal::WindowChange => {
                self.input.signals.stop_here().await?
            }
        };
        if let Some(share) = &share {
            share.resume().await;
        }
        self.runner.resume().await;
        match ended {
            Some(_) => self.take(Message::Terminate),
            None => self.resume(),
        }
    }

    /// Has drafts stored and the outbox released. Their tasks may wait for room among the events, which are taken meanwhile.
    async fn release_outbox(&mut self, drafts: Option<UserDrafts>) {
        let runner = &self.runner;
        let released = tokio::time::timeout(MAX_RELEASE, async {
            runner.keep_drafts(drafts).await;
            runner.suspend().await;
        });
        tokio::pin!(released);
        loop {
            tokio::select! {
                result = &mut released => {
                    if result.is_err() {
                        tracing::warn!("the outbox was not released before the program is stopped");
                    }
                    return;
                }
                Some(event) = self.events.recv() => self.held.push_back(event),
            }
        }
    }

    /// Another program has used the terminal, and may have changed its size.
    fn resume(&mut self) -> io::Result<Flow> {
        self.terminal.resume()?;
        self.resized()
    }

    fn resized(&mut self) -> io::Result<Flow> {
        self.terminal.disturb();
        let (width, height) = terminal::size()?;
        self.take(Message::Resized { width, height })
    }
}

/// Completes at a time, if it is to come.
async fn until(due: Option<Instant>) {
    if let Some(due) = due.filter(|due| *due > Instant::now()) {
        tokio::time::sleep_until(due).await;
    }
}

/// The time until the next day begins, or the clock is to be read again.
fn nap(now: &Zoned) -> Duration {
    now.tomorrow()
        .and_then(|tomorrow| tomorrow.start_of_day())
        .ok()
        .and_then(|midnight| Duration::try_from(now.duration_until(&midnight)).ok())
        // Just after midnight, not just before.
        .map_or(MAX_NAP, |left| left + Duration::from_millis(20))
        .min(MAX_NAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_read_when_a_day_begins_and_every_five_seconds() {
        let noon: Zoned = "2026-11-23T12:00:00+01:00[Europe/Berlin]".parse().unwrap();
        assert_eq!(nap(&noon), MAX_NAP);
        let late: Zoned = "2026-11-23T23:59:58+01:00[Europe/Berlin]".parse().unwrap();
        assert_eq!(nap(&late), Duration::from_millis(2_020));
        // A day that begins at one o'clock.
        let gap: Zoned = "2018-11-03T23:59:59-03:00[America/Sao_Paulo]".parse().unwrap();
        assert_eq!(nap(&gap), Duration::from_millis(1_020));
    }
}
