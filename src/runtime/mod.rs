//! The only loop: terminal, clock, signals and finished effects in, messages to the core, frames out.
//!
//! Everything that takes time runs in tasks that only send messages. A frame is drawn only after a change, and only once no
//! message is waiting: an idle program draws nothing.

mod account;
mod account_task;
mod background;
mod config_watch;
mod context;
pub(crate) mod convert;
mod days;
mod drafts;
mod effect_runner;
mod event;
mod event_loop;
mod host_watch;
mod import;
pub(crate) mod keys;
mod library;
pub(crate) mod looks;
pub(crate) mod names;
mod outbox;
mod pace;
mod preferences;
mod preparing;
mod queries;
mod search;
pub(crate) mod settings;
mod shares;
pub(crate) mod signals;
mod slow;
mod start_failure;
mod startup;
mod sync;
mod terminal;
mod terminal_input;
pub(crate) mod time_zone;

use std::{io, sync::Arc};

use ratatui::Frame;
use tokio::sync::mpsc;

use crate::{
    app::{self, Effect, Failure, FailureKind, Message, State},
    embedded::{self, Embedded, EmbeddedError, Role},
};
use caltrack_client::{
    api::{Client, SessionFile},
    config::{BackendKind, BackendProfile, Config},
    replica::Replica,
};
use context::Context;
use effect_runner::EffectRunner;
use event::Event;
pub use event_loop::FindTarget;
use event_loop::{Draw, Ended, EventLoop};
use keys::Input;
pub use preparing::Preparation;
use preparing::Prepared;
use slow::SlowWatch;
use terminal::TerminalGuard;
use terminal_input::TerminalInput;

/// Messages that may wait for the core.
const MAX_QUEUED: usize = 256;
/// Enough for everything that waits for a socket; the box works in threads of its own.
const WORKERS: usize = 2;

/// Why the screens could not be opened, or ended early.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The terminal or the system reports an error.
    #[error("the screens need a terminal ({0}); commands such as `today` don't")]
    Terminal(#[from] io::Error),
    /// The backend can't be used.
    #[error("{}", start_failure::text(.0))]
    Backend(Failure),
}

/// The threads of a program that hosts the box, with a margin.
const THREADS: u64 = 16;
/// Below this limit of processes, starting threads is tried first; usual limits are thousands.
const FEW: u64 = 512;

/// A runtime for the screens or a command. Must be created before anything else that needs a thread.
///
/// # Errors
///
/// If the system refuses the threads that a program needs; libraries would panic otherwise.
pub fn workers() -> Result<tokio::runtime::Runtime, Failure> {
    let refused = |error: io::Error| Failure {
        next: "raise the limit (`ulimit -u`), or end other programs".to_owned(),
        ..internal(format!(
            "the system allows too few threads: {THREADS} more are needed ({error})"
        ))
    };
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nproc).current;
    if limit.is_some_and(|limit| limit < FEW) {
        try_threads().map_err(refused)?;
    }
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("caltrack")
        .enable_all()
        .build()
        .map_err(refused)
}

/// Starts as many threads as a program needs, and ends them.
fn try_threads() -> io::Result<()> {
    let (keep, kept) = std::sync::mpsc::sync_channel::<()>(0);
    let kept = Arc::new(std::sync::Mutex::new(kept));
    let started: io::Result<Vec<_>> = (0..THREADS)
        .map(|_| {
            let kept = Arc::clone(&kept);
            std::thread::Builder::new().spawn(move || {
                // An error means that the trial is over.
                let _ = kept.lock().map(|kept| kept.recv());
            })
        })
        .collect();
    drop(keep);
    for thread in started? {
        // None of them can panic.
        let _ = thread.join();
    }
    Ok(())
}

/// A client of a profile's backend.
#[derive(Debug)]
pub struct Connected {
    /// The client; nothing is sent yet.
    pub client: Client,
    /// This program's share in the box, if the profile has one and the data directory can be written.
    pub embedded: Option<Embedded>,
    /// Whether the data directory can't be written, so that only another program can host the box.
    pub is_read_only: bool,
}

