//! What users can do: [`Action`]s, which the command palette offers too, and the [`Control`]s of forms and lists.

use strum::{IntoStaticStr, VariantArray};

/// Something that a user can do, in the order of the command palette. Keys are bound to actions in a
/// [`super::keymap::Keymap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Action {
    /// Open the quick line.
    Add,
    /// Open the form of a new entry, filled with what the quick line holds.
    AddByForm,
    /// Log the selected entry again, now.
    #[strum(serialize = "relog")]
    LogAgain,
    /// Open the list of meals and days that can be logged again.
    Repeat,
    /// Mark the selected entry, or take its mark off.
    Mark,
    /// Copy the marked entries, or the selected one.
    Copy,
    /// Copy every entry of the shown day.
    CopyDay,
    /// Log the copied entries on the shown day.
    Paste,
    /// Move the marked entries, or the selected one, to another day.
    MoveTo,
    /// Give the marked entries, or the selected one, another type.
    ChangeType,
    /// Make the selected entry's name a favourite, or no longer one.
    Favourite,
    /// Make a recipe of the marked entries, or of the selected one.
    MakeRecipe,
    /// Open the library: favourites, own foods and recipes.
    Library,
    /// Save a food with own figures.
    NewFood,
    /// Edit the selected entry.
    Edit,
    /// Delete the selected entry.
    Delete,
    /// Undo the last change.
    Undo,
    /// Make the change that was undone last again.
    Redo,
    /// Show the previous day.
    PreviousDay,
    /// Show the next day.
    NextDay,
    /// Show the day of the clock.
    GoToToday,
    /// Change the order of the list: by type or by time.
    ChangeOrder,
    /// Show what is left of the week, or hide it.
    ShowWeek,
    /// Show the Today screen.
    ShowToday,
    /// Show the History screen.
    ShowHistory,
    /// Show the Trends screen.
    ShowTrends,
    /// Show the Suggestions screen.
    ShowSuggestions,
    /// Show the Profile screen.
    ShowProfile,
    /// Note a weight for the day that is shown or selected.
    NoteWeight,
    /// Log the selected suggestion.
    LogSuggestion,
    /// Suggest foods with less sugar.
    LessSugar,
    /// Suggest foods with more sugar.
    MoreSugar,
    /// Change the selected value of the profile.
    EditSetting,
    /// Take the proposed target from today on.
    AcceptProposal,
    /// Show the selected day of the history.
    OpenDay,
    /// Show fewer days of the trends.
    ShorterRange,
    /// Show more days of the trends.
    LongerRange,
    /// Change between the trends' charts and their table.
    ChartOrTable,
    /// Search every entry ever logged.
    Search,
    /// Go to a day that is typed.
    Jump,
    /// Choose a theme.
    ChooseTheme,
    /// Change the settings of the screens.
    ScreenSettings,
    /// Import a file of another tracker, or of this program.
    Import,
    /// Show what the screens can do.
    Tour,
    /// Take the mouse, or leave it to the terminal.
    Mouse,
    /// Query everything on the screen again.
    Refresh,
    /// Open the list of what waits for the backend.
    Queue,
    /// Open the list of keys.
    Help,
    /// End the session on this computer.
    SignOut,
    /// End every session of the account.
    SignOutEverywhere,
    /// Open the form for another password.
    ChangePassword,
    /// Set up an authenticator.
    SetUpAuthenticator,
    /// Turn off two-step sign-in.
    TurnOffTwoStep,
    /// Copy the log to the account of another profile.
    MoveToCloud,
    /// Delete the account with everything that it has.
    DeleteAccount,
    /// Leave the terminal to the shell for a while.
    Suspend,
    /// End the program, after saves in flight.
    Quit,
    /// Open the selected entry.
    Open,
    /// Open the sign-in form.
    SignIn,
    /// Open the form for a new account.
    SignUp,
    /// Open the form for a forgotten password.
    ResetPassword,
    /// Send another confirmation code.
    ResendCode,
    /// Open the command palette.
    Palette,
    /// Send the selected row of the queue again.
    Retry,
    /// Drop the selected row of the queue.
    Drop,
    /// Remove the selected item of the library.
    RemoveSaved,
}

