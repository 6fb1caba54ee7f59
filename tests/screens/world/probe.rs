//! What no picture shows: the state itself, for invariants.

use caltrack_tui::app::{
    Effect, Message, Query, Request,
    dialogs::{Dialog, change::NewValue, form::fields::FIELDS},
    input::text_field::TextField,
    log::{day::Load, rows::Mark},
    session::{SignedOut, Stage},
    shell::{Shell, theme::Theme},
    tab::Tab,
};
use jiff::civil::Date;

use super::{DayLoad, World};
use crate::{entries::Entry, pool::Command};

/// A request of the screens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pending {
    Account(Request, Command),
    SignOut,
    Categories(Request),
    Target(Request),
    Day(DayLoad),
    /// What has no answer.
    Nothing,
}

impl Pending {
    fn of(effect: Effect) -> Self {
        match effect {
            Effect::Account { request, command } => Self::Account(request, command),
            Effect::SignOut { .. } => Self::SignOut,
            Effect::Load { request, query } => match query {
                Query::Categories => Self::Categories(request),
                Query::Settings => Self::Target(request),
                Query::Suggestions(_) => Self::Nothing,
            },
            Effect::WatchDay { date, fresh } => Self::Day(DayLoad { date, fresh }),
            // The first four are orders to the outbox.
            Effect::Save { .. }
            | Effect::Undo(_)
            | Effect::Retry(_)
            | Effect::Drop(_)
            | Effect::Connect
            | Effect::RecallDrafts
            | Effect::LoadNames
            | Effect::WatchTotals
            | Effect::KeepPreferences(_)
            | Effect::ReadDays { .. }
            | Effect::ReadShares { .. }
            | Effect::SaveChanges { .. }
            | Effect::LoadLibrary
            | Effect::CompletePath(_)
            | Effect::ReadImport { .. }
            | Effect::StartImport(_)
            | Effect::StopImport
            | Effect::CopyText(_)
            | Effect::SaveSetting(_)
            | Effect::ListProfiles
            | Effect::RunTask(_)
            | Effect::Search(_)
            | Effect::Suspend
            | Effect::Quit => Self::Nothing,
        }
    }

    /// The number by which the answer is known.
    pub(crate) fn request(&self) -> Option<Request> {
        match self {
            Self::Account(request, _) | Self::Categories(request) | Self::Target(request) => Some(*request),
            Self::Day(_) | Self::SignOut | Self::Nothing => None,
        }
    }
}

/// The texts that are typed in a dialog.
fn texts(dialog: &Dialog) -> Vec<&str> {
    match dialog {
        Dialog::Quick(quick) => vec![quick.field.value()],
        Dialog::Form(form) => FIELDS
            .iter()
            .filter_map(|field| form.fields.text(*field))
            .map(TextField::value)
            .collect(),
        Dialog::Change(change) => match &change.value {
            NewValue::Day(field) => vec![field.value()],
            NewValue::Kind(_) => Vec::new(),
        },
        Dialog::LibraryItem(form) => form.fields.iter().map(|(_, text)| text.value()).collect(),
        Dialog::Library(_)
        | Dialog::Help(_)
        | Dialog::Palette(_)
        | Dialog::Queue(_)
        | Dialog::Repeat(_)
        | Dialog::Tool(_)
        | Dialog::SignOut(_)
        | Dialog::Task(_) => Vec::new(),
        Dialog::Value(value) => vec![value.field.value()],
        Dialog::Import(import) => vec![import.path.value()],
    }
}

fn holds(dialog: &Dialog, text: &str) -> bool {
    texts(dialog).iter().any(|field| field.contains(text))
}

impl World {
    /// What was typed and not logged in another run comes back in this one, by the file.
    pub(crate) fn recall(&mut self, before: &Self) {
        let (sub, drafts) = before.state.drafts().unwrap();
        let stored = serde_json::to_string(&drafts).unwrap();
        let message = Message::Drafts {
            sub: sub.to_owned(),
            drafts: serde_json::from_str(&stored).unwrap(),
        };
        self.send(message);
    }

    /// What every feature uses.
    pub(crate) const fn shell(&self) -> &Shell {
        &self.state.shell
    }

    /// The last effect of the last message.
    pub(crate) fn last_effect(&self) -> Option<&Effect> {
        self.effects.last()
    }

