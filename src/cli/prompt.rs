//! Where passwords and codes come from: standard input, the environment, or the person at the terminal; never an argument.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crossterm::{
    event::{Event, KeyCode, KeyEventKind, KeyModifiers, read},
    terminal::{disable_raw_mode, enable_raw_mode},
};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::{arguments::PasswordArguments, problem::Problem, say};
use crate::config;

const VARIABLE: &str = "CALTRACK_PASSWORD";

/// Answers secret questions, in the order in which they are asked.
#[derive(Debug)]
pub(super) struct Answers {
    from_stdin: bool,
}

impl Answers {
    pub(super) const fn new(arguments: &PasswordArguments) -> Self {
        Self {
            from_stdin: arguments.password_stdin,
        }
    }

    /// The answers of whoever wasn't asked for a password at first.
    pub(super) const fn of_the_terminal() -> Self {
        Self { from_stdin: false }
    }

    /// The password that a user has.
    pub(super) fn password(&self, user: &str) -> Result<SecretString, Problem> {
        let question = format!("Password of {}", caltrack_domain::clean(user));
        self.secret(&question, "password", Some(VARIABLE))
    }

    /// A password that a user is to have. Typed blindly, it is typed twice.
    pub(super) fn new_password(&self, user: &str, variable: bool) -> Result<SecretString, Problem> {
        let question = format!("New password of {}", caltrack_domain::clean(user));
        let variable = variable.then_some(VARIABLE);
        let by_hand = !self.from_stdin && variable.and_then(config::variable).is_none();
        let first = self.secret(&question, "password", variable)?;
        if by_hand
            && self.secret("The same again", "password", None)?.expose_secret() != first.expose_secret()
        {
            return Err(Problem::value("the two passwords differ"));
        }
        Ok(first)
    }

    /// A code.
    pub(super) fn code(&self, question: &str) -> Result<SecretString, Problem> {
        let typed = self.secret(question, "code", None)?;
        let digits: String = typed.expose_secret().split_whitespace().collect();
        Ok(digits.into())
    }

    fn secret(&self, question: &str, what: &str, variable: Option<&str>) -> Result<SecretString, Problem> {
        let unreadable = |error: &io::Error| Problem::bad_usage(format!("the {what} can't be read: {error}"));
        let text = if self.from_stdin {
            let mut line = Zeroizing::new(String::new());
            io::stdin()
                .lock()
                .read_line(&mut line)
                .map_err(|error| unreadable(&error))?;
            Zeroizing::new(line.trim_end_matches(['\n', '\r']).to_owned())
        } else if let Some(set) = variable.and_then(config::variable) {
            Zeroizing::new(
                set.into_string()
                    .map_err(|_| Problem::value(format!("the {what} is not UTF-8")))?,
            )
        } else if io::stdin().is_terminal() {
            ask(question).map_err(|error| unreadable(&error))?
        } else {
            return Err(Problem::bad_usage(match variable {
                Some(variable) => {
                    format!("where is the {what}? Use --password-stdin, {variable} or a terminal")
                }
                None => format!(
                    "the user pool asks for a {what} too: give it as the next line after --password-stdin, or use a terminal"
                ),
            }));
        };
        if text.is_empty() {
            return Err(Problem::value(format!("the {what} is empty").as_str()));
        }
        Ok(SecretString::from(text.as_str()))
    }

    /// Says something to whoever is asked at a terminal.
    pub(super) fn explain(&self, text: &str) {
        if !self.from_stdin {
            say(text);
        }
    }
}

/// Raw mode that ends whatever happens.
struct Raw;

impl Drop for Raw {
    fn drop(&mut self) {
        // There is nobody to tell; the shell repairs most of it.
        let _ = disable_raw_mode();
    }
}

fn ask(question: &str) -> io::Result<Zeroizing<String>> {
    let mut err = io::stderr();
    write!(err, "{question}: ")?;
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
