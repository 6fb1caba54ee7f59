use axum::{
    body::Bytes,
    extract::ws::WebSocketUpgrade,
    http::StatusCode,
    routing::{get, post},
};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
    sync::{mpsc, oneshot},
};
use tokio_tungstenite::{client_async, tungstenite::Message};

use super::*;

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future)
        .await
        .expect("finished within 30 seconds")
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
async fn a_request_in_progress_is_answered_during_a_shutdown() {
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
async fn an_open_connection_does_not_delay_a_shutdown() {
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

/// Serves a port that admits `places` connections.
async fn port(places: usize, times: Times) -> std::net::SocketAddr {
    let echo = |upgrade: WebSocketUpgrade| async {
        upgrade.on_upgrade(|mut socket| async move {
            while let Some(Ok(message)) = socket.next().await {
                if socket.send(message).await.is_err() {
                    return;
                }
            }
        })
    };
    let read =
        |body: Result<Bytes, _>| async move { body.map_or(StatusCode::BAD_REQUEST, |_| StatusCode::OK) };
    let router = Router::new()
        .route("/", get(|| async { "done" }))
        .route("/read", post(read))
        .route("/unread", post(|| async { StatusCode::FORBIDDEN }))
        .route("/socket", get(echo));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let plain = |io: TcpStream| async { Some(io) };
    let places = Some(Places::new(places));
    tokio::spawn(accept(
        listener,
        router,
        places,
        times,
        plain,
        std::future::pending(),
    ));
    address
}

/// Timeouts that no test reaches.
const GENEROUS: Times = Times {
    head: Duration::from_hours(1),
    body: Duration::from_hours(1),
    ping: Duration::from_hours(1),
};
/// Timeouts that an idle client reaches at once.
const SHORT: Times = Times {
    head: Duration::from_millis(50),
    body: Duration::from_millis(50),
    ping: Duration::from_millis(20),
};

/// Sends a request and reads until the server closes the connection. The text is in lower case.
async fn exchange(address: std::net::SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    // An error means that the connection was closed, too.
    let _ = soon(stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).to_ascii_lowercase()
}

#[tokio::test]
async fn incomplete_requests_time_out() {
    let address = port(8, SHORT).await;
    for (sent, expected) in [
        ("", ""),
        ("PRI * HTTP/2.0\r\n", ""),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ""),
        ("GET / HT", ""),
        ("GET / HTTP/1.1\r\n", ""),
        ("GET / HTTP/1.1\r\nhost: a\r\n", ""),
        ("GET / HTTP/1.1\r\nhost: a\r\n\r\n", "200 ok"),
        ("GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\n", "200 ok"),
        (
            "POST /read HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n1",
            "400 bad request",
        ),
        (
            "POST /read HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\n1\r\n",
            "400 bad request",
        ),
    ] {
        let answer = exchange(address, sent.as_bytes()).await;
        assert!(answer.contains(expected), "{sent}: {answer}");
        assert_eq!(
            answer.contains("http/1.1"),
            !expected.is_empty(),
            "{sent}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_web_socket_outlives_the_timeout_of_a_head() {
    let address = port(8, SHORT).await;
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut socket, _) = client_async(format!("ws://{address}/socket"), stream)
        .await
        .unwrap();
    for _ in 0..2 {
        // The server closes this connection at the timeout.
        exchange(address, b"GET").await;
    }
    socket.send(Message::text("still there")).await.unwrap();
    let echoed = soon(socket.next()).await.unwrap().unwrap();
    assert_eq!(echoed, Message::text("still there"));
}

#[tokio::test]
async fn half_open_connections_do_not_keep_other_clients_out() {
    let address = port(4, GENEROUS).await;
    let mut half_open = Vec::new();
    for number in 0..40 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head: &[u8] = if number % 2 == 0 {
            b"GET / HTTP/1.1\r\n"
        } else {
            b"POST /read HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n"
        };
        // The server may have closed the connection already.
        let _ = stream.write_all(head).await;
        half_open.push(stream);
    }
    for _ in 0..3 {
        let answer = exchange(address, b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
        assert!(answer.ends_with("done"), "{answer}");
    }
    let mut first = half_open.swap_remove(0);
    let mut rest = Vec::new();
    let _ = soon(first.read_to_end(&mut rest)).await;
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn a_response_to_an_unread_body_closes_the_connection() {
    let address = port(8, GENEROUS).await;
    let head = "host: a\r\ncontent-length: 10\r\n\r\n";
    let answer = exchange(address, format!("POST /unread HTTP/1.1\r\n{head}").as_bytes()).await;
    assert!(
        answer.starts_with("http/1.1 403") && answer.contains("\r\nconnection: close\r\n"),
        "{answer}"
    );
    let request = format!(
        "POST /read HTTP/1.1\r\n{head}0123456789GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
    );
    let answer = exchange(address, request.as_bytes()).await;
    let (first, second) = answer.split_once("\r\n\r\n").unwrap();
    assert!(
        first.starts_with("http/1.1 200") && !first.contains("connection"),
        "{answer}"
    );
    assert!(second.ends_with("done"), "{answer}");
}

#[test]
fn a_port_has_at_most_256_connections_and_leaves_files_for_the_rest() {
    assert!((8..=256).contains(&most_connections()));
}
