//! Where keys apply, and which actions are available there.

use strum::VariantArray;

use super::action::Action;
use crate::app::tab::Tab;

/// The receiver of keys: the topmost dialog, or the screen where none is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Every context; other contexts take precedence.
    Global,
    /// The first screen of a signed-out user.
    Start,
    /// A form about the account.
    Account,
    /// A screen of a signed-in user.
    Tab(Tab),
    /// The line that logs an entry.
    Quick,
    /// A list in the form.
    Picker,
    /// A text in the form.
    Text,
    /// The list of keys.
    Help,
    /// The list of actions.
    Palette,
    /// The list of what waits for the backend.
    Queue,
    /// The list of meals and days that can be logged again.
    Repeat,
    /// The list of the library's items.
    Library,
    /// The form of an item of the library.
    LibraryItem,
    /// The question for the day that entries move to.
    MoveTo,
    /// The list of types that entries can get.
    ChangeType,
    /// The words of a search.
    Search,
    /// What a search has found.
    Found,
    /// The day to go to.
    Jump,
    /// The list of themes.
    Themes,
    /// The settings of the screens.
    Settings,
    /// A page of the tour.
    Tour,
    /// The path of a file to import.
    ImportFile,
    /// An import after its file is chosen.
    Import,
    /// The line for a value of the profile, or for a weight.
    Value,
    /// The question before a sign-out.
    SignOut,
    /// What is done with the whole account.
    WholeAccount,
}

impl Context {
    /// Every context, in the order of the help.
    pub fn all() -> impl Iterator<Item = Self> {
        let dialogs = [
            Self::Quick,
            Self::Picker,
            Self::Text,
            Self::Palette,
            Self::Help,
            Self::Queue,
            Self::Repeat,
            Self::Library,
            Self::LibraryItem,
            Self::MoveTo,
            Self::ChangeType,
            Self::Search,
            Self::Found,
            Self::Jump,
            Self::Themes,
            Self::Settings,
            Self::Tour,
            Self::ImportFile,
            Self::Import,
            Self::Value,
            Self::SignOut,
            Self::WholeAccount,
        ];
        let tabs = Tab::VARIANTS.iter().map(|tab| Self::Tab(*tab));
        tabs.chain(dialogs)
            .chain([Self::Start, Self::Account, Self::Global])
    }

    /// Its heading in the help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::Start => "Start",
            Self::Account => "Account",
            Self::Tab(tab) => tab.title(),
            Self::Quick => "Quick line",
            Self::Picker => "Form: lists",
            Self::Text => "Form: texts",
            Self::Help => "Help",
            Self::Palette => "Commands",
            Self::Queue => "Queue",
            Self::Repeat => "Repeat",
            Self::Library => "Library",
            Self::LibraryItem => "Library: an item",
            Self::MoveTo => "Move entries",
            Self::ChangeType => "Change the type",
            Self::Search => "Search",
            Self::Found => "Found",
            Self::Jump => "Go to a day",
            Self::Themes => "Themes",
            Self::Settings => "Settings",
            Self::Tour => "Tour",
            Self::ImportFile => "Import: the file",
            Self::Import => "Import",
            Self::Value => "Value",
            Self::SignOut => "Sign out",
            Self::WholeAccount => "Whole account",
        }
    }
}

impl Context {
    /// Its section of `[keys]` in `config.toml`: its title in small letters, with hyphens.
    pub fn section(self) -> String {
        let words = self.title().split(|c: char| !c.is_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        words.join("-").to_lowercase()
    }

    /// Whether characters are typed as a text there, so that they can't be keys.
    pub(super) const fn takes_text(self) -> bool {
        matches!(
            self,
            Self::Quick
                | Self::Picker
                | Self::Text
                | Self::Palette
                | Self::Search
                | Self::Jump
                | Self::ImportFile
                | Self::Value
                | Self::WholeAccount
                | Self::LibraryItem
                | Self::MoveTo
                | Self::ChangeType
                | Self::Account
        )
    }
}

impl Action {
    /// Whether the action makes sense in a context. The command palette offers, and keys run, only what is available.
    pub const fn available_in(self, context: Context) -> bool {
        match self {
            Self::Quit | Self::Suspend | Self::Help => true,
            Self::SignIn | Self::SignUp | Self::ResetPassword => matches!(context, Context::Start),
            Self::ResendCode => matches!(context, Context::Account),
            Self::AddByForm => matches!(context, Context::Tab(Tab::Today) | Context::Quick),
            Self::Open
            | Self::Repeat
            | Self::Mark
            | Self::Favourite
            | Self::MakeRecipe
            | Self::Copy
            | Self::Paste
            | Self::MoveTo
            | Self::ChangeType
            | Self::Edit
            | Self::Delete
            | Self::ChangeOrder
            | Self::ShowWeek
            | Self::PreviousDay
            | Self::NextDay => matches!(context, Context::Tab(Tab::Today)),
            Self::GoToToday | Self::CopyDay => matches!(context, Context::Tab(Tab::Today | Tab::History)),
            Self::LogSuggestion | Self::LessSugar | Self::MoreSugar => {
                matches!(context, Context::Tab(Tab::Suggestions))
            }
            Self::EditSetting | Self::AcceptProposal => matches!(context, Context::Tab(Tab::Profile)),
            Self::OpenDay => matches!(context, Context::Tab(Tab::History)),
            Self::ShorterRange | Self::LongerRange | Self::ChartOrTable => {
                matches!(context, Context::Tab(Tab::Trends))
            }
            Self::LogAgain => matches!(
                context,
                Context::Tab(Tab::Today) | Context::Found | Context::Library
            ),
            Self::Search => matches!(context, Context::Tab(_) | Context::Found),
            Self::NewFood => matches!(context, Context::Tab(_) | Context::Library),
            Self::RemoveSaved => matches!(context, Context::Library),
            Self::Retry | Self::Drop => matches!(context, Context::Queue),
            Self::Add
            | Self::Undo
            | Self::Redo
            | Self::Jump
            | Self::ChooseTheme
            | Self::ScreenSettings
            | Self::Import
            | Self::Tour
            | Self::ShowToday
            | Self::ShowHistory
            | Self::ShowTrends
            | Self::ShowSuggestions
            | Self::ShowProfile
            | Self::NoteWeight
            | Self::Mouse
            | Self::Refresh
            | Self::Queue
            | Self::Library
            | Self::SignOut
            | Self::SignOutEverywhere
            | Self::ChangePassword
            | Self::SetUpAuthenticator
            | Self::TurnOffTwoStep
            | Self::MoveToCloud
            | Self::DeleteAccount
            | Self::Palette => matches!(context, Context::Tab(_)),
        }
    }
}
