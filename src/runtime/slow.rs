//! Reports requests that take long, so that users know what they wait for.

use std::{fmt, future::pending, time::Duration};

use futures_util::future::BoxFuture;

use crate::embedded::ShareHandle;
use caltrack_client::api::{Silence, SilenceWatch};

/// How long a request waits for its response before that is reported.
const SLOW: Duration = Duration::from_secs(4);

/// Reports each request that takes long; with a share in the box, also ends it if the host is unresponsive.
pub(crate) struct SlowWatch {
    share: Option<ShareHandle>,
    tell: Box<dyn Fn() + Send + Sync>,
}

impl SlowWatch {
    /// `tell` is called once for each request without a response after 4 s.
    pub(crate) fn new(share: Option<ShareHandle>, tell: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            share,
            tell: Box::new(tell),
        }
    }

    async fn tell_when_slow(&self) -> Silence {
        tokio::time::sleep(SLOW).await;
        (self.tell)();
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
                    never = self.tell_when_slow() => never,
                },
                None => self.tell_when_slow().await,
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
    async fn a_request_that_waits_is_told_once_within_five_seconds() {
        let told = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&told);
        let watch = SlowWatch::new(None, move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        for (seconds, times) in [(3, 0), (5, 1), (60, 2)] {
            let waiting = tokio::time::timeout(Duration::from_secs(seconds), watch.silent());
            assert!(waiting.await.is_err(), "it ends nothing");
            assert_eq!(told.load(Ordering::Relaxed), times, "after {seconds} s");
        }
    }
}
