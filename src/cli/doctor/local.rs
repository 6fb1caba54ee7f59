//! Checks on this computer.

use std::io::{self, IsTerminal as _};

use super::check::Check;
use crate::embedded;
use caltrack_client::config::{BackendKind, Config};

/// The smallest terminal for the screens, in columns and rows.
const MIN_SIZE: (u16, u16) = (40, 10);

/// The version, and what the program contains.
pub(super) fn program() -> Check {
    let path = std::env::current_exe().map_or_else(|_| "?".to_owned(), |path| path.display().to_string());
    let build = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    Check::ok(
        "program",
        format!(
            "{} ({build}, {}, {}) at {path}; features: the screens, the backend in the box, import and export, TLS by rustls, \
             SQLite {}",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::ARCH,
            std::env::consts::OS,
            caltrack_client::replica::sqlite_version(),
        ),
    )
}

/// Where files are, besides the data directory.
pub(super) fn paths(config: &Config) -> Check {
    let state = if config.file.exists() { "" } else { " (absent)" };
    Check::ok(
        "paths",
        format!(
            "{}{state}, themes in {}, log in {}",
            config.file.display(),
            config.themes().display(),
            config.data.log().display()
        ),
    )
}

pub(super) fn configuration(config: &Config) -> Check {
    let name = &config.profile.name;
    let detail = match &config.profile.backend {
        BackendKind::InTheBox => format!("profile {name}: the backend in the box"),
        BackendKind::Remote(endpoints) if endpoints.user_pool_id.is_empty() => {
            format!("profile {name}: {}, by an operator's keys", endpoints.graphql)
        }
        BackendKind::Remote(endpoints) => format!(
            "profile {name}: {}, user pool {}",
            endpoints.graphql, endpoints.user_pool_id
        ),
    };
    Check::ok("configuration", detail)
}

pub(super) fn data_directory(config: &Config) -> Check {
    const NAME: &str = "data directory";
    if let Err(problem) = config.data.prepare() {
        return Check::fail(NAME, problem.to_string(), problem.advice());
    }
    // Only a trial shows that a disk is full or read-only.
    match caltrack_private_files::try_writing(config.data.path(), 4_096) {
        Ok(()) => Check::ok(NAME, config.data.path().display().to_string()),
        Err(error) => Check::fail(
            NAME,
            format!("{} can't be written: {error}", config.data.path().display()),
            "make room or make it writable, or choose another --data-dir",
        ),
    }
}

/// The snapshots of the box, on its profile.
pub(super) fn snapshots(config: &Config) -> Option<Check> {
    const NAME: &str = "snapshots";
    if config.profile.backend != BackendKind::InTheBox {
        return None;
    }
    Some(match embedded::list_snapshots(&config.data) {
        Ok(found) if found.is_empty() => Check::ok(
            NAME,
            "none yet: the first one of each day is taken once the box has run for a minute, or when it closes",
        ),
        Ok(found) => {
            let names: Vec<&str> = found.iter().map(|snapshot| snapshot.name.as_str()).collect();
            let bytes: u64 = found.iter().map(|snapshot| snapshot.bytes).sum();
            let size = bytes.div_ceil(1 << 20);
            Check::ok(
                NAME,
                format!(
                    "{}; {size} MB; `restore --snapshot NAME` goes back to one",
                    names.join(", ")
                ),
            )
        }
        Err(error) => Check::warn(
            NAME,
            format!("the snapshots can't be read: {error}"),
            "make the directory `backend/snapshots` readable",
        ),
    })
}

pub(super) fn terminal() -> Check {
    const NAME: &str = "terminal";
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let kind = variable("TERM");
    if !io::stdout().is_terminal() {
        return Check::ok(
            NAME,
            "standard output is not a terminal: commands work, the screens need one",
        );
    }
    if kind.is_empty() || kind == "dumb" {
        return Check::warn(
            NAME,
            format!("TERM is `{kind}`: the screens can't be drawn there"),
            "use a terminal emulator, or the commands",
        );
    }
    let size = crossterm::terminal::size().unwrap_or((0, 0));
    let detail = format!("{kind}, {}×{}", size.0, size.1);
    if size.0 < MIN_SIZE.0 || size.1 < MIN_SIZE.1 {
        let next = format!("enlarge it to at least {}×{}", MIN_SIZE.0, MIN_SIZE.1);
        return Check::warn(NAME, format!("{detail} is too small"), next);
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .map(variable)
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    let folded = locale.to_lowercase().replace('-', "");
    if !folded.contains("utf8") {
        return Check::warn(
            NAME,
            format!("{detail}, but the locale `{locale}` is not UTF-8: lines may be garbled"),
            "set LANG to a UTF-8 locale, such as C.UTF-8",
        );
    }
    Check::ok(NAME, detail)
}
