//! `serve`: the box on a TCP port, for other clients.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStderr, ChildStdout},
};

use super::{terminal::Program, *};

const SIGN_UP: &str = r#"{"ClientId":"caltrack0local0client00000","Username":"ann","Password":"Passw0rd!x"}"#;

/// A running `serve`.
pub(crate) struct Served {
    process: Child,
    told: Value,
    out: BufReader<ChildStdout>,
    errors: BufReader<ChildStderr>,
}

impl Served {
    pub(crate) fn start(place: &Place, arguments: &[&str]) -> Self {
        Self::start_on(place, "127.0.0.1:0", arguments)
    }

    pub(crate) fn start_on(place: &Place, address: &str, arguments: &[&str]) -> Self {
        let arguments = [&["serve", "--listen", address], arguments].concat();
        let mut process = place
            .command(&arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let mut out = BufReader::new(process.stdout.take().expect("its output"));
        out.read_line(&mut line).expect("a line");
        let errors = BufReader::new(process.stderr.take().expect("its errors"));
        Self {
            told: serde_json::from_str(&line).expect("one line of JSON"),
            process,
            out,
            errors,
        }
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.told[name].as_str().expect("a text")
    }

    pub(crate) fn address(&self) -> String {
        self.text("cognitoEndpoint").replace("http://", "")
    }

    /// Sends one request and returns the whole response.
    fn ask(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).expect("it answers");
        let length = body.len();
        write!(
            stream,
            "{head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
        .expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("a text");
        answer
    }

    /// Protocol and status of the response to a request without a body; the rest isn't read.
    fn status(&self, head: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).expect("it answers");
        write!(stream, "{head}\r\n\r\n").expect("it reads");
        let mut status = [0; 12];
        stream.read_exact(&mut status).expect("an answer");
        String::from_utf8_lossy(&status).into_owned()
    }

    /// The next code on standard error.
    pub(crate) fn code_of(&mut self, user: &str) -> String {
        let mut line = String::new();
        self.errors.read_line(&mut line).expect("a line");
        assert!(line.contains(user), "{line}");
        line.split(|c: char| !c.is_ascii_digit())
            .find(|run| run.len() == 6)
            .expect("six digits")
            .to_owned()
    }

    /// Ends it by a signal and returns its exit code; standard output must have one line.
    pub(crate) fn end(mut self, signal: &str) -> Option<i32> {
        let id = self.process.id().to_string();
        let killed = Command::new("kill")
            .args([signal, &id])
            .status()
            .expect("kill(1) runs");
        assert!(killed.success());
        let mut more = String::new();
        self.out.read_to_string(&mut more).expect("text");
        assert_eq!(more, "");
        self.process.wait().expect("it ends").code()
    }
}

#[test]
fn serve_prints_its_addresses_and_ends_on_a_signal() {
    let place = Place::fresh();
    for signal in ["-TERM", "-INT"] {
        let served = Served::start(&place, &[]);
        assert_eq!(
            members(&served.told),
            [
                "version",
                "graphqlEndpoint",
                "realtimeEndpoint",
                "cognitoEndpoint",
                "region",
                "userPoolId",
                "userPoolClientId",
                "userPoolClientIdRotating",
                "identityPoolId",
                "credentialsFile",
                "dataDir"
            ]
        );
        assert_eq!(served.text("version"), env!("CARGO_PKG_VERSION"));
        let base = served.text("cognitoEndpoint").to_owned();
        let port = base
            .strip_prefix("http://127.0.0.1:")
            .expect("a loopback address");
        assert!(port.parse::<u16>().expect("a port") > 0, "{base}");
        assert_eq!(served.text("graphqlEndpoint"), format!("{base}/graphql"));
        assert_eq!(
            served.text("realtimeEndpoint"),
            format!("{}/graphql/realtime", base.replace("http", "ws"))
        );
        let pool = served.text("userPoolId").to_owned();
        assert!(pool.starts_with(served.text("region")));
        assert_ne!(
            served.text("userPoolClientId"),
            served.text("userPoolClientIdRotating")
        );
        assert_eq!(served.told["credentialsFile"], Value::Null);
        assert_eq!(served.text("dataDir"), place.data.display().to_string());
        let keys = served.ask(
            &format!("GET /{pool}/.well-known/jwks.json HTTP/1.1\r\nhost: localhost"),
            "",
        );
        assert!(keys.contains("\"RS256\""), "{keys}");
        let about = |pool: &str| {
            served.ask(
                &format!("GET /{pool}/.well-known/openid-configuration HTTP/1.1\r\nhost: localhost:1"),
                "",
            )
        };
        let told = about(&pool);
        let issuer = format!("http://localhost:1/{pool}");
        let (_, body) = told.split_once("\r\n\r\n").expect("a body");
        let told: Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(told["issuer"], issuer.as_str(), "as its tokens have it");
        assert_eq!(told["jwks_uri"], format!("{issuer}/.well-known/jwks.json"));
        assert!(about("us-east-1_OTHER").starts_with("HTTP/1.1 404"));
        assert_eq!(served.end(signal), Some(0));
    }
}