/// A client of a profile's backend, and this program's share in the box if the profile has one. `slow` is called for each slow
/// request. If the data directory can't be written, what is known of the user's log can still be read. To be called inside the
/// runtime.
///
/// # Errors
///
/// If the data directory or the profile's addresses can't be used.
pub fn connect(
    config: &Config,
    role: Role,
    slow: impl Fn() + Send + Sync + 'static,
) -> Result<Connected, Failure> {
    caltrack_client::api::install_crypto();
    let slow = Arc::new(slow);
    let again = Arc::clone(&slow);
    match connect_to_write(config, role, move || slow()) {
        // Without an account there is nothing to show. Files of others are not even read.
        Err(failure)
            if config.data.check().is_ok()
                && !config.data.is_writable()
                && embedded::remembered_account(config).is_some() =>
        {
            tracing::warn!(reason = failure.message, "the data directory can't be written");
            connect_to_read(config, move || again())
        }
        connected => connected,
    }
}

fn connect_to_write(
    config: &Config,
    role: Role,
    slow: impl Fn() + Send + Sync + 'static,
) -> Result<Connected, Failure> {
    config.data.prepare().map_err(EmbeddedError::from)?;
    let BackendProfile { name, backend } = &config.profile;
    let session = SessionFile::new(config.data.session(name));
    let watched = |endpoints, box_handle| {
        let watch = SlowWatch::new(box_handle, slow);
        Client::watched(endpoints, session, Arc::new(watch))
    };
    let (client, embedded) = match backend {
        BackendKind::Remote(endpoints) => (watched(endpoints.clone(), None)?, None),
        BackendKind::InTheBox => {
            let embedded = Embedded::start(&config.data, role)?;
            let client = watched(embedded::endpoints(&config.data)?, Some(embedded.handle()))?;
            (embedded::with_account(&client, &config.data), Some(embedded))
        }
    };
    Ok(Connected {
        client,
        embedded,
        is_read_only: false,
    })
}

/// For a data directory that can't be written: another program may host the box.
fn connect_to_read(config: &Config, slow: impl Fn() + Send + Sync + 'static) -> Result<Connected, Failure> {
    let BackendProfile { name, backend } = &config.profile;
    let endpoints = match backend {
        BackendKind::Remote(endpoints) => endpoints.clone(),
        BackendKind::InTheBox => embedded::endpoints(&config.data)?,
    };
    let session = SessionFile::new(config.data.session(name));
    let watch = SlowWatch::new(None, slow);
    Ok(Connected {
        client: Client::watched(endpoints, session, Arc::new(watch))?,
        embedded: None,
        is_read_only: true,
    })
}

