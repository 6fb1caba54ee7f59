//! The screens of a signed-in user, one for each [`Tab`].

pub mod history;
pub mod profile;
pub mod suggestions;
pub mod today;
pub mod trends;
pub mod usual;

use jiff::civil::Date;

use self::{
    history::{Days, History},
    profile::ProfileScreen,
    suggestions::Suggestions,
    today::Today,
    trends::Trends,
    usual::Usual,
};
use super::{input::action::Control, log::rows::Row, tab::Tab};

/// The states of the screens, and which one is shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Screens {
    /// The screen that is shown.
    pub tab: Tab,
    /// The state of the Today screen.
    pub today: Today,
    /// What is usual at this hour.
    pub usual: Usual,
    /// The state of the History screen.
    pub history: History,
    /// The state of the Trends screen.
    pub trends: Trends,
    /// The state of the Suggestions screen.
    pub suggestions: Suggestions,
    /// The state of the Profile screen.
    pub profile: ProfileScreen,
}

/// What lists have, for the keys that move in them.
pub(super) struct Lists<'a> {
    /// The rows of the shown day.
    pub(super) rows: &'a [Row],
    /// The days of the history.
    pub(super) days: Days,
    /// The user's day.
    pub(super) today: Date,
    /// The number of rows that a page key moves.
    pub(super) page: usize,
}

impl Screens {
    /// Takes a control key on the screen that is shown.
    pub(super) fn control(&mut self, control: Control, lists: &Lists<'_>) {
        let page = lists.page;
        match (self.tab, control) {
            (Tab::Today, Control::Move(motion)) => self.today.move_by(motion, page, lists.rows),
            (Tab::History, Control::Move(motion)) => {
                self.history.move_by(motion, page, lists.days, lists.today);
            }
            (Tab::Trends, Control::Move(motion)) => self.trends.move_by(motion, page),
            (Tab::Today, Control::Back) => self.today.unmark_all(),
            (Tab::Suggestions, Control::Move(motion)) => self.suggestions.move_by(motion, page),
            (Tab::Profile, Control::Move(motion)) => self.profile.move_by(motion, page),
            (Tab::History | Tab::Trends | Tab::Suggestions | Tab::Profile, Control::Back) => {
                self.tab = Tab::Today;
            }
            (_, Control::NextField | Control::PreviousField | Control::Confirm) => {}
        }
    }
}
