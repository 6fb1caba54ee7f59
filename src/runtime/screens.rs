//! The loop itself.

use std::{io, time::Duration};

use jiff::Zoned;
use tokio::{sync::mpsc, time::Instant};

use super::{
    Event, TerminalInput,
    effects::Performer,
    fault,
    keys::Input,
    signals::{self, Job, Signal},
    terminal::{self, Screen},
};
use crate::{
    app::{Code, Effect, Failure, Key, Message, State, update},
    view,
};

/// The least time between two frames that nobody pressed a key for.
const FRAME: Duration = Duration::from_millis(8);
/// Messages that never end must not keep the screen from being painted.
const OVERDUE: Duration = Duration::from_millis(50);
/// A computer may sleep through midnight, and timers with it.
const LONGEST_NAP: Duration = Duration::from_mins(10);

/// How the screens ended.
pub(super) enum Ended {
    /// Somebody wanted it.
    Asked,
    /// The backend in the box can't be opened.
    Fault(Failure),
}

/// Whether the loop goes on.
enum Next {
    On,
    Quit,
}

/// Everything the loop owns.
pub(super) struct Screens<'a> {
    screen: &'a mut Screen,
    state: State,
    performer: Performer,
    events: mpsc::Receiver<Event>,
    input: &'a mut TerminalInput,
    /// Since when the screen shows less than the state.
    stale: Option<Instant>,
    /// When the next frame may be painted.
    due: Instant,
}

impl<'a> Screens<'a> {
    pub(super) fn new(
        screen: &'a mut Screen,
        state: State,
        performer: Performer,
        events: mpsc::Receiver<Event>,
        input: &'a mut TerminalInput,
    ) -> Self {
        Self {
            screen,
            state,
            performer,
            events,
            input,
            stale: None,
            due: Instant::now(),
        }
    }

    /// Gives back what outlives the loop.
    pub(super) fn close(self) -> Performer {
        self.performer
    }

