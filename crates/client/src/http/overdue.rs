//! Requests that have waited too long for their response.

use std::time::Duration;

use tokio::sync::watch;

/// A backend that works responds within this time.
const RESPONSE_TIME: Duration = Duration::from_secs(5);

/// The overdue requests of a client and its copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Overdue {
    /// How many there have been.
    pub(crate) total: u64,
    /// How many have no response yet.
    pub(crate) unanswered: u64,
}

/// Counts the overdue requests of a client and its copies.
#[derive(Debug, Clone)]
pub(crate) struct OverdueCounter(watch::Sender<Overdue>);

impl OverdueCounter {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(Overdue::default()))
    }

    /// Changes with each overdue request, and when it ends.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Overdue> {
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
        let _unanswered = Unanswered::begin(&self.0);
        exchange.await
    }
}

/// An overdue request until its response, its failure or its abandonment.
struct Unanswered<'a>(&'a watch::Sender<Overdue>);

impl<'a> Unanswered<'a> {
    fn begin(counter: &'a watch::Sender<Overdue>) -> Self {
        counter.send_modify(|overdue| {
            overdue.total += 1;
            overdue.unanswered += 1;
        });
        Self(counter)
    }
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|overdue| overdue.unanswered -= 1);
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
            assert_eq!(overdue.borrow().total, expected, "after {seconds} s");
            assert_eq!(overdue.borrow().unanswered, 0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_is_unanswered_until_it_ends_or_is_abandoned() {
        let counter = OverdueCounter::new();
        let overdue = counter.subscribe();
        let request = counter.watch(std::future::pending::<()>());
        assert!(
            tokio::time::timeout(Duration::from_secs(6), request)
                .await
                .is_err()
        );
        assert_eq!(
            *overdue.borrow(),
            Overdue {
                total: 1,
                unanswered: 0
            }
        );
        let request = counter.watch(std::future::pending::<()>());
        tokio::pin!(request);
        assert!(
            tokio::time::timeout(Duration::from_secs(6), &mut request)
                .await
                .is_err()
        );
        assert_eq!(
            *overdue.borrow(),
            Overdue {
                total: 2,
                unanswered: 1
            }
        );
    }
}
