//! The whole state of the screens: the states of the features.

use caltrack_domain::{Category, Display};
use jiff::{Timestamp, Zoned};

use super::{
    catalog::Catalog,
    clipboard::Clipboard,
    dialogs::{Dialogs, draft::Draft},
    input::keymap::Keymap,
    library::Saved,
    log::Log,
    model::{Account, DayCopy, Settings},
    names::Names,
    outbox::Outbox,
    overview::Overview,
    preferences::Preferences,
    profile::UserProfile,
    screens::Screens,
    session::Session,
    shares::Shares,
    shell::{
        Shell,
        theme::{Theme, Themes},
    },
};

/// What the runtime knows before the first frame, without querying any backend.
#[derive(Debug, Clone, PartialEq)]
pub struct Startup {
    /// The time, in the computer's zone.
    pub now: Zoned,
    /// The terminal's columns and rows.
    pub size: (u16, u16),
    /// How the screens look.
    pub theme: Theme,
    /// The themes that can be chosen.
    pub themes: Themes,
    /// Whether the terminal shows ASCII alone.
    pub is_ascii: bool,
    /// How the screens show things.
    pub display: Display,
    /// What the keys do.
    pub keymap: Keymap,
    /// The name of the profile in use.
    pub profile: String,
    /// Whether the log is invented, and thrown away when the screens are closed.
    pub is_demo: bool,
    /// Whether the profile has an account on this computer, and so the backend in the box.
    pub has_local_account: bool,
    /// The user who was signed in when the program last ended.
    pub account: Option<Account>,
    /// The day of `now` as that user last saw it.
    pub day: Option<DayCopy>,
    /// The categories as last seen.
    pub categories: Vec<Category>,
    /// When they were fetched.
    pub categories_at: Option<Timestamp>,
    /// What the profile decided, as last seen.
    pub settings: Settings,
    /// What the user prefers to see.
    pub preferences: Preferences,
    /// Fresh random bytes: the ids of new entries follow from them and the time.
    pub seed: [u8; 32],
}

/// The whole state of the screens.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The clock, the terminal's size, keys, theme and notices.
    pub shell: Shell,
    /// Who is signed in, and the forms about the account.
    pub session: Session,
    /// The categories and their types, as last fetched.
    pub catalog: Catalog,
    /// The entries and totals.
    pub log: Log,
    /// The totals of all days.
    pub overview: Overview,
    /// The kcal of each type, for the trends.
    pub shares: Shares,
    /// The changes on their way to the backend.
    pub outbox: Outbox,
    /// The names of the log, for the quick line.
    pub names: Names,
    /// The profile.
    pub profile: UserProfile,
    /// Favourites, own foods and recipes.
    pub saved: Saved,
    /// The entries that were copied.
    pub clipboard: Clipboard,
    /// What lies over the screen.
    pub dialogs: Dialogs,
    /// The screens of a signed-in user.
    pub screens: Screens,
}

impl State {
    /// What the signed-in user, or the one before, has typed and not logged, with the `sub` of that user.
    pub fn drafts(&self) -> Option<(&str, Vec<Draft>)> {
        let owner = self.session.owner()?;
        Some((owner, self.dialogs.drafts(self.shell.now.time_zone())))
    }

    /// The state of a signed-out user. [`super::start`] signs in the user of the last session.
    pub(super) fn new(startup: &Startup) -> Self {
        let profile = (startup.profile.clone(), startup.has_local_account);
        let mut shell = Shell::new(
            startup.now.clone(),
            startup.size,
            startup.theme.clone(),
            profile,
            startup.seed,
        );
        shell.is_demo = startup.is_demo;
        shell.themes = startup.themes.clone();
        shell.is_ascii = startup.is_ascii;
        shell.display = startup.display.clone();
        shell.keymap = startup.keymap.clone().shown_in(startup.is_ascii);
        shell.set_clock(startup.settings.clock.clone());
        shell.preferences = startup.preferences;
        let log = Log::new(shell.today(), &startup.settings);
        Self {
            shell,
            session: Session::new(),
            catalog: Catalog::new(startup.categories.clone(), startup.categories_at),
            log,
            overview: Overview::default(),
            shares: Shares::default(),
            outbox: Outbox::default(),
            names: Names::default(),
            profile: UserProfile::new(startup.settings.profile.clone()),
            saved: Saved::default(),
            clipboard: Clipboard::default(),
            dialogs: Dialogs::default(),
            screens: Screens::default(),
        }
    }
}
