//! Requests that have waited too long for their response.

use std::time::Duration;

use tokio::sync::watch;

/// A backend that works responds within this time.
const RESPONSE_TIME: Duration = Duration::from_secs(5);

/// Counts the overdue requests of a client and its copies.
#[derive(Debug, Clone)]
pub(crate) struct OverdueCounter(watch::Sender<u64>);

impl OverdueCounter {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// Changes with each overdue request.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }

    /// Performs an exchange; counts it as soon as it is overdue.
    pub(super) async fn watch<T>(&self, exchange: impl Future<Output = T>) -> T {
        tokio::pin!(exchange);
        tokio::select! {
            biased;
            response = &mut exchange => return response,
            () = tokio::time::sleep(RESPONSE_TIME) => {}
        }
        self.0.send_modify(|count| *count += 1);
        exchange.await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_is_counted_once_when_five_seconds_have_passed() {
        let counter = OverdueCounter::new();
        let overdue = counter.subscribe();
        for (seconds, expected) in [(4, 0), (6, 1), (60, 2)] {
            counter
                .watch(tokio::time::sleep(Duration::from_secs(seconds)))
                .await;
            assert_eq!(*overdue.borrow(), expected, "after {seconds} s");
        }
    }
}
