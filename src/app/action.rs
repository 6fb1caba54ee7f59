//! What keys and the command palette can ask for.

/// Something a user can do. Keys are bound to actions in [`super::keymap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Make or open the account on this computer.
    StartHere,
    /// Open the sign-in form.
    OpenSignIn,
    /// Open the form for a new account.
    OpenSignUp,
    /// Open the form for a forgotten password.
    OpenForgot,
    /// Have another code sent.
    Resend,
    /// Open the form for another password.
    ChangePassword,
    /// Set up an authenticator.
    SetUpAuthenticator,
    /// Sign in without an authenticator again.
    DropAuthenticator,
    /// End every session of the account.
    SignOutEverywhere,
    /// End the session.
    SignOut,
    /// Open the quick line.
    Add,
    /// Open the form.
    OpenForm,
    /// Open the selected entry.
    Open,
    /// Edit the selected entry.
    Edit,
    /// Delete the selected entry.
    Delete,
    /// Take back the last change.
    Undo,
    /// Show the day before.
    PreviousDay,
    /// Show the day after.
    NextDay,
    /// Show today.
    Today,
    /// Ask the backend again.
    Refresh,
    /// Move the selection, or scroll.
    Move(Motion),
    /// To the next field.
    NextField,
    /// To the field before.
    PreviousField,
    /// Take what is selected or typed.
    Confirm,
    /// Leave the dialog.
    Back,
    /// Open the help.
    Help,
    /// Open the command palette.
    Palette,
    /// Give the terminal back to the shell for a while.
    Suspend,
    /// End the program.
    Quit,
}

impl Action {
    /// What it does, for the help and the command palette.
    pub const fn title(self) -> &'static str {
        match self {
            Self::StartHere => "Start on this computer",
            Self::OpenSignIn => "Sign in",
            Self::OpenSignUp => "Create an account",
            Self::OpenForgot => "Forgotten password",
            Self::Resend => "Send another code",
            Self::ChangePassword => "Change the password",
            Self::SetUpAuthenticator => "Set up an authenticator",
            Self::DropAuthenticator => "Sign in without an authenticator",
            Self::SignOutEverywhere => "Sign out everywhere",
            Self::SignOut => "Sign out",
            Self::Add => "Add an entry by one line",
            Self::OpenForm => "Add an entry by the form",
            Self::Open => "Open the selected entry",
            Self::Edit => "Edit the selected entry",
            Self::Delete => "Delete the selected entry",
            Self::Undo => "Undo the last change",
            Self::PreviousDay => "Previous day",
            Self::NextDay => "Next day",
            Self::Today => "Go to today",
            Self::Refresh => "Ask the backend again",
            Self::Move(motion) => motion.title(),
            Self::NextField => "Next field",
            Self::PreviousField => "Previous field",
            Self::Confirm => "Confirm",
            Self::Back => "Back",
            Self::Help => "Help",
            Self::Palette => "Command palette",
            Self::Suspend => "Suspend",
            Self::Quit => "Quit",
        }
    }
}

/// A move in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Motion {
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first line.
    First,
    /// To the last line.
    Last,
}

impl Motion {
    /// Where it leads from line `at`, when a page has `page` lines and the last line is `last`.
    pub fn from(self, at: usize, page: usize, last: usize) -> usize {
        let at = at.min(last);
        match self {
            Self::Up => at.saturating_sub(1),
            Self::Down => at.saturating_add(1).min(last),
            Self::PageUp => at.saturating_sub(page),
            Self::PageDown => at.saturating_add(page).min(last),
            Self::First => 0,
            Self::Last => last,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Up => "Up",
            Self::Down => "Down",
            Self::PageUp => "Page up",
            Self::PageDown => "Page down",
            Self::First => "To the first",
            Self::Last => "To the last",
        }
    }
}
