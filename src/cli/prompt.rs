//! Where passwords and codes come from: standard input, the environment, or the person at the terminal; never an argument.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::{arguments::PasswordArguments, problem::Problem, say};
use crate::{
    app::Code,
    runtime::{
        keys::{Input, Keyboard},
        signals::{self, TerminationSignals, in_foreground},
    },
};
use caltrack_client::config;

/// Bytes of a password that are set aside at once.
const LONGEST: usize = 1024;
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
    pub(super) async fn password(&self, user: &str) -> Result<SecretString, Problem> {
        let question = format!("Password of {}", caltrack_domain::clean(user));
        self.secret(&question, "password", Some(VARIABLE)).await
    }

    /// A password that a user is to have. Typed blindly, it is typed twice.
    pub(super) async fn new_password(&self, user: &str, variable: bool) -> Result<SecretString, Problem> {
        let question = format!("New password of {}", caltrack_domain::clean(user));
        let variable = variable.then_some(VARIABLE);
        let by_hand = !self.from_stdin && variable.and_then(config::variable).is_none();
        let first = self.secret(&question, "password", variable).await?;
        if by_hand {
            let again = self.secret("The same again", "password", None).await?;
            if again.expose_secret() != first.expose_secret() {
                return Err(Problem::value("the two passwords differ"));
            }
        }
        Ok(first)
    }

    /// A code.
    pub(super) async fn code(&self, question: &str) -> Result<SecretString, Problem> {
        let typed = self.secret(question, "code", None).await?;
        let digits: String = typed.expose_secret().split_whitespace().collect();
        Ok(digits.into())
    }

    async fn secret(
        &self,
        question: &str,
        what: &str,
        variable: Option<&str>,
    ) -> Result<SecretString, Problem> {
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
            ask(question).await.map_err(|error| unreadable(&error))?
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

/// The open question. A process has one terminal, and asks one question at a time.
static OPEN: Mutex<Option<String>> = Mutex::new(None);

fn open_question() -> MutexGuard<'static, Option<String>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a question is open, so that the program needs the terminal.
pub(super) fn is_open() -> bool {
    open_question().is_some()
}

/// Restores the terminal before the program stops or ends.
pub(super) fn leave() {
    if is_open() {
        if in_foreground() {
            // A failure is ignored: the shell restores most modes. In the background the modes are those of another job.
            let _ = disable_raw_mode();
        }
        say("");
    }
}

/// Takes the terminal again for the open question, and prints it again; typed characters are kept.
pub(super) fn enter() {
    // Raw mode counts as on after a stop that could not be caught, and the shell has turned it off: what is typed would be shown.
    if let Some(question) = open_question().as_deref()
        && let Err(error) = disable_raw_mode().and_then(|()| pose(question))
    {
        tracing::warn!(%error, "the terminal can't be taken again");
    }
}

fn pose(question: &str) -> io::Result<()> {
    enable_raw_mode()?;
    let mut err = io::stderr();
    write!(err, "{question}: ")?;
    err.flush()
}

/// An open question. Dropping it restores the terminal.
struct Question;

impl Question {
    fn ask(question: &str) -> io::Result<Self> {
        *open_question() = Some(question.to_owned());
        let asked = Self;
        if in_foreground() {
            pose(question)?;
        } else {
            // It is asked when the shell gives the terminal: until then nothing can be typed.
            signals::ask_to_stop_alone()?;
        }
        Ok(asked)
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        leave();
        *open_question() = None;
    }
}

/// Ends the program by a signal with the terminal given back: from the first question on. The exit code is the shells' own, 128
/// and the signal's number.
fn end_by_signals() -> io::Result<()> {
    static LISTENING: OnceLock<()> = OnceLock::new();
    if LISTENING.get().is_none() {
        let mut endings = TerminationSignals::listen()?;
        // An error means that another thread was faster; then that one listens.
        let _ = LISTENING.set(());
        tokio::spawn(async move {
            let number = endings.next().await;
            leave();
            std::process::exit(128 + number);
        });
    }
    Ok(())
}

/// Asks at the terminal, without echo. Ctrl-C and Ctrl-Z work as usual, although the terminal passes them to the
/// program as characters.
async fn ask(question: &str) -> io::Result<Zeroizing<String>> {
    end_by_signals()?;
    let _question = Question::ask(question)?;
    let mut keyboard = Keyboard::open()?;
    // Room for all of it from the start: growing would leave copies behind in memory.
    let mut typed = Zeroizing::new(String::with_capacity(LONGEST));
    loop {
        let Some(input) = keyboard.next().await else {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the terminal is gone",
            ));
        };
        let key = match input {
            Input::Paste(text) => {
                let text = Zeroizing::new(text);
                typed.extend(text.chars().filter(|c| !c.is_control()));
                continue;
            }
            Input::Key(key) => key,
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
