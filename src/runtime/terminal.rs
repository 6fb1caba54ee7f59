//! The terminal: taken over, and given back whatever happens.

use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal as _, Stdout, Write as _},
    mem::ManuallyDrop,
    path::PathBuf,
    thread,
};

use crossterm::{
    cursor, event, execute, queue,
    terminal::{
        BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
        LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
    },
};
use ratatui::{Frame, Terminal, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect};

use super::signals;

/// Room for a whole frame, so that it reaches the terminal in one piece.
const FRAME_BYTES: usize = 64 * 1024;
/// The largest picture, in columns and rows: an 8K screen of tiny letters. A terminal may call itself 65,535 wide and high, and
/// a picture of that size takes 206 GB.
const LARGEST: (u16, u16) = (1_600, 600);

/// Makes sure that there is a terminal to take.
///
/// Frames go to standard output; keys come from standard input, or from the controlling terminal where that is redirected.
pub(super) fn require() -> io::Result<()> {
    if !io::stdout().is_terminal() {
        return Err(io::Error::other("standard output is none"));
    }
    if !io::stdin().is_terminal() && File::open("/dev/tty").is_err() {
        return Err(io::Error::other("standard input is none"));
    }
    Ok(())
}

/// The terminal while it is ours. Dropping it gives it back.
pub(super) struct Screen {
    /// Never dropped: ratatui would complain of a terminal that is gone to a standard error that is gone with it, and panic.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<BufWriter<Stdout>>>>,
    /// Whether what the terminal shows is not what was last drawn.
    disturbed: bool,
    /// Whether this program uses the terminal, and has not released it for a suspension.
    ours: bool,
}

impl Screen {
    /// Takes the terminal over: raw mode, alternate screen, bracketed paste. `log` is where the log is, where there is one.
    pub(super) fn enter(log: Option<PathBuf>) -> io::Result<Self> {
        give_back_on_panic(log);
        // From here on a failure drops `Self` and with it whatever was taken.
        let writer = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
        // The size is queried here, where it is limited.
        let (width, height) = size()?;
        let options = TerminalOptions {
            viewport: Viewport::Fixed(Rect::new(0, 0, width, height)),
        };
        let mut screen = Self {
            terminal: ManuallyDrop::new(Terminal::with_options(CrosstermBackend::new(writer), options)?),
            disturbed: false,
            ours: true,
        };
        screen.take()?;
        Ok(screen)
    }

    fn take(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        execute!(
            self.terminal.backend_mut(),
            EnterAlternateScreen,
            event::EnableBracketedPaste,
            cursor::Hide
        )
    }

    /// Takes the terminal over again after somebody else had it; the next frame is drawn in full.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        self.disturb();
        self.ours = true;
        if signals::in_foreground() {
            // Raw mode counts as on after a stop that could not be caught, and the shell has turned it off.
            disable_raw_mode()?;
        }
        self.take()
    }

    /// The next frame is drawn in full: a terminal that was made smaller and larger again may have lost what it showed.
    pub(super) fn disturb(&mut self) {
        self.disturbed = true;
    }

    /// Gives the terminal back for a while.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.ours) {
            return Ok(());
        }
        self.terminal.backend_mut().flush()?;
        give_back()
    }

    /// Paints one frame; terminals that know synchronised updates show it as a whole.
    pub(super) fn draw(&mut self, picture: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        if std::mem::take(&mut self.disturbed) {
            // All of it, also where the picture is smaller than the terminal.
            queue!(self.terminal.backend_mut(), Clear(ClearType::All))?;
            let (width, height) = size()?;
            // `clear` would ask the terminal for its cursor, and the answer would go to whoever reads the keys.
            self.terminal.resize(Rect::new(0, 0, width, height))?;
        }
        self.terminal.draw(picture)?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if !self.ours {
            return;
        }
        // The hook has given it back and the report stands there: half a frame, or a second leave of the alternate screen, which
        // puts the cursor where it was before the program, would have it written over.
        if thread::panicking() {
            return;
        }
        // What is left in the buffer must not reach the terminal after it was given back.
        let flushed = self.terminal.backend_mut().flush();
        let given = give_back();
        if let Err(error) = flushed.and(given) {
            tracing::warn!(%error, "the terminal could not be given back");
        }
    }
}

/// Columns and rows of the terminal, limited to the largest picture.
pub(super) fn size() -> io::Result<(u16, u16)> {
    let (columns, rows) = crossterm::terminal::size()?;
    Ok((columns.min(LARGEST.0), rows.min(LARGEST.1)))
}

/// Undoes all that [`Screen::take`] does. May be repeated.
fn give_back() -> io::Result<()> {
    let written = execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        event::DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    if !signals::in_foreground() {
        // The modes are another job's by now, and the system would stop this program for setting them.
        return written;
    }
    disable_raw_mode().and(written)
}

/// A panic of this thread is the program's end: its report must find a usable terminal. One in a background task is not, and
/// becomes a message; its report goes to the log.
fn give_back_on_panic(log: Option<PathBuf>) {
    let ours = thread::current().id();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tracing::error!(%panic, "a fault in the program");
        if thread::current().id() == ours {
            let _ = give_back();
            report(panic);
            if let Some(log) = &log {
                let _ = writeln!(
                    io::stderr(),
                    "What was saved is kept. What led here is in the log: {}",
                    log.display()
                );
            }
        }
    }));
}