/// Opens the screens, and returns when they are closed. The first frame is drawn before any backend is connected. `draw`
/// draws every frame, `find` finds what is clicked.
///
/// # Errors
///
/// [`RunError`]; the terminal is restored by then.
pub fn run(
    config: &Config,
    draw: impl FnMut(&mut Frame<'_>, &State),
    find: FindTarget,
) -> Result<(), RunError> {
    run_after(config, None, draw, find)
}

/// As [`run`], after a preparation of the data directory. Another screen is shown at once, and what is typed there is for the
/// screens.
///
/// # Errors
///
/// [`RunError`]; the terminal is restored by then.
pub fn run_after(
    config: &Config,
    preparation: Option<Preparation>,
    mut draw: impl FnMut(&mut Frame<'_>, &State),
    find: FindTarget,
) -> Result<(), RunError> {
    terminal::require()?;
    let workers = workers().map_err(RunError::Backend)?;
    let prepared = config.data.prepare();
    let log = prepared
        .is_ok()
        .then(|| crate::logging::start(&config.data.log()))
        .flatten();
    let is_light = background::is_light(&config.display.theme);
    let take_terminal = || {
        // Signals are caught before the terminal is taken, so that it is always restored.
        let input = {
            let _inside = workers.enter();
            TerminalInput::listen()?
        };
        let terminal = TerminalGuard::enter(log.is_some().then(|| config.data.log()))?;
        Ok::<_, io::Error>((terminal, input))
    };
    let (taken, typed) = match preparation {
        None => (None, Vec::new()),
        Some(preparation) => {
            let (mut terminal, mut input) = take_terminal()?;
            let prepared = preparing::prepare(&mut terminal, &mut input, preparation);
            match workers.block_on(prepared)? {
                Prepared::Done(typed) => (Some((terminal, input)), typed),
                Prepared::Failed(failure) => {
                    workers.block_on(start_failure::explain(&mut terminal, &mut input, &failure))?;
                    drop(terminal);
                    return Err(RunError::Backend(failure));
                }
                Prepared::Ended => return Ok(()),
            }
        }
    };
    let (known, mut terminal, mut input) = std::thread::scope(|scope| {
        let reading = prepared.map(|()| startup::Reading::begin(scope, config, is_light));
        let (terminal, input) = match taken {
            Some(taken) => taken,
            None => take_terminal()?,
        };
        let size = terminal::size()?;
        Ok::<_, io::Error>((reading.map(|reading| reading.wait(size)), terminal, input))
    })?;
    let failure = match known {
        Ok(known) => {
            let (mut state, effects) = app::start(known.startup);
            if let Some(notice) = known.notice {
                app::update(&mut state, Message::Notice(notice));
            }
            terminal.draw(|frame| draw(frame, &state))?;
            let opening = open(
                (config, is_light),
                &mut terminal,
                (&mut draw, find),
                (&mut input, typed),
                (state, effects),
                known.replica,
            );
            workers.block_on(opening)?.err()
        }
        Err(problem) => {
            let failure = EmbeddedError::from(problem).into();
            workers.block_on(start_failure::explain(&mut terminal, &mut input, &failure))?;
            Some(failure)
        }
    };
    drop(terminal);
    failure.map_or(Ok(()), |failure| Err(RunError::Backend(failure)))
}

async fn open(
    (config, is_light): (&Config, Option<bool>),
    terminal: &mut TerminalGuard,
    (draw, find): (Draw<'_>, FindTarget),
    (input, typed): (&mut TerminalInput, Vec<Input>),
    (state, effects): (State, Vec<Effect>),
    replica: Option<Replica>,
) -> io::Result<Result<(), Failure>> {
    let (sender, events) = mpsc::channel(MAX_QUEUED);
    let slow = {
        let sender = sender.clone();
        move || {
            let text = "no response from the backend yet; still waiting …".to_owned();
            // A full queue means that other messages arrive.
            let _ = sender.try_send(Event::Message(Message::Notice(text)));
        }
    };
    let Connected { client, embedded, .. } = match connect(config, Role::Screens, slow) {
        Ok(connected) => connected,
        Err(failure) => {
            start_failure::explain(terminal, input, &failure).await?;
            return Ok(Err(failure));
        }
    };
    let share = embedded.as_ref().map(Embedded::handle);
    let Some(replica) = replica else {
        let failure = internal("SQLite can't be used");
        start_failure::explain(terminal, input, &failure).await?;
        return Ok(Err(failure));
    };
    let (replica, thread) =
        caltrack_client::sync::start(replica, config.profile.name.clone(), sender.clone());
    let context = Context {
        client,
        share,
        replica,
        data: config.data.clone(),
        config_file: config.file.clone(),
        config: Arc::new(config.clone()),
        profile: config.profile.name.clone(),
    };
    let config_watch = config_watch::start(config.clone(), is_light, sender.clone());
    let mut runner = EffectRunner::new(context, sender);
    runner.watch_backend();
    let mut event_loop = EventLoop::new(terminal, (draw, find), state, runner, events, input);
    event_loop.hold(typed);
    let ended = event_loop.run(effects).await;
    config_watch.abort();
    let (runner, drafts) = event_loop.close().await;
    // A failure is shown until a key is pressed; the terminal is restored before the backend ends.
    let outcome = match ended {
        Ok(Ended::Quit) => Ok(Ok(())),
        Ok(Ended::StartFailed(failure)) => match start_failure::explain(terminal, input, &failure).await {
            Ok(()) => Ok(Err(failure)),
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    if let Err(error) = terminal.suspend() {
        tracing::warn!(%error, "the terminal could not be restored");
    }
    runner.keep_drafts(drafts).await;
    runner.end().await;
    thread.join();
    if let Some(embedded) = embedded {
        embedded.end().await;
    }
    outcome
}

/// A failure of the kind [`FailureKind::Internal`].
pub(crate) fn internal(detail: impl std::fmt::Display) -> Failure {
    Failure::new(FailureKind::Internal, detail.to_string())
}
