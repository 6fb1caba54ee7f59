//! The only loop: terminal, clock, signals and finished effects in, messages to the core, frames out.
//!
//! Everything that takes time runs in tasks of its own that do nothing but send messages. A frame is drawn only after something
//! changed, and only once nothing more is waiting: an idle program draws nothing at all.

mod account;
pub(crate) mod convert;
mod effects;
mod fault;
mod keeper;
pub(crate) mod keys;
mod live;
mod screens;
pub(crate) mod signals;
mod slow;
mod startup;
mod terminal;

use std::{io, sync::Arc};

use tokio::sync::mpsc;

use crate::{
    app::{Failure, FailureKind, Message, State},
    embedded::{self, Embedded, EmbeddedError, Role},
    view,
};
use caltrack_client::{
    api::{Client, SessionFile},
    config::{BackendKind, BackendProfile, Config},
};
use effects::Performer;
use keys::Keyboard;
use screens::{Ended, Screens};
use signals::Signals;
use slow::SlowWatch;
use terminal::Screen;

/// Messages that may wait for the core.
const WAITING: usize = 256;
/// Enough for everything that waits for a socket; the box's own work has threads of its own.
const WORKERS: usize = 2;

/// The screens ended otherwise than by a wish.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The terminal, or the system, refuses.
    #[error("the screens need a terminal ({0}); commands such as `today` don't")]
    Terminal(#[from] io::Error),
    /// The backend can't be used.
    #[error("{}", fault::text(.0))]
    Backend(Failure),
}

/// Something for the loop.
#[derive(Debug)]
enum Event {
    /// For the core.
    Message(Message),
    /// The backend in the box can't be opened.
    Fault(Failure),
    /// The host of the box responds again.
    Answers,
}

/// All external events.
pub(super) struct TerminalInput {
    keyboard: Keyboard,
    signals: Signals,
}

impl TerminalInput {
    /// Listens from now on. To be called inside the runtime.
    fn listen() -> io::Result<Self> {
        Ok(Self {
            signals: Signals::listen()?,
            keyboard: Keyboard::open()?,
        })
    }
}

/// Threads of a program that hosts the box, with some to spare.
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

/// A client of a profile's backend, and this program's share in the box where the profile is that. Nothing is asked yet.
/// `slow` is called for each request that waits for long. To be called inside the runtime.
///
/// # Errors
///
/// Where the data directory or the profile's addresses can't be used.
pub fn connect(
    config: &Config,
    role: Role,
    slow: impl Fn() + Send + Sync + 'static,
) -> Result<(Client, Option<Embedded>), Failure> {
    caltrack_client::api::install_crypto();
    config.data.prepare().map_err(EmbeddedError::from)?;
    let BackendProfile { name, backend } = &config.profile;
    let session = SessionFile::new(config.data.session(name));
    let watched = |endpoints, box_handle| {
        let watch = SlowWatch::new(box_handle, slow);
        Client::watched(endpoints, session, Arc::new(watch))
    };
    match backend {
        BackendKind::Remote(endpoints) => Ok((watched(endpoints.clone(), None)?, None)),
        BackendKind::InTheBox => {
            let embedded = Embedded::start(&config.data, role)?;
            let client = watched(embedded::endpoints(&config.data)?, Some(embedded.handle()))?;
            Ok((embedded::with_account(&client, &config.data), Some(embedded)))
        }
    }
}

/// Opens the screens, and returns when they are closed. The first frame stands before any backend is thought of.
///
/// # Errors
///
/// [`RunError`]; the terminal has been given back then.
pub fn run(config: &Config) -> Result<(), RunError> {
    terminal::require()?;
    let workers = workers().map_err(RunError::Backend)?;
    let prepared = config.data.prepare();
    let log = prepared
        .is_ok()
        .then(|| crate::logging::start(&config.data.log()))
        .flatten();
    // A signal must find somebody who gives the terminal back, from the first moment on.
    let mut input = {
        let _inside = workers.enter();
        TerminalInput::listen()?
    };
    let mut screen = Screen::enter(log.is_some().then(|| config.data.log()))?;
    let failure = match prepared {
        Ok(()) => {
            let session = SessionFile::new(config.data.session(&config.profile.name));
            let known = startup::read(config, &session, terminal::size()?);
            let (mut state, effects) = State::new(known.startup);
            if let Some(notice) = known.notice {
                crate::app::update(&mut state, Message::Notice(notice));
            }
            screen.draw(|frame| view::draw(frame, &state))?;
            let (keeper, thread) = keeper::start(known.cache, config.profile.name.clone());
            let outcome = workers.block_on(open(config, &mut screen, &mut input, (state, effects), keeper));
            thread.join();
            outcome?.err()
        }
        Err(problem) => {
            let failure = EmbeddedError::from(problem).into();
            workers.block_on(screens::explain(&mut screen, &mut input, &failure))?;
            Some(failure)
        }
    };
    drop(screen);
    failure.map_or(Ok(()), |failure| Err(RunError::Backend(failure)))
}

async fn open(
    config: &Config,
    screen: &mut Screen,
    input: &mut TerminalInput,
    (state, effects): (State, Vec<crate::app::Effect>),
    keeper: keeper::Keeper,
) -> io::Result<Result<(), Failure>> {
    let (sender, events) = mpsc::channel(WAITING);
    let slow = {
        let sender = sender.clone();
        move || {
            let text = "no answer from the backend yet; still waiting for it".to_owned();
            // A full queue means that there is other news.
            let _ = sender.try_send(Event::Message(Message::Notice(text)));
        }
    };
    let (client, embedded) = match connect(config, Role::Screens, slow) {
        Ok(connected) => connected,
        Err(failure) => {
            screens::explain(screen, input, &failure).await?;
            return Ok(Err(failure));
        }
    };
    let share = embedded.as_ref().map(Embedded::handle);
    let mut performer = Performer::new(client, share, keeper, config.data.clone(), sender);
    performer.watch_backend();
    let mut screens = Screens::new(screen, state, performer, events, input);
    let ended = screens.run(effects).await;
    let performer = screens.close();
    // A fault is shown for as long as its reader likes; the terminal is given back before the backend's end is waited for.
    let outcome = match ended {
        Ok(Ended::Asked) => Ok(Ok(())),
        Ok(Ended::Fault(failure)) => match screens::explain(screen, input, &failure).await {
            Ok(()) => Ok(Err(failure)),
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    if let Err(error) = screen.suspend() {
        tracing::warn!(%error, "the terminal could not be given back");
    }
    performer.end().await;
    if let Some(embedded) = embedded {
        embedded.end().await;
    }
    outcome
}

/// A failure of this program's own kind.
pub(crate) fn internal(detail: impl std::fmt::Display) -> Failure {
    Failure::new(FailureKind::Internal, detail.to_string())
}
