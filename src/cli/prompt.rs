//! Where a password comes from: standard input, the environment, or the person at the terminal; never an argument.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crossterm::{
    event::{Event, KeyCode, KeyEventKind, KeyModifiers, read},
    terminal::{disable_raw_mode, enable_raw_mode},
};
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::problem::Problem;

const VARIABLE: &str = "CALTRACK_PASSWORD";

/// The password of a user.
pub(super) fn password(user: &str, from_stdin: bool) -> Result<SecretString, Problem> {
    let text = if from_stdin {
        let mut line = Zeroizing::new(String::new());
        io::stdin()
            .lock()
            .read_line(&mut line)
            .map_err(|error| unreadable(&error))?;
        Zeroizing::new(line.trim_end_matches(['\n', '\r']).to_owned())
    } else if let Ok(set) = std::env::var(VARIABLE) {
        Zeroizing::new(set)
    } else if io::stdin().is_terminal() {
        ask(user).map_err(|error| unreadable(&error))?
    } else {
        return Err(Problem::bad_usage(format!(
            "where is the password? Use --password-stdin, {VARIABLE} or a terminal"
        )));
    };
    if text.is_empty() {
        return Err(Problem::value("the password is empty"));
    }
    Ok(SecretString::from(text.as_str()))
}

fn unreadable(error: &io::Error) -> Problem {
    Problem::bad_usage(format!("the password can't be read: {error}"))
}

/// Raw mode that ends whatever happens.
struct Raw;

impl Drop for Raw {
    fn drop(&mut self) {
        // There is nobody to tell; the shell repairs most of it.
        let _ = disable_raw_mode();
    }
}

fn ask(user: &str) -> io::Result<Zeroizing<String>> {
    let mut err = io::stderr();
    write!(err, "Password of {}: ", caltrack_domain::clean(user))?;
    err.flush()?;
    enable_raw_mode()?;
    let raw = Raw;
    let mut typed = Zeroizing::new(String::new());
    let outcome = loop {
        let Event::Key(key) = read()? else {
            continue;
        };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        match key.code {
            KeyCode::Enter => break Ok(typed),
            KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                break Err(io::Error::from(io::ErrorKind::Interrupted));
            }
            KeyCode::Backspace => {
                typed.pop();
            }
            KeyCode::Char(c) => typed.push(c),
            _ => {}
        }
    };
    drop(raw);
    writeln!(err)?;
    outcome
}
