//! Several shares in one data directory.

use std::{sync::atomic::AtomicBool, time::Duration};

use tokio::net::UnixStream;

use super::*;
use caltrack_client::api::{Client, SessionFile, SignIn};

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
    soon(embedded.readiness().wait()).await.expect("it answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_uses_the_first_ones_backend_and_takes_over_when_it_ends() {
    let (_dir, data) = data();
    let first = Embedded::start(&data, Role::Command).unwrap();
    ready(&first).await;
    let second = Embedded::start(&data, Role::Command).unwrap();
    ready(&second).await;
    assert_eq!(first.socket(), second.socket());
    let socket = second.socket().to_owned();
    soon(first.end()).await;

    soon(socket::answered(&socket, &AtomicBool::new(false))).await;
    UnixStream::connect(&socket).await.unwrap();
    soon(second.end()).await;
    assert!(!socket.exists());
    assert!(data.backend_lock().exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_end_with_one_host() {
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
async fn a_dead_hosts_socket_file_is_no_obstacle() {
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
async fn data_of_a_newer_program_is_refused_and_untouched() {
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

/// The program was cut off between signing up and confirming; what is left of the code is `codes`.
async fn an_account_begun_with(codes: Option<&str>) {
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

    let outcome = soon(open_account(&client, &data)).await.unwrap();
    assert!(matches!(outcome, SignIn::Done(account) if account.username == "me"));
    assert_eq!(kept_account(&data), KeptAccount::Ready);
    soon(embedded.end()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_whose_code_was_lost_gets_another() {
    an_account_begun_with(None).await;
}

/// To the program, a code that has expired is refused like a wrong one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_whose_code_counts_no_more_gets_another() {
    an_account_begun_with(Some("{\"username\":\"me\",\"code\":\"no code\"}\n")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_code_is_found_behind_a_line_that_was_cut_short() {
    an_account_begun_with(Some("{\"username\":\"me\",\"co")).await;
}

/// A password that the user chooses is on file as the random one was, however it came to be the account's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_is_changed_opens_the_next_session() {
    let (_dir, data) = data();
    let embedded = Embedded::start(&data, Role::Command).unwrap();
    ready(&embedded).await;
    let client = Client::new(endpoints(&data).unwrap(), SessionFile::new(data.session("local"))).unwrap();
    let client = with_account(&client, &data);
    let opened = soon(open_account(&client, &data)).await.unwrap();
    assert!(matches!(opened, SignIn::Done(_)));
    let kept =
        || -> serde_json::Value { serde_json::from_slice(&std::fs::read(data.account()).unwrap()).unwrap() };
    let first = kept()["password"].as_str().unwrap().to_owned();
    let second = "Correct-Horse-8!";
    soon(client.change_password(&first.into(), &second.to_owned().into()))
        .await
        .unwrap();
    assert_eq!(kept()["password"], second);
    std::fs::write(data.session("local"), "{").unwrap();
    soon(client.categories()).await.unwrap();

    // Another user's is not.
    let ann: secrecy::SecretString = "Annes-Horse-9!".to_owned().into();
    soon(client.sign_up("ann", &ann, None)).await.unwrap();
    let code = codes::last(&codes::path(&data.backend()), "ann").unwrap();
    soon(client.confirm_sign_up("ann", &code)).await.unwrap();
    soon(client.sign_in("ann", &ann)).await.unwrap();
    assert_eq!(
        (&kept()["password"], &kept()["signedOut"]),
        (&second.into(), &true.into())
    );
    assert_eq!(automatic_account(&data), None);

    // Signing out everywhere is on purpose, too.
    soon(client.sign_in("me", &second.to_owned().into()))
        .await
        .unwrap();
    assert_eq!(kept()["signedOut"], false);
    soon(client.sign_out_everywhere()).await.unwrap();
    assert_eq!(kept()["signedOut"], true);
    assert_eq!(soon(client.categories()).await.unwrap_err().kind(), "signed_out");
    soon(embedded.end()).await;
}

/// Takes connections and answers nothing, as a stopped process does; holds the lock, and says who it is.
struct Mute {
    _lock: File,
    listener: std::os::unix::net::UnixListener,
}

impl Mute {
    fn host(data: &DataDir) -> Self {
        data.prepare().unwrap();
        let lock = open_lock(&data.backend_lock()).unwrap();
        lock.try_lock().unwrap();
        holder::note(&lock, Role::Screens);
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
async fn a_host_that_never_answers_is_named_within_seconds() {
    let (_dir, data) = data();
    let mute = Mute::host(&data);
    let begun = tokio::time::Instant::now();
    let guest = Embedded::start(&data, Role::Command).unwrap();
    let mut told = guest.readiness();
    let Standing::Silent(host) = told.next().await else {
        panic!("a silent host");
    };
    assert!(begun.elapsed() <= Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(host.to_string().contains("doesn't answer"), "{host}");

    let error = guest.readiness().wait().await.unwrap_err();
    assert!(
        begun.elapsed() <= Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    assert!(names_this_process(&error), "{error}");

    // It answers after all.
    let answering = std::thread::spawn(move || {
        use std::io::Write as _;
        let mut connection = mute.listener.accept().unwrap().0;
        connection
            .write_all(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
            .unwrap();
        mute
    });
    let mut patient = guest.readiness();
    soon(patient.wait_patiently()).await.unwrap();
    drop(answering.join().unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_host_that_hasn_t_opened_the_box_yet_is_named_and_given_time() {
    let (_dir, data) = data();
    let mute = Mute::host(&data);
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
    drop(mute);
}

/// The host falls silent while a request is under way.
#[tokio::test(start_paused = true)]
async fn a_request_without_an_answer_ends_by_naming_who_is_silent() {
    let (_dir, data) = data();
    let mute = Mute::host(&data);
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
    drop(mute);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_host_gives_the_box_away_and_joins_the_next_one() {
    let (_dir, data) = data();
    let first = Embedded::start(&data, Role::Screens).unwrap();
    ready(&first).await;
    let (handle, lock) = (first.handle(), open_lock(&data.backend_lock()).unwrap());
    soon(handle.suspend()).await;
    lock.try_lock().expect("nobody holds the box");
    lock.unlock().unwrap();

    let second = Embedded::start(&data, Role::Command).unwrap();
    ready(&second).await;
    soon(handle.resume()).await;
    ready(&first).await;
    assert!(lock.try_lock().is_err());
    // And takes it again when that one ends.
    soon(second.end()).await;
    soon(socket::answered(first.socket(), &AtomicBool::new(false))).await;
    soon(first.end()).await;
    lock.try_lock().expect("nobody holds the box");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_guest_lets_a_lock_go_that_it_is_given() {
    let (_dir, data) = data();
    let first = Embedded::start(&data, Role::Screens).unwrap();
    ready(&first).await;
    let guest = Embedded::start(&data, Role::Screens).unwrap();
    ready(&guest).await;
    soon(guest.handle().suspend()).await;
    soon(first.end()).await;
    let lock = open_lock(&data.backend_lock()).unwrap();
    // Granted to the guest's thread first, perhaps.
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
