//! The whole state of the screens.

use caltrack_domain::{Category, DailyTotals};
use jiff::{Timestamp, Zoned};

use super::{
    Account, Connection, Day, Effect, Failure, Request, Target,
    account::form::AccountForm,
    dialog::Dialog,
    ids::Ids,
    keymap::Context,
    overlay::Overlay,
    rows,
    save::{Save, Waiting},
    start::Start,
    today::{self, Today},
    undo::Change,
};

/// What the runtime knows before the first frame, without asking any backend.
#[derive(Debug, Clone, PartialEq)]
pub struct Startup {
    /// Now, in the user's time zone.
    pub now: Zoned,
    /// The terminal's columns and rows.
    pub size: (u16, u16),
    /// Whether colours may be used (not under `NO_COLOR`).
    pub color: bool,
    /// The profile's name.
    pub profile: String,
    /// Whether the profile carries the backend in the box, and so an account on this computer.
    pub starts_here: bool,
    /// Who was signed in when the program last ended.
    pub account: Option<Account>,
    /// The day of `now` as last seen by that account.
    pub day: Option<Day>,
    /// The categories as last seen.
    pub categories: Vec<Category>,
    /// When they were fetched.
    pub categories_at: Option<Timestamp>,
    /// The target as last seen.
    pub target: Option<Target>,
    /// Fresh random bytes: the ids of new entries follow from them and the time.
    pub seed: [u8; 32],
}

/// What fills the terminal under the dialogs.
#[derive(Debug, Clone, PartialEq)]
pub enum Screen {
    /// Nobody is signed in.
    Start(Start),
    /// A form about the account.
    Account(AccountForm),
    /// A day and its entries.
    Today,
}

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// It worked.
    Good,
    /// It didn't.
    Problem,
}

/// A line that the next key takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// The whole state of the screens.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Now, in the user's time zone.
    pub now: Zoned,
    /// The terminal's columns and rows.
    pub size: (u16, u16),
    /// Whether colours may be used.
    pub color: bool,
    /// The profile's name.
    pub profile: String,
    /// Whether the profile carries an account on this computer.
    pub starts_here: bool,
    /// What fills the terminal.
    pub screen: Screen,
    /// What lies over it; the last one is the topmost and owns the keys.
    pub dialogs: Vec<Dialog>,
    /// Lines and forms whose save failed while another dialog was open: they open next.
    pub drafts: Vec<Dialog>,
    /// Who is signed in.
    pub account: Option<Account>,
    /// The badge.
    pub connection: Connection,
    /// The categories, as last seen.
    pub categories: Vec<Category>,
    /// When they were last fetched.
    pub categories_at: Option<Timestamp>,
    /// Why the categories could not be loaded.
    pub categories_failure: Option<Failure>,
    /// What the budget follows from.
    pub target: Target,
    /// The day on the screen.
    pub today: Today,
    /// Saves that wait for their answer.
    pub saves: Vec<Save>,
    /// Acknowledged changes, the last one last.
    pub history: Vec<Change>,
    /// A line that the next key takes away.
    pub notice: Option<Notice>,
    /// What follows the saves under way.
    pub waiting: Option<Waiting>,
    /// What is known beyond the last list.
    pub(super) overlay: Overlay,
    /// Whose drafts, history and overlay these are.
    pub(super) owner: Option<String>,
    pub(super) target_request: Request,
    /// What the user pool was asked without a form.
    pub(super) account_request: Option<Request>,
    ids: Ids,
    requests: u64,
}

impl State {
    /// The state of the first frame, and the first effects.
    pub fn new(startup: Startup) -> (Self, Vec<Effect>) {
        let date = startup.now.date();
        let mut state = Self {
            size: startup.size,
            color: startup.color,
            profile: startup.profile,
            starts_here: startup.starts_here,
            screen: Screen::Start(Start::default()),
            dialogs: Vec::new(),
            drafts: Vec::new(),
            owner: None,
            account: None,
            connection: Connection::Connecting,
            categories: startup.categories,
            categories_at: startup.categories_at,
            categories_failure: None,
            target: startup.target.unwrap_or_default(),
            today: Today::new(date),
            saves: Vec::new(),
            history: Vec::new(),
            notice: None,
            waiting: None,
            overlay: Overlay::default(),
            target_request: Request::default(),
            account_request: None,
            ids: Ids::new(startup.seed),
            requests: 0,
            now: startup.now,
        };
        let effects = match startup.account {
            Some(account) => {
                let effects = super::account::enter(&mut state, account);
                if let Some(day) = startup.day {
                    today::remember(&mut state, day);
                }
                effects
            }
            None => Vec::new(),
        };
        (state, effects)
    }

    /// Who owns the keys.
    pub fn context(&self) -> Context {
        match (self.dialogs.last(), &self.screen) {
            (Some(dialog), _) => dialog.context(),
            (None, Screen::Start(_)) => Context::Start,
            (None, Screen::Account(_)) => Context::Account,
            (None, Screen::Today) => Context::Today,
        }
    }

    /// The totals of the day on the screen, as the backend last counted them.
    pub fn totals(&self) -> Option<&DailyTotals> {
        self.today.totals.as_ref()
    }

    pub(super) fn request(&mut self) -> Request {
        self.requests += 1;
        Request(self.requests)
    }

    pub(super) fn mint(&mut self) -> String {
        self.ids.mint(self.now.timestamp())
    }

    pub(super) fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.notice = Some(Notice {
            tone,
            text: text.into(),
        });
    }

    /// To be called after whatever changes the day's rows.
    pub(super) fn rebuild_rows(&mut self) {
        rows::rebuild(self);
    }
}
