//! A command as a job of a shell: it releases the outbox, the box and the terminal before it stops, and takes them again when
//! it is continued.

use std::{
    pin::{Pin, pin},
    sync::{LazyLock, OnceLock},
};

use caltrack_client::outbox::SendingTurn;

use super::prompt;
use crate::{
    embedded::ShareHandle,
    runtime::signals::{JobControl, Signal, in_foreground},
};

/// The share in the box of the one command that a process runs.
static SHARE: OnceLock<ShareHandle> = OnceLock::new();

/// The turns of the one command that a process runs.
static SENDING: LazyLock<SendingTurn> = LazyLock::new(SendingTurn::default);

/// The turns in which this command sends the outbox. They are interrupted before the command stops.
pub(super) fn sending() -> &'static SendingTurn {
    &SENDING
}

/// Registers the share that must be released before the command stops.
pub(super) fn register(share: ShareHandle) {
    // A process runs one command, which has one share.
    let _ = SHARE.set(share);
}

/// Runs a command, and stops and continues it on job control signals.
pub(super) async fn attend<T>(work: impl Future<Output = T>) -> T {
    let mut job = match JobControl::listen() {
        Ok(job) => job,
        Err(error) => {
            tracing::warn!(%error, "job control doesn't work for this command");
            return work.await;
        }
    };
    let mut work = pin!(work);
    loop {
        tokio::select! {
            biased;
            outcome = &mut work => return outcome,
            signal = job.next() => match signal {
                Signal::Stop if JobControl::can_be_resumed() => {
                    if let Some(outcome) = suspend(&mut job, Signal::Stop, work.as_mut()).await {
                        return outcome;
                    }
                }
                // Stopped by a signal that can't be caught, and continued in the background.
                signal @ Signal::Continue if prompt::is_open() && !in_foreground() => {
                    if let Some(outcome) = suspend(&mut job, signal, work.as_mut()).await {
                        return outcome;
                    }
                }
                Signal::Continue => prompt::enter(),
                Signal::Stop | Signal::Terminate(_) | Signal::WindowChange => {}
            },
        }
    }
}

/// Returns the outcome of the work if it ends before the stop.
async fn suspend<T>(
    job: &mut JobControl,
    cause: Signal,
    work: Pin<&mut impl Future<Output = T>>,
) -> Option<T> {
    tokio::select! {
        biased;
        outcome = work => return Some(outcome),
        () = sending().suspend() => {}
    }
    prompt::leave();
    if let Some(share) = SHARE.get() {
        share.suspend().await;
    }
    let stopped = match cause {
        Signal::Continue => job.stop_in_background().await,
        _ => job.stop_here(prompt::is_open()).await,
    };
    if let Err(error) = stopped {
        tracing::warn!(%error, "this command could not be stopped");
    }
    if let Some(share) = SHARE.get() {
        share.resume().await;
    }
    sending().resume().await;
    prompt::enter();
    None
}
