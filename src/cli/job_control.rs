//! A command as a job of a shell: it releases the box and the terminal before it stops, and takes both again when it is
//! continued.

use std::{pin::pin, sync::OnceLock};

use super::prompt;
use crate::{
    embedded::ShareHandle,
    runtime::signals::{JobControl, Signal, in_foreground},
};

/// The share in the box of the one command that a process runs.
static SHARE: OnceLock<ShareHandle> = OnceLock::new();

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
                Signal::Stop if JobControl::can_be_resumed() => suspend(&mut job, Signal::Stop).await,
                // Stopped by a signal that can't be caught, and continued in the background.
                signal @ Signal::Continue if prompt::is_open() && !in_foreground() => suspend(&mut job, signal).await,
                Signal::Continue => prompt::enter(),
                Signal::Stop | Signal::Terminate(_) | Signal::WindowChange => {}
            },
        }
    }
}

async fn suspend(job: &mut JobControl, cause: Signal) {
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
    prompt::enter();
}