    /// Runs until the end is asked for.
    pub(super) async fn run(&mut self, effects: Vec<Effect>) -> io::Result<Ended> {
        if matches!(self.perform(effects)?, Next::Quit) {
            return Ok(Ended::Asked);
        }
        loop {
            if self.stale.is_some_and(|since| since.elapsed() > OVERDUE) {
                self.draw()?;
            }
            let next = tokio::select! {
                // First what changes the state, then the frame: many changes make one frame.
                biased;
                event = self.events.recv() => match event {
                    Some(Event::Message(message)) => self.take(message)?,
                    Some(Event::Fault(failure)) => return Ok(Ended::Fault(failure)),
                    Some(Event::Answers) => {
                        if self.state.account.is_some() {
                            self.performer.connect();
                        }
                        Next::On
                    }
                    None => Next::Quit,
                },
                input = self.input.keyboard.next() => match input {
                    Some(input) => {
                        // Keys take effect at once: the next frame is due now.
                        self.due = Instant::now();
                        self.take(match input {
                            Input::Key(key) => Message::Key(key),
                            Input::Paste(text) => Message::Paste(text),
                        })?
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
                () = until(self.due), if self.stale.is_some() => {
                    self.draw()?;
                    Next::On
                }
                () = tokio::time::sleep(nap(&self.state.now)) => self.look_at_the_clock()?,
            };
            if matches!(next, Next::Quit) {
                return Ok(Ended::Asked);
            }
        }
    }

    /// Tells the core the time, then what happened.
    fn take(&mut self, message: Message) -> io::Result<Next> {
        if matches!(self.look_at_the_clock()?, Next::Quit) {
            return Ok(Next::Quit);
        }
        let effects = update(&mut self.state, message);
        self.stale.get_or_insert_with(Instant::now);
        self.perform(effects)
    }

    fn look_at_the_clock(&mut self) -> io::Result<Next> {
        let before = self.state.now.date();
        let effects = update(&mut self.state, Message::Clock(Zoned::now()));
        if self.state.now.date() != before {
            self.stale.get_or_insert_with(Instant::now);
        }
        self.perform(effects)
    }

    fn draw(&mut self) -> io::Result<()> {
        self.screen.draw(|frame| {
            view::draw(frame, &self.state);
            #[cfg(debug_assertions)]
            panic_where_asked_for();
        })?;
        self.stale = None;
        self.due = Instant::now() + FRAME;
        Ok(())
    }

    fn perform(&mut self, effects: Vec<Effect>) -> io::Result<Next> {
        for effect in effects {
            match effect {
                Effect::Account { request, ask } => self.performer.account(request, ask),
                Effect::SignOut { everywhere } => self.performer.sign_out(everywhere),
                Effect::Connect => self.performer.connect(),
                Effect::LoadCategories => self.performer.load_categories(),
                Effect::LoadTarget { request } => self.performer.load_target(request),
                Effect::LoadDay { request, date } => self.performer.load_day(request, date),
                Effect::Pause { request } => self.performer.pause(request),
                Effect::RememberDay(day) => self.performer.remember_day(day),
                Effect::Create { request, activity } => self.performer.create(request, activity),
                Effect::Update {
                    request,
                    id,
                    patch,
                    expected_rev,
                } => self.performer.update(request, id, patch, expected_rev),
                Effect::Delete { request, id } => self.performer.delete(request, id),
                // It comes back as a signal, to the whole job.
                Effect::Suspend => signals::ask_to_stop()?,
                Effect::Quit => return Ok(Next::Quit),
            }
        }
        Ok(Next::On)
    }

    /// Releases the terminal and the box, stops, and takes both again once continued. A host that stopped while holding
    /// the box would block every other program.
    async fn suspend(&mut self, cause: Signal) -> io::Result<Next> {
        if !Job::can_be_resumed() {
            return Ok(Next::On);
        }
        self.screen.suspend()?;
        let share = self.performer.share();
        if let Some(share) = &share {
            share.suspend().await;
        }
        let ended = match cause {
            Signal::Continue => self.input.signals.stop_in_background().await?,
            _ => self.input.signals.stop_here().await?,
        };
        if let Some(share) = &share {
            share.resume().await;
        }
        match ended {
            Some(_) => self.take(Message::Terminate),
            None => self.resume(),
        }
    }

    /// Somebody else has had the terminal, and may have changed its size.
    fn resume(&mut self) -> io::Result<Next> {
        self.screen.resume()?;
        self.resized()
    }

    fn resized(&mut self) -> io::Result<Next> {
        self.screen.disturb();
        let (width, height) = terminal::size()?;
        self.take(Message::Resized { width, height })
    }
}

/// Shows a failure until a key is pressed or the end is asked for.
pub(super) async fn explain(
    screen: &mut Screen,
    input: &mut TerminalInput,
    failure: &Failure,
) -> io::Result<()> {
    loop {
        screen.draw(|frame| fault::draw(frame, failure))?;
        tokio::select! {
            input = input.keyboard.next() => match input {
                Some(Input::Key(key)) if key == Key::ctrl('z') => signals::ask_to_stop()?,
                Some(Input::Key(key))
                    if matches!(key.code, Code::Enter | Code::Esc | Code::Char('q'))
                        || key == Key::ctrl('c') =>
                {
                    return Ok(());
                }
                Some(Input::Key(_) | Input::Paste(_)) => {}
                None => return Ok(()),
            },
            signal = input.signals.next() => match signal {
                Signal::Terminate(_) => return Ok(()),
                Signal::Stop if Job::can_be_resumed() => {
                    screen.suspend()?;
                    if input.signals.stop_here().await?.is_some() {
                        return Ok(());
                    }
                    screen.resume()?;
                }
                Signal::Stop => {}
                Signal::Continue => screen.resume()?,
                Signal::WindowChange => screen.disturb(),
            },
        }
    }
}

async fn until(due: Instant) {
    if due > Instant::now() {
        tokio::time::sleep_until(due).await;
    }
}

/// A test of what a panic leaves behind needs one: in the middle of a frame, where it leaves most (CONTRIBUTING.md).
/// No release has this.
#[cfg(debug_assertions)]
fn panic_where_asked_for() {
    assert!(
        caltrack_client::config::variable("CALTRACK_TEST_PANIC").is_none(),
        "asked for by CALTRACK_TEST_PANIC"
    );
}

/// Until the next day begins, or the next look at the clock.
fn nap(now: &Zoned) -> Duration {
    now.tomorrow()
        .and_then(|tomorrow| tomorrow.start_of_day())
        .ok()
        .and_then(|midnight| Duration::try_from(now.duration_until(&midnight)).ok())
        // Just after midnight, not just before.
        .map_or(LONGEST_NAP, |left| left + Duration::from_millis(20))
        .min(LONGEST_NAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_looked_at_when_a_day_begins_and_now_and_then() {
        let noon: Zoned = "2026-11-23T12:00:00+01:00[Europe/Berlin]".parse().unwrap();
        assert_eq!(nap(&noon), LONGEST_NAP);
        let late: Zoned = "2026-11-23T23:59:58+01:00[Europe/Berlin]".parse().unwrap();
        assert_eq!(nap(&late), Duration::from_millis(2_020));
        // A day that begins at one o'clock.
        let gap: Zoned = "2018-11-03T23:59:59-03:00[America/Sao_Paulo]".parse().unwrap();
        assert_eq!(nap(&gap), Duration::from_millis(1_020));
    }
}
