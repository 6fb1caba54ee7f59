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
