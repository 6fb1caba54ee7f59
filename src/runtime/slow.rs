//! Reports slow requests, so that users know what they wait for.

use std::{fmt, future::pending, time::Duration};

use futures_util::future::BoxFuture;

use crate::embedded::ShareHandle;
use caltrack_client::api::{Silence, SilenceWatch};

/// How long a request waits for its response before that is reported.
const SLOW: Duration = Duration::from_secs(4);

/// Reports each request that takes long; with a share in the box, also ends it if the host is unresponsive.
pub(crate) struct SlowWatch {
    share: Option<ShareHandle>,
    report: Box<dyn Fn() + Send + Sync>,
}

impl SlowWatch {
    /// `report` is called once for each request without a response after 4 s.
    pub(crate) fn new(share: Option<ShareHandle>, report: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            share,
            report: Box::new(report),
        }
    }

    async fn report_when_slow(&self) -> Silence {
        tokio::time::sleep(SLOW).await;
        (self.report)();
        pending().await
    }
}

impl fmt::Debug for SlowWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlowWatch").finish_non_exhaustive()
    }
}

impl SilenceWatch for SlowWatch {
    fn silent(&self) -> BoxFuture<'_, Silence> {
        Box::pin(async move {
            match &self.share {
                Some(share) => tokio::select! {
                    silence = share.silent() => silence,
                    never = self.report_when_slow() => never,
                },
                None => self.report_when_slow().await,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_slow_request_is_reported_once_within_five_seconds() {
        let reports = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&reports);
        let watch = SlowWatch::new(None, move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        for (seconds, times) in [(3, 0), (5, 1), (60, 2)] {
            let waiting = tokio::time::timeout(Duration::from_secs(seconds), watch.silent());
            assert!(waiting.await.is_err(), "it ends nothing");
            assert_eq!(reports.load(Ordering::Relaxed), times, "after {seconds} s");
        }
    }
}
