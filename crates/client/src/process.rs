//! The state of another process on this computer.

use std::{fs, path::Path, process::Command};

/// The state of a process, as far as the system reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessState {
    /// It is running or runnable.
    Running,
    /// It is stopped (SIGSTOP, SIGTSTP, a debugger), and doesn't respond until it is continued.
    Stopped,
    /// There is no such process, or the system doesn't report its state.
    Unknown,
}

/// The state of a process, from `/proc` if it exists, else from `ps(1)`. Blocks for as long as `ps` takes.
pub fn state(pid: u32) -> ProcessState {
    if Path::new("/proc/self/stat").exists() {
        return fs::read_to_string(format!("/proc/{pid}/stat"))
            .ok()
            .as_deref()
            .and_then(letter_of_stat)
            .map_or(ProcessState::Unknown, of_letter);
    }
    let listed = Command::new("ps")
        .args(["-o", "state=", "-p", &pid.to_string()])
        .output();
    listed
        .ok()
        .filter(|output| output.status.success())
        .and_then(|output| String::from_utf8(output.stdout).ok()?.trim().chars().next())
        .map_or(ProcessState::Unknown, of_letter)
}

/// The state in a line of `/proc/<pid>/stat` (proc(5) of Linux): the field after the name, which is in parentheses and may
/// contain parentheses itself.
fn letter_of_stat(line: &str) -> Option<char> {
    let (_, rest) = line.rsplit_once(')')?;
    rest.trim_start().chars().next()
}

/// `T` is stopped by a signal, on some systems also by a debugger; Linux uses `t` for that. `Z` and `X` are dead.
const fn of_letter(letter: char) -> ProcessState {
    match letter {
        'T' | 't' => ProcessState::Stopped,
        'Z' | 'X' | 'x' => ProcessState::Unknown,
        _ => ProcessState::Running,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_found_behind_any_name() {
        assert_eq!(letter_of_stat("12 (caltrack-tui) T 1 12 12 34816 12"), Some('T'));
        assert_eq!(letter_of_stat("12 (a) R (b)) S 1 12"), Some('S'));
        assert_eq!(letter_of_stat("12"), None);
        assert_eq!(of_letter('T'), ProcessState::Stopped);
        assert_eq!(of_letter('S'), ProcessState::Running);
        assert_eq!(of_letter('Z'), ProcessState::Unknown);
    }

    #[test]
    fn this_process_runs_and_an_impossible_one_is_unknown() {
        assert_eq!(state(std::process::id()), ProcessState::Running);
        assert_eq!(state(u32::MAX), ProcessState::Unknown);
    }
}
