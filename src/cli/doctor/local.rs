//! What can be told without asking anybody else.

use std::io::{self, IsTerminal as _};

use super::Check;
use caltrack_client::config::{Backend, Config};

/// The smallest terminal in which everything has its place.
const SMALLEST: (u16, u16) = (40, 10);

pub(super) fn configuration(config: &Config) -> Check {
    let name = &config.profile.name;
    let detail = match &config.profile.backend {
        Backend::InTheBox => format!("profile {name}: the backend in the box"),
        Backend::Remote(endpoints) => format!(
            "profile {name}: {}, user pool {}",
            endpoints.graphql, endpoints.user_pool_id
        ),
    };
    Check::good("configuration", detail)
}

pub(super) fn data_directory(config: &Config) -> Check {
    const NAME: &str = "data directory";
    if let Err(problem) = config.data.prepare() {
        return Check::bad(NAME, problem.to_string(), problem.advice());
    }
    // A full or read-only disk is known by trying.
    match caltrack_private_files::try_writing(config.data.path(), 4_096) {
        Ok(()) => Check::good(NAME, config.data.path().display().to_string()),
        Err(error) => Check::bad(
            NAME,
            format!("{} can't be written: {error}", config.data.path().display()),
            "make room or make it writable, or choose another --data-dir",
        ),
    }
}

pub(super) fn terminal() -> Check {
    const NAME: &str = "terminal";
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let kind = variable("TERM");
    if !io::stdout().is_terminal() {
        return Check::good(NAME, "none here: commands work, the screens need one");
    }
    if kind.is_empty() || kind == "dumb" {
        return Check::poor(
            NAME,
            format!("TERM is `{kind}`: the screens can't be drawn there"),
            "use a terminal emulator, or the commands",
        );
    }
    let size = crossterm::terminal::size().unwrap_or((0, 0));
    let detail = format!("{kind}, {}×{}", size.0, size.1);
    if size.0 < SMALLEST.0 || size.1 < SMALLEST.1 {
        let least = format!("make it {}×{} at least", SMALLEST.0, SMALLEST.1);
        return Check::poor(NAME, format!("{detail} is too small"), least);
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .map(variable)
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    let folded = locale.to_lowercase().replace('-', "");
    if !folded.contains("utf8") {
        return Check::poor(
            NAME,
            format!("{detail}, but the locale `{locale}` is not UTF-8: lines may look odd"),
            "set LANG to a UTF-8 locale, such as C.UTF-8",
        );
    }
    Check::good(NAME, detail)
}
