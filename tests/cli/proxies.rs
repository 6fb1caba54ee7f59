//! Proxies of the environment.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
};

use super::{
    accounts::{self, account, configured},
    privacy::CONFIGURE,
    serving::Served,
    *,
};

const PROXIES: [&str; 6] = [
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
];

/// A proxy that never responds; returns the first lines of the requests that it receives.
fn proxy() -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, requests) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut line = String::new();
            let mut reader = BufReader::new(stream.expect("a connection"));
            // Connections that end before their first line are reported as well.
            let _ = reader.read_line(&mut line);
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    (address, requests)
}

fn behind(place: &Place, address: &str, arguments: &[&str], input: &str) -> Run {
    let mut command = place.command(arguments);
    command
        .envs(PROXIES.map(|name| (name, address)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    Run {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

#[test]
fn requests_to_this_computer_use_no_proxy() {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let place = configured(&served);
    account(&place, &mut served, "ann");
    let (address, requests) = proxy();
    let desk = |arguments: &[&str], input: &str| {
        let run = behind(
            &place,
            &address,
            &[&["--profile", "desk"], arguments].concat(),
            input,
        );
        assert_eq!(run.code, 0, "{run:?}");
        run
    };
    desk(&["sign-in", "ann", "--password-stdin"], accounts::PASSWORD);
    desk(&["log", "Food", "Lunch", "650"], "");
    // It opens the WebSocket as well.
    assert!(desk(&["doctor"], "").out.contains("ok    live changes"));
    assert_eq!(behind(&host, &address, &["today"], "").code, 0);
    assert!(requests.try_recv().is_err(), "the proxy was asked");
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn the_systems_proxy_is_used_for_other_backends_and_sees_no_request() {
    let place = Place::fresh();
    assert_eq!(place.run(&CONFIGURE).code, 0);
    let (address, requests) = proxy();
    let arguments = [
        "--profile",
        "work",
        "sign-in",
        "ann",
        "--password-stdin",
        "--json",
    ];
    let run = behind(&place, &address, &arguments, accounts::PASSWORD);
    assert_eq!(run.error(4)["kind"], "unreachable");
    let first = requests.try_recv().expect("a request");
    assert!(
        first.starts_with("CONNECT cognito-idp.eu-west-1.amazonaws.com:443"),
        "{first}"
    );
}