impl Action {
    /// Its name in the help and the command palette.
    pub const fn title(self) -> &'static str {
        match self {
            Self::SignIn => "Sign in",
            Self::SignUp => "Create an account",
            Self::ResetPassword => "Forgotten password",
            Self::ResendCode => "Send another code",
            Self::Add => "Add an entry by one line",
            Self::AddByForm => "Add an entry by the form",
            Self::Open => "Open the selected entry",
            Self::LogAgain => "Log the selected entry again",
            Self::Repeat => "Repeat a meal or a day",
            Self::Favourite => "Favourite or no longer one",
            Self::MakeRecipe => "Make a recipe of marked entries",
            Self::Library => "Library: own foods, recipes, favourites",
            Self::NewFood => "New own food",
            Self::RemoveSaved => "Remove it",
            Self::Mark => "Mark the selected entry",
            Self::Copy => "Copy entries",
            Self::CopyDay => "Copy the whole day",
            Self::Paste => "Paste the copied entries",
            Self::MoveTo => "Move entries to another day",
            Self::ChangeType => "Change the type of entries",
            Self::Edit => "Edit the selected entry",
            Self::Delete => "Delete the selected entry",
            Self::Undo => "Undo the last change",
            Self::Redo => "Redo the last undone change",
            Self::PreviousDay => "Previous day",
            Self::NextDay => "Next day",
            Self::GoToToday => "Go to today",
            Self::ChangeOrder => "Order by type or by time",
            Self::ShowWeek => "Show or hide what is left of the week",
            Self::ShowToday => "Today",
            Self::ShowHistory => "History",
            Self::ShowTrends => "Trends",
            Self::ShowSuggestions => "Suggestions",
            Self::ShowProfile => "Profile",
            Self::NoteWeight => "Note a weight",
            Self::LogSuggestion => "Log the selected suggestion",
            Self::LessSugar => "Less sugar",
            Self::MoreSugar => "More sugar",
            Self::EditSetting => "Change the selected value",
            Self::AcceptProposal => "Take the proposed target",
            Self::OpenDay => "Open the selected day",
            Self::ShorterRange => "Shorter range",
            Self::LongerRange => "Longer range",
            Self::ChartOrTable => "Chart or table",
            Self::Search => "Search every entry",
            Self::Jump => "Go to a day",
            Self::ChooseTheme => "Choose a theme",
            Self::ScreenSettings => "Settings of the screens",
            Self::Import => "Import a file of another tracker",
            Self::Tour => "Tour",
            Self::Mouse => "Mouse on or off",
            Self::Refresh => "Refresh",
            Self::Queue => "Queue",
            Self::Retry => "Send it again",
            Self::Drop => "Drop it",
            Self::Help => "Help",
            Self::SignOut => "Sign out",
            Self::SignOutEverywhere => "Sign out everywhere",
            Self::ChangePassword => "Change the password",
            Self::SetUpAuthenticator => "Set up an authenticator",
            Self::TurnOffTwoStep => "Turn off two-step sign-in",
            Self::MoveToCloud => "Move to the cloud: copy to another profile",
            Self::DeleteAccount => "Delete the account and all data",
            Self::Suspend => "Suspend",
            Self::Quit => "Quit",
            Self::Palette => "Command palette",
        }
    }
}

impl Action {
    /// Other words by which the command palette finds it.
    pub(in crate::app) const fn other_words(self) -> &'static str {
        match self {
            Self::Add => "log new eat food drink exercise",
            Self::LogAgain => "copy again",
            Self::Repeat => "yesterday usual",
            Self::Mark => "select",
            Self::Paste => "insert",
            Self::MakeRecipe => "meal dish",
            Self::Library => "food favourites",
            Self::NewFood => "custom create",
            Self::Edit | Self::EditSetting => "change correct",
            Self::Delete => "remove",
            Self::PreviousDay => "yesterday back",
            Self::NextDay => "tomorrow",
            Self::ChangeOrder => "sort group",
            Self::ShowWeek => "budget",
            Self::ShowHistory => "calendar month days",
            Self::ShowTrends => "chart graph statistics weight expenditure",
            Self::ShowSuggestions => "ideas bmi",
            Self::ShowProfile => {
                "target goal calories macros protein height sex age time zone bmi calculator"
            }
            Self::NoteWeight => "scale kg lb",
            Self::AcceptProposal => "target goal",
            Self::Search => "find",
            Self::Jump => "date calendar",
            Self::ChooseTheme => "colours colors dark light appearance",
            Self::ScreenSettings => "units kj kcal energy metric imperial preferences options week braille",
            Self::Import => "csv myfitnesspal cronometer restore",
            Self::Tour => "introduction help",
            Self::Refresh => "reload sync",
            Self::Queue => "outbox sync rejected waiting pending",
            Self::Help => "keys shortcuts",
            Self::SignOut => "logout log out",
            Self::SetUpAuthenticator => "two-step 2fa totp mfa",
            Self::MoveToCloud => "aws copy sync",
            Self::Quit => "exit close",
            _ => "",
        }
    }
}

/// What a key does inside a form, a list or a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    /// Move the selection, or scroll.
    Move(Motion),
    /// Go to the next field.
    NextField,
    /// Go to the previous field.
    PreviousField,
    /// Take what is selected or typed.
    Confirm,
    /// Leave the dialog or the form.
    Back,
}

impl Control {
    /// Every control, in the order of the help.
    pub(super) fn all() -> impl Iterator<Item = Self> + Clone {
        let others = [Self::NextField, Self::PreviousField, Self::Confirm, Self::Back];
        Motion::VARIANTS.iter().copied().map(Self::Move).chain(others)
    }

    /// Its name in `config.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Move(motion) => motion.into(),
            Self::NextField => "next-field",
            Self::PreviousField => "previous-field",
            Self::Confirm => "confirm",
            Self::Back => "back",
        }
    }

    /// Its name in the help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Move(motion) => motion.title(),
            Self::NextField => "Next field",
            Self::PreviousField => "Previous field",
            Self::Confirm => "Confirm",
            Self::Back => "Back",
        }
    }
}

/// A move in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Motion {
    /// To the previous line.
    Up,
    /// To the next line.
    Down,
    /// One page towards the start.
    PageUp,
    /// One page towards the end.
    PageDown,
    /// To the first line.
    First,
    /// To the last line.
    Last,
}

impl Motion {
    /// The line that the move leads to from line `at`, where a page has `page` lines and the last line is `last`.
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