    /// Answers a search.
    pub(crate) fn found(&mut self, text: &str, entries: &[crate::entries::Entry]) -> &mut Self {
        let (sub, _) = self.state.drafts().expect("a user");
        let message = Message::Found {
            sub: sub.to_owned(),
            text: text.to_owned(),
            entries: entries.iter().map(crate::entries::Entry::stored).collect(),
        };
        self.send(message)
    }

    /// Shows the screens in a built-in theme.
    pub(crate) fn in_theme(mut self, name: &str) -> Self {
        let themes = &self.state.shell.themes;
        let named = themes.list().iter().find(|theme| theme.name == name);
        self.state.shell.theme = named.unwrap_or_else(|| panic!("no theme `{name}`")).theme.clone();
        self
    }

    pub(crate) fn set_theme(&mut self, theme: Theme) {
        self.state.shell.theme = theme;
    }

    /// The text of the quick line that is open, however long it is.
    pub(crate) fn draft(&self) -> Option<&str> {
        match self.state.dialogs.last() {
            Some(Dialog::Quick(quick)) => Some(quick.field.value()),
            _ => None,
        }
    }

    /// Takes the requests of the last message.
    pub(crate) fn take_requests(&mut self) -> Vec<Pending> {
        self.effects.drain(..).map(Pending::of).collect()
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.state.session.account().is_some()
    }

    /// Whether a day fills the terminal; dialogs may cover it.
    pub(crate) fn is_on_a_day(&self) -> bool {
        let is_today = self.state.screens.tab == Tab::Today;
        is_today && self.is_signed_in() && self.state.session.form().is_none()
    }

    /// The day on the screen.
    pub(crate) fn date(&self) -> Date {
        self.state.log.day.date
    }

    /// The version of the totals on the screen.
    pub(crate) fn version(&self) -> Option<u64> {
        self.state.log.day.totals.as_ref().map(|totals| totals.version)
    }

    /// The rows, in their order.
    pub(crate) fn listed(&self) -> Vec<Entry> {
        let rows = self.state.log.day.rows.iter();
        rows.map(|row| Entry::of(&row.activity)).collect()
    }

    /// The rows without those that the backend has rejected.
    pub(crate) fn accepted(&self) -> Vec<Entry> {
        let rows = self.state.log.day.rows.iter();
        let rows = rows.filter(|row| row.mark != Mark::Rejected);
        rows.map(|row| Entry::of(&row.activity)).collect()
    }

    /// The number of lines of the list of the day.
    pub(crate) fn line_count(&self) -> usize {
        self.state.screens.today.lines.len()
    }

    pub(crate) fn selected_at(&self) -> usize {
        self.state.screens.today.selected
    }

    pub(crate) fn open_dialogs(&self) -> usize {
        self.state.dialogs.open_count()
    }

    /// Whether a text is in the quick line or the form that has the cursor.
    pub(crate) fn topmost_holds(&self, text: &str) -> bool {
        self.state
            .dialogs
            .last()
            .is_some_and(|dialog| holds(dialog, text))
    }

    /// The texts of the topmost dialog.
    pub(crate) fn typed_texts(&self) -> Vec<&str> {
        self.state.dialogs.last().map(texts).unwrap_or_default()
    }

    /// Whether a text is in a dialog that is open, waits for its turn or is being saved, or in what was left in one.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let dialogs = &self.state.dialogs;
        dialogs.all().any(|dialog| holds(dialog, text))
            || dialogs.left_texts().any(|left| left.contains(text))
    }

    /// What the screens wait for.
    pub(crate) fn waits_for(&self) -> Vec<&'static str> {
        let state = &self.state;
        let is_busy = match &state.session.stage {
            Stage::SignedOut(SignedOut::Start(start)) => start.busy.is_some(),
            Stage::SignedOut(SignedOut::Form(form)) => form.busy.is_some(),
            Stage::SignedIn(_) => state.session.form().is_some_and(|form| form.busy.is_some()),
        };
        let day = &state.log.day;
        let is_saving = day
            .rows
            .iter()
            .any(|row| !matches!(row.mark, Mark::Saved | Mark::Rejected));
        let is_loading = self.is_signed_in() && day.load == Load::Loading;
        [
            (is_busy, "the user pool"),
            (!state.outbox.is_written(), "a save"),
            (state.outbox.queued() > 0, "the queue"),
            (is_saving, "the save of a row"),
            (is_loading, "the day"),
        ]
        .into_iter()
        .filter_map(|(waits, what)| waits.then_some(what))
        .collect()
    }
}
