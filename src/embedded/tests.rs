//! Several programs on one data directory.

use std::{fs::File, sync::atomic::AtomicBool, time::Duration};

use tokio::net::UnixStream;

use super::{account::automatic_account, lock::open_lock, *};
use caltrack_client::{
    api::{Client, SessionFile, SignIn},
    config::DataDir,
};

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), future)
        .await
        .expect("in time")
}

fn data() -> (tempfile::TempDir, DataDir) {
    let dir = tempfile::tempdir().unwrap();
    let data = DataDir::new(dir.path().join("data"));
    (dir, data)
}

async fn ready(embedded: &Embedded) {
    soon(embedded.readiness().wait()).await.expect("it responds");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_program_uses_the_firsts_backend_and_takes_over_when_it_ends() {
    let (_dir, data) = data();
    let first = Embedded::start(&data, Role::Command).unwrap();
    ready(&first).await;
    let second = Embedded::start(&data, Role::Command).unwrap();
    ready(&second).await;
    assert_eq!(first.socket(), second.socket());
    let socket = second.socket().to_owned();
    soon(first.end()).await;

    soon(socket::responds(&socket, &AtomicBool::new(false))).await;
    UnixStream::connect(&socket).await.unwrap();
    soon(second.end()).await;
    assert!(!socket.exists());
    assert!(data.backend_lock().exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_programs_at_once_have_one_host() {
    let (_dir, data) = data();
    let shares: Vec<Embedded> = (0..6)
        .map(|_| Embedded::start(&data, Role::Command).unwrap())
        .collect();
    for share in &shares {
        ready(share).await;
    }
    for share in shares {
        UnixStream::connect(share.socket()).await.ok();
        soon(share.end()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_socket_file_of_a_killed_host_is_replaced() {
    let (_dir, data) = data();
    data.prepare().unwrap();
    let socket = data.path().join("backend.sock");
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    assert!(socket.exists());
    let embedded = Embedded::start(&data, Role::Command).unwrap();
    ready(&embedded).await;
    UnixStream::connect(&socket).await.unwrap();
    soon(embedded.end()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_of_a_newer_version_is_refused_and_unchanged() {
    let (_dir, data) = data();
    data.prepare().unwrap();
    std::fs::create_dir(data.backend()).unwrap();
    std::fs::write(data.backend().join("version"), "99\n").unwrap();
    let embedded = Embedded::start(&data, Role::Command).unwrap();
    let error = soon(embedded.readiness().wait()).await.unwrap_err().to_string();
    assert!(error.contains("newer version"), "{error}");
    assert_eq!(std::fs::read_dir(data.backend()).unwrap().count(), 1);
    soon(embedded.end()).await;
}

/// Opens an account whose program ended between signing up and confirming; `codes` is the content of the file of codes.
async fn open_unconfirmed_account(codes: Option<&str>) {
    let (_dir, data) = data();
    let embedded = Embedded::start(&data, Role::Command).unwrap();
    ready(&embedded).await;
    let session = || SessionFile::new(data.session("local"));
    let client = Client::new(endpoints(&data).unwrap(), session()).unwrap();
    let password = "Correct-Horse-7!";
    std::fs::write(
        data.account(),
        format!(r#"{{"username":"me","password":"{password}"}}"#),
    )
    .unwrap();
    let signed_up = soon(client.sign_up("me", &password.to_owned().into(), None)).await;
    assert!(!signed_up.unwrap().confirmed);
    let path = codes::path(&data.backend());
    std::fs::remove_file(&path).unwrap();
    if let Some(codes) = codes {
        std::fs::write(&path, codes).unwrap();
    }

    let sign_in = soon(open_account(&client, &data)).await.unwrap();
    assert!(matches!(sign_in, SignIn::Done(account) if account.username == "me"));
    assert_eq!(stored_account(&data), StoredAccount::Ready);
    soon(embedded.end()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_code_is_replaced() {
    open_unconfirmed_account(None).await;
}

/// An expired code has the same error as a wrong one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invalid_code_is_replaced() {
    open_unconfirmed_account(Some("{\"username\":\"me\",\"code\":\"no code\"}\n")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_code_is_found_after_an_incomplete_line() {
    open_unconfirmed_account(Some("{\"username\":\"me\",\"co")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_password_is_stored_and_signs_in_again() {
    let (_dir, data) = data();
    let embedded = Embedded::start(&data, Role::Command).unwrap();
    ready(&embedded).await;
    let client = Client::new(endpoints(&data).unwrap(), SessionFile::new(data.session("local"))).unwrap();
    let client = with_account(&client, &data);
    let opened = soon(open_account(&client, &data)).await.unwrap();
    assert!(matches!(opened, SignIn::Done(_)));
    let stored =
        || -> serde_json::Value { serde_json::from_slice(&std::fs::read(data.account()).unwrap()).unwrap() };
    let first = stored()["password"].as_str().unwrap().to_owned();
    let second = "Correct-Horse-8!";
    soon(client.change_password(&first.into(), &second.to_owned().into()))
        .await
        .unwrap();
    assert_eq!(stored()["password"], second);
    std::fs::write(data.session("local"), "{").unwrap();
    soon(client.categories()).await.unwrap();

    // The password of another user isn't stored.
    let ann: secrecy::SecretString = "Annes-Horse-9!".to_owned().into();
    soon(client.sign_up("ann", &ann, None)).await.unwrap();
    let code = codes::last(&codes::path(&data.backend()), "ann").unwrap();
    soon(client.confirm_sign_up("ann", &code)).await.unwrap();
    soon(client.sign_in("ann", &ann)).await.unwrap();
    assert_eq!(
        (&stored()["password"], &stored()["signedOut"]),
        (&second.into(), &true.into())
    );
    assert_eq!(automatic_account(&data), None);

    // Signing out everywhere is on purpose as well.
    soon(client.sign_in("me", &second.to_owned().into()))
        .await
        .unwrap();
    assert_eq!(stored()["signedOut"], false);
    soon(client.sign_out_everywhere()).await.unwrap();
    assert_eq!(stored()["signedOut"], true);
    assert_eq!(
        soon(client.categories()).await.unwrap_err().kind().name(),
        "signed_out"
    );
    soon(embedded.end()).await;
}

/// A host that accepts connections and doesn't respond, as a stopped process does.
struct UnresponsiveHost {
    _lock: File,
    listener: std::os::unix::net::UnixListener,
}

impl UnresponsiveHost {
    fn start(data: &DataDir) -> Self {
        data.prepare().unwrap();
        let lock = open_lock(&data.backend_lock()).unwrap();
        lock.try_lock().unwrap();
        holder::write_name(&lock, Role::Screens);
        let listener = std::os::unix::net::UnixListener::bind(data.path().join("backend.sock")).unwrap();
        Self {
            _lock: lock,
            listener,
        }
    }
}

fn names_this_process(error: &EmbeddedError) -> bool {
    error
        .to_string()
        .contains(&format!("process {} (the screens)", std::process::id()))
}

#[tokio::test(start_paused = true)]
async fn an_unresponsive_host_is_reported_within_seconds() {
    let (_dir, data) = data();
    let unresponsive = UnresponsiveHost::start(&data);
    let begun = tokio::time::Instant::now();
    let guest = Embedded::start(&data, Role::Command).unwrap();
    let mut readiness = guest.readiness();
    let HostStatus::Silent(host) = readiness.next().await else {
        panic!("a silent host");
    };
    assert!(begun.elapsed() <= Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(host.to_string().contains("doesn't respond"), "{host}");

    let error = guest.readiness().wait().await.unwrap_err();
    assert!(
        begun.elapsed() <= Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    assert!(names_this_process(&error), "{error}");

    // It responds after all.
    let responding = std::thread::spawn(move || {
        use std::io::Write as _;
        let mut connection = unresponsive.listener.accept().unwrap().0;
        connection
            .write_all(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
            .unwrap();
        unresponsive
    });
    let mut readiness = guest.readiness();
    soon(readiness.wait_without_limit()).await.unwrap();
    drop(responding.join().unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_host_that_is_opening_the_box_gets_more_time() {
    let (_dir, data) = data();
    let host = UnresponsiveHost::start(&data);
    std::fs::remove_file(data.path().join("backend.sock")).unwrap();
    let begun = tokio::time::Instant::now();
    let guest = Embedded::start(&data, Role::Command).unwrap();
    let error = guest.readiness().wait().await.unwrap_err();
    assert!(
        begun.elapsed() >= Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    assert!(names_this_process(&error), "{error}");
    assert!(error.to_string().contains("hasn't opened"), "{error}");
    drop(host);
}

/// The host becomes unresponsive during a request.
#[tokio::test(start_paused = true)]
async fn a_request_to_an_unresponsive_host_fails_and_names_it() {
    let (_dir, data) = data();
    let host = UnresponsiveHost::start(&data);
    let guest = Embedded::start(&data, Role::Command).unwrap();
    std::fs::write(
        data.session("local"),
        format!(
            r#"{{"version":1,"username":"me","sub":"s","access_token":"a","refresh_token":"r","expires":{},"lifetime":3600}}"#,
            jiff::Timestamp::now().as_second() + 3000
        ),
    )
    .unwrap();
    let session = SessionFile::new(data.session("local"));
    let watch = std::sync::Arc::new(guest.handle());
    let client = Client::watched(endpoints(&data).unwrap(), session, watch).unwrap();
    let begun = tokio::time::Instant::now();
    let error = client.categories().await.unwrap_err();
    assert!(
        begun.elapsed() <= Duration::from_secs(12),
        "{:?}",
        begun.elapsed()
    );
    let caltrack_client::api::ApiError::Silent(silence) = error else {
        panic!("{error}");
    };
    let pid = std::process::id();
    assert!(silence.message.contains(&format!("process {pid}")), "{silence:?}");
    assert!(silence.next.contains(&format!("kill {pid}")), "{silence:?}");
    drop(host);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_host_releases_the_box_and_becomes_a_guest_of_the_next() {
    let (_dir, data) = data();
    let first = Embedded::start(&data, Role::Screens).unwrap();
    ready(&first).await;
    let (handle, lock) = (first.handle(), open_lock(&data.backend_lock()).unwrap());
    soon(handle.suspend()).await;
    lock.try_lock().expect("the box is released");
    lock.unlock().unwrap();

    let second = Embedded::start(&data, Role::Command).unwrap();
    ready(&second).await;
    soon(handle.resume()).await;
    ready(&first).await;
    assert!(lock.try_lock().is_err());
    // It becomes the host again when the other one ends.
    soon(second.end()).await;
    soon(socket::responds(first.socket(), &AtomicBool::new(false))).await;
    soon(first.end()).await;
    lock.try_lock().expect("the box is released");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_guest_releases_a_lock_that_it_gets() {
    let (_dir, data) = data();
    let first = Embedded::start(&data, Role::Screens).unwrap();
    ready(&first).await;
    let guest = Embedded::start(&data, Role::Screens).unwrap();
    ready(&guest).await;
    soon(guest.handle().suspend()).await;
    soon(first.end()).await;
    let lock = open_lock(&data.backend_lock()).unwrap();
    // The thread of the guest may get it first.
    soon(async {
        while lock.try_lock().is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    lock.unlock().unwrap();
    soon(guest.handle().resume()).await;
    ready(&guest).await;
    soon(guest.end()).await;
}
