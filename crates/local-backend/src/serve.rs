//! Answers connections until told to stop.

use std::{io, time::Duration};

use axum::{Router, serve::Listener};
use tokio::sync::oneshot;

use crate::server::{Peer, RemoteAddress, Telling};

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
    L::Addr: RemoteAddress + std::fmt::Debug,
{
    let (stop, stopped) = oneshot::channel::<()>();
    let router = router.into_make_service_with_connect_info::<Peer>();
    let serving = axum::serve(Telling(listener), router).with_graceful_shutdown(async {
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

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{UnixListener, UnixStream},
        sync::mpsc,
    };

    use super::*;

    async fn soon<T>(future: impl Future<Output = T>) -> T {
        tokio::time::timeout(Duration::from_secs(30), future)
            .await
            .expect("in time")
    }

    async fn request(path: &std::path::Path) -> UnixStream {
        let mut stream = UnixStream::connect(path).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await
            .unwrap();
        stream
    }

    #[tokio::test]
    async fn a_request_under_way_is_answered_although_the_end_was_asked_for() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("s");
        let listener = UnixListener::bind(&path).unwrap();
        let (arrived, mut arrivals) = mpsc::channel::<()>(1);
        let (go, going) = tokio::sync::watch::channel(false);
        let router = Router::new().route(
            "/",
            get(move || {
                let (arrived, mut going) = (arrived.clone(), going.clone());
                async move {
                    arrived.send(()).await.unwrap();
                    going.wait_for(|go| *go).await.unwrap();
                    "done"
                }
            }),
        );
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, router, async { stopped.await.unwrap() }));
        let mut client = request(&path).await;
        soon(arrivals.recv()).await.unwrap();
        stop.send(()).unwrap();
        go.send(true).unwrap();
        let mut answer = String::new();
        soon(client.read_to_string(&mut answer)).await.unwrap();
        assert!(answer.ends_with("done"), "{answer}");
        soon(server).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_connection_that_never_ends_does_not_hold_up_the_end() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("s");
        let listener = UnixListener::bind(&path).unwrap();
        let (arrived, mut arrivals) = mpsc::channel::<()>(1);
        let router = Router::new().route(
            "/",
            get(move || {
                let arrived = arrived.clone();
                async move {
                    arrived.send(()).await.unwrap();
                    std::future::pending::<()>().await;
                }
            }),
        );
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, router, async { stopped.await.unwrap() }));
        let _client = request(&path).await;
        soon(arrivals.recv()).await.unwrap();
        stop.send(()).unwrap();
        soon(server).await.unwrap().unwrap();
    }
}
