//! Passwords, codes and confirmations: from standard input, the environment or the terminal, never from an argument.
//!
//! `rpassword` 7.5 can't replace the reader at the end of this file: it ignores Ctrl-Z, and a signal that ends the process leaves
//! the terminal without echo. `tests/terminal/prompts.rs` tests both.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::{arguments::PasswordArguments, error::CommandError, notice::notice};
use crate::{
    app::Code,
    runtime::{
        keys::{Input, Keyboard},
        signals::{self, TerminationSignals, in_foreground},
    },
};
use caltrack_client::config;

/// Capacity for a password in bytes.
const CAPACITY: usize = 1024;
const VARIABLE: &str = "CALTRACK_PASSWORD";

/// Reads passwords and codes.
#[derive(Debug)]
pub(super) struct Prompter {
    from_stdin: bool,
}

impl Prompter {
    pub(super) const fn new(arguments: &PasswordArguments) -> Self {
        Self {
            from_stdin: arguments.password_stdin,
        }
    }

    /// For a command without options for passwords.
    pub(super) const fn at_terminal() -> Self {
        Self { from_stdin: false }
    }

    /// The present password of a user.
    pub(super) async fn password(&self, user: &str) -> Result<SecretString, CommandError> {
        let question = format!("Password of {}", caltrack_domain::clean(user));
        self.secret(&question, "password", Some(VARIABLE)).await
    }

    /// The new password of a user, typed twice at a terminal. `variable`: whether the environment may contain it.
    pub(super) async fn new_password(
        &self,
        user: &str,
        variable: bool,
    ) -> Result<SecretString, CommandError> {
        let question = format!("New password of {}", caltrack_domain::clean(user));
        let variable = variable.then_some(VARIABLE);
        let typed = !self.from_stdin && variable.and_then(config::variable).is_none();
        let first = self.secret(&question, "password", variable).await?;
        if typed {
            let again = self.secret("New password again", "password", None).await?;
            if again.expose_secret() != first.expose_secret() {
                return Err(CommandError::value("the two passwords differ"));
            }
        }
        Ok(first)
    }

    /// A code of six digits, without blanks.
    pub(super) async fn code(&self, question: &str) -> Result<SecretString, CommandError> {
        let typed = self.secret(question, "code", None).await?;
        let digits: String = typed.expose_secret().split_whitespace().collect();
        Ok(digits.into())
    }

    /// Whether the answer to a question is yes; none without a terminal that could be asked.
    pub(super) async fn confirmed(&self, question: &str) -> Result<Option<bool>, CommandError> {
        if self.from_stdin || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Ok(None);
        }
        let answer = ask(&format!("{question} [y/N]"))
            .await
            .map_err(|error| CommandError::usage(format!("the answer can't be read: {error}")))?;
        let is_yes = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes");
        notice(if is_yes { "yes" } else { "no" });
        Ok(Some(is_yes))
    }

    async fn secret(
        &self,
        question: &str,
        what: &str,
        variable: Option<&str>,
    ) -> Result<SecretString, CommandError> {
        let unreadable =
            |error: &io::Error| CommandError::usage(format!("the {what} can't be read: {error}"));
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
                    .map_err(|_| CommandError::value(format!("the {what} is not UTF-8")))?,
            )
        } else if io::stdin().is_terminal() {
            ask(question).await.map_err(|error| unreadable(&error))?
        } else {
            return Err(CommandError::usage(match variable {
                Some(variable) => {
                    format!("the {what} is missing: use --password-stdin, {variable} or a terminal")
                }
                None => format!(
                    "the user pool requires a {what} as well: give it as the next line after --password-stdin, or use a terminal"
                ),
            }));
        };
        if text.is_empty() {
            return Err(CommandError::value(format!("the {what} is empty")));
        }
        Ok(SecretString::from(text.as_str()))
    }

    /// Shows an explanation at a terminal.
    pub(super) fn explain(&self, text: &str) {
        if !self.from_stdin {
            notice(text);
        }
    }
}

/// The open question: a process has one terminal, and asks one question at a time.
static OPEN: Mutex<Option<String>> = Mutex::new(None);

fn open_question() -> MutexGuard<'static, Option<String>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a question is open, for which the program needs the terminal.
pub(super) fn is_open() -> bool {
    open_question().is_some()
}

/// Restores the terminal before the program stops or ends.
pub(super) fn leave() {
    if is_open() {
        if in_foreground() {
            // A failure is ignored: the shell restores most modes. In the background, the modes are those of another job.
            let _ = disable_raw_mode();
        }
        notice("");
    }
}

/// Prepares the terminal for the open question again, and prints it; typed characters are kept.
pub(super) fn enter() {
    // After a stop that can't be caught, crossterm takes raw mode for on although the shell has turned it off, which would show
    // what is typed.
    if let Some(question) = open_question().as_deref()
        && let Err(error) = disable_raw_mode().and_then(|()| print_question(question))
    {
        tracing::warn!(%error, "the terminal can't be prepared again");
    }
}

fn print_question(question: &str) -> io::Result<()> {
    enable_raw_mode()?;
    let mut err = io::stderr();
    write!(err, "{question}: ")?;
    err.flush()
}

/// An open question. Dropping it restores the terminal.
struct OpenQuestion;

impl OpenQuestion {
    fn ask(question: &str) -> io::Result<Self> {
        *open_question() = Some(question.to_owned());
        let open = Self;
        if in_foreground() {
            print_question(question)?;
        } else {
            // It is printed when the shell moves this job to the foreground.
            signals::ask_to_stop_alone()?;
        }
        Ok(open)
    }
}

impl Drop for OpenQuestion {
    fn drop(&mut self) {
        leave();
        *open_question() = None;
    }
}

/// From the first question on, restores the terminal before a signal ends the program. The exit code is that of shells: 128 plus
/// the number of the signal.
fn end_by_signals() -> io::Result<()> {
    static LISTENING: OnceLock<()> = OnceLock::new();
    if LISTENING.get().is_none() {
        let mut endings = TerminationSignals::listen()?;
        // An error means that another thread listens already.
        let _ = LISTENING.set(());
        tokio::spawn(async move {
            let number = endings.next().await;
            leave();
            std::process::exit(128 + number);
        });
    }
    Ok(())
}

/// Asks at the terminal, without echo. Ctrl-C and Ctrl-Z work, although the terminal sends them as characters in this mode.
async fn ask(question: &str) -> io::Result<Zeroizing<String>> {
    end_by_signals()?;
    let _question = OpenQuestion::ask(question)?;
    let mut keyboard = Keyboard::open()?;
    // With enough capacity from the start: growing would leave copies in memory.
    let mut typed = Zeroizing::new(String::with_capacity(CAPACITY));
    loop {
        let Some(input) = keyboard.next().await else {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the terminal was closed",
            ));
        };
        let key = match input {
            Input::Paste(text) => {
                let text = Zeroizing::new(text);
                typed.extend(text.chars().filter(|c| !c.is_control()));
                continue;
            }
            Input::Key(key) => key,
            Input::Press { .. } | Input::Wheel { .. } => continue,
        };
        match (key.code, key.ctrl) {
            (Code::Enter, _) => return Ok(typed),
            (Code::Char('c' | '4'), true) => signals::ask_to_end()?,
            (Code::Char('z'), true) => signals::ask_to_stop()?,
            (Code::Char('d'), true) if typed.is_empty() => {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the input ended"));
            }
            (Code::Char('u' | 'w'), true) => typed.clear(),
            (Code::Backspace, _) | (Code::Char('h'), true) => {
                typed.pop();
            }
            _ => typed.extend(key.typed()),
        }
    }
}