/// The key remains the same between starts, so that clients remain configured.
#[cfg(unix)]
#[test]
fn the_key_for_aws_apis_is_created_once_and_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::fresh();
    let mut texts = Vec::new();
    for _ in 0..2 {
        let served = Served::start(&place, &["--expose-aws"]);
        let file = served.text("credentialsFile").to_owned();
        let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        texts.push(std::fs::read_to_string(&file).expect("text"));
        let target = "x-amz-target: DynamoDB_20120810.ListTables";
        let unsigned = served.ask(&format!("POST / HTTP/1.1\r\nhost: localhost\r\n{target}"), "{}");
        assert!(
            unsigned.contains("MissingAuthenticationTokenException"),
            "{unsigned}"
        );
        assert_eq!(served.end("-TERM"), Some(0));
    }
    assert!(
        texts[0].contains("[default]\naws_access_key_id = AKIA"),
        "{}",
        texts[0]
    );
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn confirmation_codes_are_printed_to_standard_error() {
    let place = Place::fresh();
    let mut served = Served::start(&place, &[]);
    let answer = served.ask(
        "POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: AWSCognitoIdentityProviderService.SignUp",
        SIGN_UP,
    );
    assert!(answer.contains("\"UserConfirmed\":false"), "{answer}");
    assert_eq!(served.code_of("ann").len(), 6);
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn only_loopback_names_and_allowed_pages_are_served() {
    let place = Place::fresh();
    let served = Served::start(&place, &["--allow-origin", "http://localhost:5173"]);
    let post = |headers: &str| served.ask(&format!("POST /graphql HTTP/1.1\r\n{headers}"), "{}");
    let plain = post("host: localhost");
    assert!(plain.starts_with("HTTP/1.1 401"), "{plain}");
    for refused in [
        "host: evil.example",
        "host: localhost\r\norigin: http://evil.example",
        "host: localhost\r\norigin: null",
    ] {
        let answer = post(refused);
        assert!(answer.starts_with("HTTP/1.1 403"), "{refused}: {answer}");
    }
    // A page can open a WebSocket without a preflight request, so its origin is checked before the upgrade.
    let upgrade = |headers: &str| {
        served.status(&format!(
            "GET /graphql/realtime HTTP/1.1\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-ws\r\n{headers}"
        ))
    };
    assert_eq!(
        upgrade("host: localhost"),
        "HTTP/1.1 401",
        "it lacks a token alone"
    );
    assert_eq!(
        upgrade("host: localhost\r\norigin: http://localhost:5173"),
        "HTTP/1.1 401"
    );
    for refused in [
        "host: evil.example",
        "host: localhost\r\norigin: http://evil.example",
        "host: localhost\r\norigin: null",
        "host: localhost\r\norigin: https://localhost:5173",
    ] {
        assert_eq!(upgrade(refused), "HTTP/1.1 403", "{refused}");
    }
    let page = post("host: localhost\r\norigin: http://localhost:5173").to_lowercase();
    assert!(page.starts_with("http/1.1 401"), "{page}");
    assert!(
        page.contains("access-control-allow-origin: http://localhost:5173"),
        "{page}"
    );
    let asked = served.ask(
        "OPTIONS /graphql HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost:5173\r\n\
         access-control-request-method: POST\r\naccess-control-request-headers: authorization",
        "",
    );
    assert!(
        asked
            .to_lowercase()
            .contains("access-control-allow-headers: authorization"),
        "{asked}"
    );
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn commands_join_serve_and_a_second_serve_names_the_holder() {
    let place = Place::fresh();
    let served = Served::start(&place, &[]);
    let id = served.process.id().to_string();
    let logged = place.run(&["log", "Food", "Lunch", "650"]);
    assert_eq!(logged.code, 0, "{}", logged.err);
    let second = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!((second.code, second.out.as_str()), (1, ""));
    assert!(
        second.err.contains(&format!("process {id} (serve)")),
        "{}",
        second.err
    );
    assert_eq!(served.end("-TERM"), Some(0));
    assert!(place.run(&["today"]).out.contains("consumed 650"));
}

#[test]
fn serve_beside_screens_names_them_and_they_continue() {
    let place = Place::fresh();
    let mut screens = Program::screens(&place.data, 80, 24);
    screens.wait_for("Press Enter to start on this computer");
    screens.press("\r");
    screens.wait_for("live");
    let run = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    let holder = format!("process {} (the screens)", screens.pid());
    assert!(run.err.contains(&holder), "{}", run.err);
    assert!(run.err.contains("next: "), "{}", run.err);
    screens.press("alunch 650\r");
    screens.wait_for("consumed 650");
}

#[test]
fn unsafe_and_unusable_addresses_are_rejected() {
    let place = Place::fresh();
    for (arguments, said) in [
        (&["--listen", "0.0.0.0:0"][..], "not a loopback address"),
        (&["--listen", "somewhere"], "invalid value"),
        (&["--allow-origin", "localhost/"], "is not an origin"),
        (&["--tls-cert", "cert.pem"], "--tls-key"),
        (
            &["--tls-cert", "no.pem", "--tls-key", "no.pem"],
            "no.pem can't be used",
        ),
    ] {
        let run = place.run(&[&["serve"], arguments].concat());
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(said), "{arguments:?}: {}", run.err);
    }
    assert!(!place.data.exists());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let run = place.run(&["serve", "--listen", &address]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.err.contains("can't listen on "), "{}", run.err);
}
