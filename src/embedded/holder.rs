//! Who hosts the box, written into the lock file for those who ask, and what that process is doing.

use std::{
    fmt,
    fs::File,
    io::{self, Read as _, Seek as _, Write as _},
    path::Path,
    time::Duration,
};

use caltrack_client::{
    api::Silence,
    process::{self, ProcessState},
};

/// How long to wait for a host that was found stopped: it may be continued at any moment.
const STOPPED_GRACE: Duration = Duration::from_secs(1);
/// How long to wait for a running host that was found unresponsive.
const SILENT_GRACE: Duration = Duration::from_secs(5);
/// How long to wait for a host that is opening the box: a first start generates keys, and disks may be slow.
const STARTING_GRACE: Duration = Duration::from_secs(20);

/// What a program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It shows the screens.
    Screens,
    /// It runs one command.
    Command,
    /// It serves a TCP port.
    Serve,
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Screens => "the screens",
            Self::Command => "a command",
            Self::Serve => "serve",
        }
    }
}

/// Writes down who holds the lock. A failure costs others the answer, no more.
pub(super) fn note(lock: &File, role: Role) {
    let write = |mut file: &File| -> io::Result<()> {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "process {} ({})", std::process::id(), role.name())
    };
    if let Err(error) = write(lock) {
        tracing::warn!(%error, "who hosts the backend can't be written down");
    }
}

/// Whether the holder, as [`named`], runs one command and so ends soon. A holder that has just taken the lock has no
/// name yet.
pub(super) fn ends_soon(holder: &str) -> bool {
    holder == UNNAMED || holder.ends_with(&format!("({})", Role::Command.name()))
}

const UNNAMED: &str = "another program";

/// The name that the last holder wrote. Only meaningful while the lock is held.
pub(super) fn named(lock: &Path) -> String {
    const LONGEST: u64 = 80;
    let mut text = String::new();
    let read = caltrack_private_files::open(lock, File::options().read(true))
        .and_then(|file| file.take(LONGEST).read_to_string(&mut text));
    let text = caltrack_domain::clean(text.trim());
    if read.is_err() || text.is_empty() {
        UNNAMED.to_owned()
    } else {
        text
    }
}

/// Why the host of the box doesn't answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// Its process was stopped.
    Stopped,
    /// It has the lock and doesn't listen yet.
    Starting,
    /// It accepts connections and doesn't respond.
    Mute,
}

/// A host that has the lock and doesn't respond.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SilentHost {
    /// `process 12 (the screens)`, or as much as is known.
    name: String,
    pid: Option<u32>,
    cause: Cause,
}

impl SilentHost {
    /// Reads the holder's name from the lock file, and looks up its process. May block for as long as `ps(1)` takes,
    /// where there is no `/proc`.
    pub(super) fn find(lock: &Path, listens: bool) -> Self {
        let name = named(lock);
        let pid = pid_of(&name);
        let cause = match pid.map_or(ProcessState::Unknown, process::state) {
            ProcessState::Stopped => Cause::Stopped,
            ProcessState::Running | ProcessState::Unknown if listens => Cause::Mute,
            ProcessState::Running | ProcessState::Unknown => Cause::Starting,
        };
        Self { name, pid, cause }
    }

    /// Whether its process is stopped, so that another process must continue it.
    pub fn is_stopped(&self) -> bool {
        self.cause == Cause::Stopped
    }

    /// How much longer to wait for it, once it was found unresponsive.
    pub(super) const fn grace(&self) -> Duration {
        match self.cause {
            Cause::Stopped => STOPPED_GRACE,
            Cause::Mute => SILENT_GRACE,
            Cause::Starting => STARTING_GRACE,
        }
    }

    /// Cause and advice in one line of a terminal.
    pub fn in_short(&self) -> String {
        let name = &self.name;
        match (self.cause, self.pid) {
            (Cause::Stopped, Some(pid)) => format!("{name} is stopped: `fg`, or `kill -CONT {pid}`"),
            (Cause::Mute, Some(_)) => format!("{name} holds the backend and doesn't answer"),
            (Cause::Starting, Some(_)) => format!("{name} holds the backend and hasn't opened it yet"),
            (_, None) => self.to_string(),
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> String {
        match (self.cause, self.pid) {
            (Cause::Stopped, Some(pid)) => {
                format!("let it continue (`fg` in its shell, or `kill -CONT {pid}`), then try again")
            }
            (Cause::Mute | Cause::Starting, Some(pid)) => {
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
            Cause::Stopped => write!(f, "{name} holds the backend and doesn't answer: it is stopped"),
            Cause::Starting => write!(f, "{name} holds the backend and hasn't opened it yet"),
            Cause::Mute => write!(f, "{name} holds the backend and doesn't answer"),
        }
    }
}

impl From<SilentHost> for Silence {
    fn from(host: SilentHost) -> Self {
        Self {
            message: host.to_string(),
            next: format!(
                "{}; look first whether it was done all the same (`list`)",
                host.advice()
            ),
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
    fn a_host_is_named_with_what_helps() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("backend.lock");
        let nobody = SilentHost::find(&path, true);
        assert_eq!(nobody.pid, None);
        assert!(
            nobody.to_string().starts_with("another program holds"),
            "{nobody}"
        );

        note(&File::create(&path).unwrap(), Role::Screens);
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
