//! The real program in a pty, behind a terminal emulator: keys in, whole frames out.

#[path = "frames.rs"]
mod frames;
#[path = "noon.rs"]
pub(crate) mod noon;

use std::{
    io::{Read, Write},
    path::Path,
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread,
    time::{Duration, Instant},
};

use self::frames::Frames;
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// The longest wait for anything; then the test fails with a picture of the screen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

const BINARY: &str = env!("CARGO_BIN_EXE_caltrack-tui");

/// The output so far.
struct Seen {
    frames: Frames,
    /// Bytes written by the program since it started.
    bytes: u64,
    /// When the last bytes arrived.
    at: Instant,
    closed: bool,
}

/// A running program.
pub(crate) struct Program {
    seen: Arc<(Mutex<Seen>, Condvar)>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    pty: Box<dyn MasterPty + Send>,
    pub(crate) started: Instant,
}

impl Program {
    /// Starts the screens on a data directory.
    pub(crate) fn screens(data_dir: &Path, columns: u16, rows: u16) -> Self {
        Self::start(data_dir, &[], columns, rows)
    }

    /// Starts the program with arguments.
    pub(crate) fn start(data_dir: &Path, arguments: &[&str], columns: u16, rows: u16) -> Self {
        let mut command = CommandBuilder::new(BINARY);
        command.args(arguments);
        Self::spawn(command, data_dir, columns, rows)
    }

    /// Starts a command in a pty of its own, on a data directory.
    pub(crate) fn spawn(mut command: CommandBuilder, data_dir: &Path, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pty");
        command.cwd(std::env::temp_dir());
        command.env("CALTRACK_DATA_DIR", data_dir);
        command.env("TERM", "xterm-256color");
        command.env("TZ", noon::zone());
        for variable in ["NO_COLOR", "CALTRACK_PROFILE", "CALTRACK_CONFIG", "CALTRACK_LOG"] {
            command.env_remove(variable);
        }
        let mut output = pair.master.try_clone_reader().expect("the pty's output");
        let keyboard = pair.master.take_writer().expect("the pty's input");
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);

        let seen = Seen {
            frames: Frames::new(columns, rows),
            bytes: 0,
            at: started,
            closed: false,
        };
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        let reader = Arc::clone(&seen);
        thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            loop {
                let read = output.read(&mut buffer).unwrap_or(0);
                let mut seen = lock(&reader.0);
                seen.at = Instant::now();
                match read {
                    0 => seen.closed = true,
                    read => {
                        seen.bytes += read as u64;
                        seen.frames.process(&buffer[..read]);
                    }
                }
                reader.1.notify_all();
                if seen.closed {
                    return;
                }
            }
        });
        Self {
            seen,
            keyboard,
            child,
            pty: pair.master,
            started,
        }
    }

    /// Sends keys as the bytes that a terminal sends.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard
            .write_all(keys.as_bytes())
            .expect("the program reads");
        self.keyboard.flush().expect("the program reads");
    }

    /// Changes the window's size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        lock(&self.seen.0).frames.resize(columns, rows);
        self.pty.resize(size(columns, rows)).expect("the pty resizes");
    }

    /// Waits until a text is on the screen, in whole words. Returns when it was.
    pub(crate) fn wait_for(&self, text: &str) -> Instant {
        self.wait_until(&format!("`{text}` on the screen"), |screen| shows(screen, text))
    }

    /// Waits until a text is no longer on the screen.
    pub(crate) fn wait_gone(&self, text: &str) -> Instant {
        self.wait_until(&format!("no `{text}` on the screen"), |screen| {
            !shows(screen, text)
        })
    }

    /// Waits until the screen is as wanted. Returns when the bytes that made it so arrived.
    pub(crate) fn wait_until(&self, wanted: &str, is_so: impl Fn(&vt100::Screen) -> bool) -> Instant {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = lock(&self.seen.0);
        loop {
            if is_so(seen.frames.screen()) {
                return seen.at;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !seen.closed,
                "waited for {wanted}, but {} after {:?}:\n{}",
                if seen.closed {
                    "the program ended"
                } else {
                    "time ran out"
                },
                self.started.elapsed(),
                seen.frames.screen().contents()
            );
            seen = self.seen.1.wait_timeout(seen, left).expect("the reader runs").0;
        }
    }

    /// The text of the last whole frame.
    pub(crate) fn contents(&self) -> String {
        lock(&self.seen.0).frames.screen().contents()
    }

    /// Reads the last whole frame.
    pub(crate) fn inspect<T>(&self, read: impl FnOnce(&vt100::Screen) -> T) -> T {
        read(lock(&self.seen.0).frames.screen())
    }

    /// How many bytes the program has written.
    pub(crate) fn bytes(&self) -> u64 {
        lock(&self.seen.0).bytes
    }

    /// The process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.process_id().expect("a running program")
    }

    /// Sends a signal, such as `TERM`, by kill(1).
    pub(crate) fn signal(&mut self, name: &str) {
        let status = std::process::Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.pid().to_string())
            .status();
        assert!(status.expect("kill(1) runs").success());
    }

    /// Waits until the program has ended and its output is read to the end.
    pub(crate) fn wait_exit(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = lock(&self.seen.0);
        while !seen.closed {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "the program did not end:\n{}",
                seen.frames.screen().contents()
            );
            seen = self.seen.1.wait_timeout(seen, left).expect("the reader runs").0;
        }
        drop(seen);
        self.child.wait().expect("an exit status")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Whether a text is on the screen in whole words: `consumed 65` is not in `consumed 650`.
fn shows(screen: &vt100::Screen, text: &str) -> bool {
    let contents = screen.contents();
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    contents.match_indices(text).any(|(at, _)| {
        let (before, rest) = contents.split_at(at);
        let after = rest.strip_prefix(text).unwrap_or_default();
        let begins_inside = is_word(before.chars().next_back()) && is_word(text.chars().next());
        let ends_inside = is_word(text.chars().next_back()) && is_word(after.chars().next());
        !begins_inside && !ends_inside
    })
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().expect("the reader runs")
}
