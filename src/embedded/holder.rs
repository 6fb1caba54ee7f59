//! The host of the box: its name in the lock file, and the state of its process.

use std::{
    fmt,
    fs::File,
    io::{self, Read as _, Seek as _, Write as _},
    path::Path,
    time::Duration,
};

use strum::IntoStaticStr;

use caltrack_client::{
    api::Silence,
    process::{self, ProcessState},
};

/// How long to wait for a stopped host: it may be continued at any moment.
const STOPPED_GRACE: Duration = Duration::from_secs(1);
/// How long to wait for an unresponsive host that runs.
const SILENT_GRACE: Duration = Duration::from_secs(5);
/// How long to wait for a host that is opening the box: a first start generates keys, and disks may be slow.
const STARTING_GRACE: Duration = Duration::from_secs(20);

/// The kind of a program that takes part in the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
pub enum Role {
    /// It runs the screens.
    #[strum(serialize = "the screens")]
    Screens,
    /// It runs one command.
    #[strum(serialize = "a command")]
    Command,
    /// It runs `serve`, on a TCP port.
    #[strum(serialize = "serve")]
    Serve,
}

impl Role {
    /// The name in the lock file.
    fn name(self) -> &'static str {
        self.into()
    }
}

/// Writes the name of this process into the lock file. After a failure, others can't name it.
pub(super) fn write_name(lock: &File, role: Role) {
    let write = |mut file: &File| -> io::Result<()> {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "process {} ({})", std::process::id(), role.name())
    };
    if let Err(error) = write(lock) {
        tracing::warn!(%error, "the lock file doesn't name the host of the backend");
    }
}

/// Whether the holder with this name runs one command, and so ends soon. A holder that has just taken the lock has no name
/// yet.
pub(super) fn ends_soon(holder: &str) -> bool {
    holder == UNNAMED || holder.ends_with(&format!("({})", Role::Command.name()))
}

const UNNAMED: &str = "another program";

/// The name that the last holder wrote. Only valid while the lock is held.
pub(super) fn read_name(lock: &Path) -> String {
    const MAX_LENGTH: u64 = 80;
    let mut text = String::new();
    let read = caltrack_private_files::open(lock, File::options().read(true))
        .and_then(|file| file.take(MAX_LENGTH).read_to_string(&mut text));
    let text = caltrack_domain::clean(text.trim());
    if read.is_err() || text.is_empty() {
        UNNAMED.to_owned()
    } else {
        text
    }
}

/// Why the host of the box doesn't respond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// Its process is stopped.
    Stopped,
    /// It has the lock and doesn't listen yet.
    Starting,
    /// It accepts connections and doesn't respond.
    Unresponsive,
}

/// A host that has the lock and doesn't respond.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SilentHost {
    /// `process 12 (the screens)`, or `another program`.
    name: String,
    pid: Option<u32>,
    cause: Cause,
}

impl SilentHost {
    /// Reads the holder's name from the lock file, and inspects its process. Blocks for as long as `ps(1)` takes on systems
    /// without `/proc`.
    pub(super) fn find(lock: &Path, listens: bool) -> Self {
        let name = read_name(lock);
        let pid = pid_of(&name);
        let cause = match pid.map_or(ProcessState::Unknown, process::state) {
            ProcessState::Stopped => Cause::Stopped,
            ProcessState::Running | ProcessState::Unknown if listens => Cause::Unresponsive,
            ProcessState::Running | ProcessState::Unknown => Cause::Starting,
        };
        Self { name, pid, cause }
    }

    /// Whether its process is stopped, and must be continued by another process.
    pub fn is_stopped(&self) -> bool {
        self.cause == Cause::Stopped
    }

    /// How much longer to wait for it.
    pub(super) const fn grace(&self) -> Duration {
        match self.cause {
            Cause::Stopped => STOPPED_GRACE,
            Cause::Unresponsive => SILENT_GRACE,
            Cause::Starting => STARTING_GRACE,
        }
    }

    /// Cause and advice, short enough for one line of a terminal.
    pub fn in_short(&self) -> String {
        let name = &self.name;
        match (self.cause, self.pid) {
            (Cause::Stopped, Some(pid)) => format!("{name} is stopped: `fg`, or `kill -CONT {pid}`"),
            (Cause::Unresponsive, Some(_)) => format!("{name} hosts the backend and doesn't respond"),
            (Cause::Starting, Some(_)) => format!("{name} hosts the backend and hasn't opened it yet"),
            (_, None) => self.to_string(),
        }
    }

    /// What to do next.
    pub fn advice(&self) -> String {
        match (self.cause, self.pid) {
            (Cause::Stopped, Some(pid)) => {
                format!("let it continue (`fg` in its shell, or `kill -CONT {pid}`), then try again")
            }
            (Cause::Unresponsive | Cause::Starting, Some(pid)) => {
                format!("wait for it, or end it (`kill {pid}`), then try again")
            }
            (_, None) => "end the other program, then try again".to_owned(),
        }
    }
}

/// One sentence without its full stop.
impl fmt::Display for SilentHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, cause, .. } = self;
        match cause {
            Cause::Stopped => write!(f, "{name} hosts the backend and doesn't respond: it is stopped"),
            Cause::Starting => write!(f, "{name} hosts the backend and hasn't opened it yet"),
            Cause::Unresponsive => write!(f, "{name} hosts the backend and doesn't respond"),
        }
    }
}

impl From<SilentHost> for Silence {
    fn from(host: SilentHost) -> Self {
        Self {
            message: host.to_string(),
            next: format!("{}; first check by `list` whether it was executed", host.advice()),
        }
    }
}

/// The number in `process 12 (the screens)`.
fn pid_of(name: &str) -> Option<u32> {
    let (number, _) = name.strip_prefix("process ")?.split_once(' ')?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_named_with_advice() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("backend.lock");
        let nobody = SilentHost::find(&path, true);
        assert_eq!(nobody.pid, None);
        assert!(
            nobody.to_string().starts_with("another program hosts"),
            "{nobody}"
        );

        write_name(&File::create(&path).unwrap(), Role::Screens);
        let running = SilentHost::find(&path, true);
        let pid = std::process::id();
        assert_eq!(running.pid, Some(pid));
        assert!(!running.is_stopped());
        assert!(
            running
                .to_string()
                .contains(&format!("process {pid} (the screens)")),
            "{running}"
        );
        assert!(running.advice().contains(&format!("kill {pid}")), "{running:?}");

        let stopped = SilentHost {
            cause: Cause::Stopped,
            ..running
        };
        assert!(stopped.to_string().contains("is stopped"), "{stopped}");
        let advice = stopped.advice();
        assert!(
            advice.contains("`fg`") && advice.contains(&format!("kill -CONT {pid}")),
            "{advice}"
        );
    }
}
