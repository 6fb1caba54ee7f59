//! When the computer or its network comes back: connections may be dead, and an attempt can succeed at once.

use std::{
    convert::Infallible,
    future::pending,
    time::{Duration, SystemTime},
};

use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

use super::network::NetworkChanges;

/// The time between two comparisons of the clocks.
const COMPARISON: Duration = Duration::from_secs(5);
/// The least jump of the wall clock that means a sleep: corrections of clocks are smaller, or rare.
const LEAST_SLEEP: Duration = Duration::from_secs(3);
/// Changes of the network come in bursts.
const BURST: Duration = Duration::from_secs(1);

/// Counts in `wakes` whenever the computer has slept or its network has changed.
pub(super) async fn observe(wakes: &watch::Sender<u64>) -> Infallible {
    tokio::select! {
        never = observe_sleep(wakes, SystemTime::now) => never,
        never = observe_network(wakes) => never,
    }
}

/// The monotonic clock stands still while the computer sleeps, on Linux (`CLOCK_MONOTONIC`) and macOS; the wall clock
/// doesn't.
async fn observe_sleep(wakes: &watch::Sender<u64>, wall: impl Fn() -> SystemTime) -> Infallible {
    loop {
        let (before, begun) = (wall(), Instant::now());
        sleep(COMPARISON).await;
        let passed = wall().duration_since(before).unwrap_or_default();
        if passed.saturating_sub(begun.elapsed()) >= LEAST_SLEEP {
            tracing::info!("the computer has slept");
            wakes.send_modify(|count| *count += 1);
        }
    }
}

async fn observe_network(wakes: &watch::Sender<u64>) -> Infallible {
    let changes = match NetworkChanges::open() {
        Ok(changes) => changes,
        Err(error) => {
            tracing::debug!(%error, "changes of the network can't be observed");
            return pending().await;
        }
    };
    loop {
        if let Err(error) = changes.next().await {
            tracing::info!(%error, "changes of the network can't be observed any more");
            return pending().await;
        }
        tracing::debug!("the network has changed");
        wakes.send_modify(|count| *count += 1);
        sleep(BURST).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_sleep_is_noticed_within_five_seconds_and_small_corrections_are_not() {
        let begun = Instant::now();
        // Seconds by which the wall clock is ahead.
        let ahead = AtomicU64::new(0);
        let wall = || {
            let ahead = Duration::from_secs(ahead.load(Ordering::Relaxed));
            SystemTime::UNIX_EPOCH + begun.elapsed() + ahead
        };
        let wakes = watch::Sender::new(0);
        let test = async {
            for (jump, expected) in [(0, 0), (2, 0), (3_600, 1), (3_600, 2), (0, 2)] {
                ahead.fetch_add(jump, Ordering::Relaxed);
                sleep(COMPARISON).await;
                tokio::task::yield_now().await;
                assert_eq!(*wakes.borrow(), expected, "after a jump by {jump} s");
            }
        };
        tokio::select! {
            never = observe_sleep(&wakes, wall) => match never {},
            () = test => {}
        }
    }
}
