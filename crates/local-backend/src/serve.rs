//! Answers connections until told to stop.

use std::{io, time::Duration};

use axum::{Router, serve::Listener};
use tokio::sync::oneshot;

/// How long requests under way may take once the end was asked for. Realtime connections never end by themselves.
const GRACE: Duration = Duration::from_millis(500);

/// Serves `router` until `shutdown` completes; requests under way are then finished, within half a second.
///
/// # Errors
///
/// Where the listener fails for good.
pub async fn serve<L>(listener: L, router: Router, shutdown: impl Future<Output = ()>) -> io::Result<()>
where
    L: Listener,
    L::Addr: std::fmt::Debug,
{
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async {
        // An error says that the other end is gone, which is a stop as well.
        let _ = stopped.await;
    });
    let mut serving = std::pin::pin!(serving.into_future());
    tokio::select! {
        result = &mut serving => result,
        () = shutdown => {
            let _ = stop.send(());
            tokio::time::timeout(GRACE, serving).await.unwrap_or(Ok(()))
        }
    }
}
