//! The terminal: taken over, and restored whatever happens.

use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal as _, Stdout, Write as _},
    mem::ManuallyDrop,
    path::PathBuf,
    thread,
};

use caltrack_client::config::variable;
use crossterm::{
    clipboard::CopyToClipboard,
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
/// The largest picture, in columns and rows: an 8K screen of tiny letters. A terminal may report a size of 65,535 by 65,535,
/// and a picture of that size takes 206 GB.
const LARGEST: (u16, u16) = (1_600, 600);

/// xterm's modes 1000 (presses and the wheel) and 1006 (coordinates as numbers).
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// Checks that there is a terminal.
///
/// Frames go to standard output; keys come from standard input, or from the controlling terminal where that is redirected.
pub(super) fn require() -> io::Result<()> {
    if !io::stdout().is_terminal() {
        return Err(io::Error::other("standard output is none"));
    }
    let name = variable("TERM").unwrap_or_default();
    if name.is_empty() || name == "dumb" {
        return Err(io::Error::other(format!(
            "TERM is `{}`, which can't move its cursor",
            name.to_string_lossy()
        )));
    }
    if !io::stdin().is_terminal() && File::open("/dev/tty").is_err() {
        return Err(io::Error::other("standard input is none"));
    }
    Ok(())
}

/// The terminal while this program uses it. Dropping the guard restores it.
pub(super) struct TerminalGuard {
    /// Never dropped: ratatui would report a closed terminal on a standard error that is closed too, and panic.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<BufWriter<Stdout>>>>,
    /// Whether the terminal shows something else than the last frame.
    disturbed: bool,
    /// Whether the terminal reports clicks and the wheel.
    has_mouse: bool,
    /// Whether this program uses the terminal, and has not released it for a suspension.
    ours: bool,
}

impl TerminalGuard {
    /// Takes the terminal over: raw mode, alternate screen, bracketed paste. `log` is the log file, if there is one.
    pub(super) fn enter(log: Option<PathBuf>) -> io::Result<Self> {
        restore_on_panic(log);
        // From here on a failure drops `Self`, which restores the terminal.
        let writer = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
        // The size is queried here, where it is limited.
        let (width, height) = size()?;
        let options = TerminalOptions {
            viewport: Viewport::Fixed(Rect::new(0, 0, width, height)),
        };
        let mut guard = Self {
            terminal: ManuallyDrop::new(Terminal::with_options(CrosstermBackend::new(writer), options)?),
            disturbed: false,
            has_mouse: false,
            ours: true,
        };
        guard.take()?;
        Ok(guard)
    }

    fn take(&mut self) -> io::Result<()> {
        self.has_mouse = false;
        enable_raw_mode()?;
        execute!(
            self.terminal.backend_mut(),
            EnterAlternateScreen,
            event::EnableBracketedPaste,
            cursor::Hide
        )
    }

    /// Takes the terminal over again after another program has used it; the next frame is drawn in full.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        self.disturb();
        self.ours = true;
        if signals::in_foreground() {
            // Raw mode counts as on after a stop that could not be caught, and the shell has turned it off.
            disable_raw_mode()?;
        }
        self.take()
    }

    /// Has the next frame drawn in full: a terminal that was made smaller and larger again may have lost its content.
    pub(super) fn disturb(&mut self) {
        self.disturbed = true;
    }

    /// Restores the terminal until [`TerminalGuard::resume`].
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.ours) {
            return Ok(());
        }
        self.terminal.backend_mut().flush()?;
        restore()
    }

    /// Has the terminal report clicks and the wheel, or keep them. Moves are not reported: nothing follows the pointer.
    pub(super) fn capture_mouse(&mut self, is_wanted: bool) -> io::Result<()> {
        if std::mem::replace(&mut self.has_mouse, is_wanted) == is_wanted {
            return Ok(());
        }
        let sequence = if is_wanted { MOUSE_ON } else { MOUSE_OFF };
        self.terminal.backend_mut().write_all(sequence)?;
        self.terminal.backend_mut().flush()
    }

    /// Puts a text on the terminal's clipboard (OSC 52). Terminals that don't allow it ignore it.
    pub(super) fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(
            self.terminal.backend_mut(),
            CopyToClipboard::to_clipboard_from(text)
        )
    }

    /// Paints one frame; terminals that know synchronised updates show it as a whole.
    pub(super) fn draw(&mut self, picture: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        if std::mem::take(&mut self.disturbed) {
            // All of it, also where the picture is smaller than the terminal.
            queue!(self.terminal.backend_mut(), Clear(ClearType::All))?;
            let (width, height) = size()?;
            // `clear` would query the cursor's position, and the reply would arrive among the keys.
            self.terminal.resize(Rect::new(0, 0, width, height))?;
        }
        self.terminal.draw(picture)?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        if !self.ours {
            return;
        }
        // The hook has restored it and printed the report. Half a frame would overwrite the report, and so would a shell after a
        // second leave of the alternate screen, which moves the cursor back to where the program started.
        if thread::panicking() {
            return;
        }
        // The rest of the buffer must not reach the terminal after it was restored.
        let flushed = self.terminal.backend_mut().flush();
        let restored = restore();
        if let Err(error) = flushed.and(restored) {
            tracing::warn!(%error, "the terminal could not be restored");
        }
    }
}

/// Columns and rows of the terminal, limited to the largest picture.
pub(super) fn size() -> io::Result<(u16, u16)> {
    let (columns, rows) = crossterm::terminal::size()?;
    Ok((columns.min(LARGEST.0), rows.min(LARGEST.1)))
}

/// Reverses [`TerminalGuard::take`]. May be repeated.
fn restore() -> io::Result<()> {
    io::stdout().write_all(MOUSE_OFF)?;
    let written = execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        event::DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    if !signals::in_foreground() {
        // Another job uses the terminal now, and the system would stop this program for setting its modes.
        return written;
    }
    disable_raw_mode().and(written)
}

/// A panic of this thread ends the program: its report needs a usable terminal. A panic in a background task becomes a
/// message; its report goes to the log.
fn restore_on_panic(log: Option<PathBuf>) {
    let ours = thread::current().id();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tracing::error!(%panic, "a fault in the program");
        if thread::current().id() == ours {
            let _ = restore();
            report(panic);
            if let Some(log) = &log {
                let _ = writeln!(
                    io::stderr(),
                    "Every saved entry is kept. The cause is in the log: {}",
                    log.display()
                );
            }
        }
    }));
}
