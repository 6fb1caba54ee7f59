//! The dialogs over the screen: the open ones, and drafts, which are opened again later.

pub mod account_task;
pub mod change;
mod dialog;
pub mod draft;
pub mod form;
pub mod help;
pub mod import;
mod kept;
pub mod palette;
mod part_text;
pub mod queue;
pub mod quick;
pub mod repeat;
pub mod saved;
pub mod saved_form;
pub mod sign_out;
pub mod subject;
pub mod surroundings;
pub mod tools;
pub mod value;

use std::collections::VecDeque;

use caltrack_domain::{Activity, Category, EnergyUnit, LogCommand};
use jiff::{civil::Date, tz::TimeZone};

pub use self::dialog::Dialog;
use self::{
    account_task::TaskDialog,
    dialog::Editor,
    draft::Draft,
    form::Form,
    import::ImportDialog,
    kept::Kept,
    quick::Quick,
    repeat::Repeat,
    surroundings::Surroundings,
    tools::{Tool, search::Search},
};
use super::{
    effect::Effect,
    failure::Failure,
    input::{action::Action, key::Key, keymap::Keymap},
    model::Request,
    reaction::{Pick, Reaction},
};

/// The open dialogs, drafts, and dialogs whose entries are being saved.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dialogs {
    /// The last one is the topmost and takes the keys.
    open: Vec<Dialog>,
    /// Dialogs with typed text that open again once no other dialog is open, the oldest first.
    drafts: VecDeque<Dialog>,
    /// Dialogs whose changes are being saved; they become drafts if that fails.
    submitted: Vec<(Request, Dialog)>,
    kept: Kept,
}

/// What a key did to the dialogs.
#[derive(Debug, PartialEq)]
pub(super) enum Pressed {
    Done,
    /// A dialog has closed, and its changes are to be saved under this number, in place of a rejected row if there is one.
    Submit(Request, Vec<LogCommand>, Option<u64>),
    /// An action is to run.
    Run(Action),
    /// Something was picked.
    Pick(Pick),
    /// An effect is to be performed.
    Perform(Effect),
}

impl Dialogs {
    /// The topmost dialog, which takes the keys.
    pub fn last(&self) -> Option<&Dialog> {
        self.open.last()
    }

    /// The quick line, if it is the topmost dialog.
    pub(super) fn quick_line(&mut self) -> Option<&mut Quick> {
        match self.open.last_mut() {
            Some(Dialog::Quick(quick)) => Some(quick),
            _ => None,
        }
    }

    /// The list of what can be logged again, if it is the topmost dialog.
    pub(super) fn repeat(&mut self) -> Option<&mut Repeat> {
        match self.open.last_mut() {
            Some(Dialog::Repeat(repeat)) => Some(repeat),
            _ => None,
        }
    }

    /// The dialog about the whole account, if it is open.
    pub(super) fn task(&mut self) -> Option<&mut TaskDialog> {
        self.open.iter_mut().find_map(|dialog| match dialog {
            Dialog::Task(task) => Some(task),
            _ => None,
        })
    }

    /// The search, if it is the topmost dialog.
    pub(super) fn search(&mut self) -> Option<&mut Search> {
        match self.open.last_mut() {
            Some(Dialog::Tool(Tool::Search(search))) => Some(search),
            _ => None,
        }
    }

    /// The import, if it is the topmost dialog.
    pub(super) fn import(&mut self) -> Option<&mut ImportDialog> {
        match self.open.last_mut() {
            Some(Dialog::Import(import)) => Some(import),
            _ => None,
        }
    }

    /// Whether no dialog is open.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether the changes of a dialog are being saved.
    pub fn is_saving(&self) -> bool {
        !self.submitted.is_empty()
    }

    /// How many dialogs are open.
    pub fn open_count(&self) -> usize {
        self.open.len()
    }

    /// Every dialog: open, waiting for its turn, submitted, or a line or form that was left.
    pub fn all(&self) -> impl Iterator<Item = &Dialog> {
        let submitted = self.submitted.iter().map(|(_, dialog)| dialog);
        self.open
            .iter()
            .chain(&self.drafts)
            .chain(submitted)
            .chain(self.kept.editors())
    }

    /// The texts that were left in dialogs other than lines and forms.
    pub fn left_texts(&self) -> impl Iterator<Item = &str> {
        self.kept.texts()
    }

    /// What is typed and not saved, the newest last.
    pub fn drafts(&self, zone: &TimeZone) -> Vec<Draft> {
        let submitted = self.submitted.iter().map(|(_, dialog)| dialog);
        let later = self.drafts.iter().chain(submitted).chain(&self.open);
        let later = later.filter_map(|dialog| Draft::of(dialog, zone));
        self.kept.drafts(zone).chain(later).collect()
    }

    /// Takes the drafts of an earlier run; returns the newest.
    pub(super) fn restore(
        &mut self,
        drafts: Vec<Draft>,
        categories: &[Category],
        energy: EnergyUnit,
    ) -> Option<Draft> {
        let newest = drafts.last().cloned();
        self.kept.restore(drafts, categories, energy);
        newest
    }

    /// Opens the line or the form of a new entry that was left last, or `fresh`. A line follows to the day that is shown.
    pub(super) fn open_new(&mut self, date: Date, fresh: impl FnOnce() -> Dialog) {
        let is_new = |dialog: &Dialog| match dialog.editor() {
            Some(Editor::Quick(_)) => true,
            Some(Editor::Form(form)) => form.editing.is_none(),
            None => false,
        };
        let mut dialog = self.kept.take_editor(is_new).unwrap_or_else(fresh);
        if let Dialog::Quick(quick) = &mut dialog {
            quick.date = date;
        }
        self.open(dialog);
    }

    /// Opens the form of an entry that was left, or `fresh`.
    pub(super) fn open_edit(&mut self, id: &str, fresh: impl FnOnce() -> Dialog) {
        let is_same = |dialog: &Dialog| match dialog.editor() {
            Some(Editor::Form(form)) => form.editing.as_ref().is_some_and(|editing| editing.id == id),
            Some(Editor::Quick(_)) | None => false,
        };
        let dialog = self.kept.take_editor(is_same).unwrap_or_else(fresh);
        self.open(dialog);
    }

    /// Opens a dialog, with the texts that were left in the one before.
    pub(super) fn open(&mut self, mut dialog: Dialog) {
        let left = dialog
            .subject()
            .and_then(|subject| self.kept.take_texts(&subject));
        if let Some(texts) = left {
            dialog.fill(&texts);
        }
        self.open.push(dialog);
    }

    /// Gives a key to the topmost dialog.
    pub(super) fn press(&mut self, around: &mut Surroundings<'_>, key: Key) -> Pressed {
        let Some(dialog) = self.open.last_mut() else {
            return Pressed::Done;
        };
        let reaction = dialog.press(around, key);
        let stays = match &reaction {
            Reaction::Stay | Reaction::Perform(_) => true,
            Reaction::Close
            | Reaction::Open(_)
            | Reaction::Submit(_)
            | Reaction::Pick(_)
            | Reaction::Finish(_) => false,
            Reaction::Run(_) => dialog.stays_when_running(),
        };
        let closed = if stays { None } else { self.open.pop() };
        match reaction {
            Reaction::Stay => Pressed::Done,
            Reaction::Close => {
                if let Some(closed) = closed {
                    self.kept.keep(closed, around.shell.now.time_zone());
                }
                Pressed::Done
            }
            Reaction::Open(next) => {
                self.open(next);
                Pressed::Done
            }
            Reaction::Submit(commands) => {
                let request = around.shell.request();
                let replaces = closed.as_ref().and_then(Dialog::replaces);
                self.submitted.extend(closed.map(|dialog| (request, dialog)));
                Pressed::Submit(request, commands, replaces)
            }
            Reaction::Run(action) => Pressed::Run(action),
            Reaction::Pick(pick) => Pressed::Pick(pick),
            Reaction::Finish(mut effect) => {
                if let Effect::SaveChanges { request, .. } = &mut effect {
                    let number = around.shell.request();
                    *request = Some(number);
                    self.submitted.extend(closed.map(|dialog| (number, dialog)));
                }
                Pressed::Perform(effect)
            }
            Reaction::Perform(effect) => Pressed::Perform(effect),
        }
    }

    /// Gives a pasted text to the topmost dialog; an effect may follow.
    pub(super) fn paste(&mut self, text: &str) -> Option<Effect> {
        self.open.last_mut()?.paste(text)
    }

    /// Opens the oldest draft, unless another dialog is open.
    pub(super) fn reopen(&mut self) {
        if self.open.is_empty() {
            self.open.extend(self.drafts.pop_front());
        }
    }

    /// The changes of a submitted dialog are in the outbox.
    pub(super) fn written(&mut self, request: Request) {
        self.submitted.retain(|(submitted, _)| *submitted != request);
    }

    /// The save of a submitted dialog has failed: it becomes a draft. Returns whether `request` was one.
    pub(super) fn failed(&mut self, request: Request, failure: &Failure, keymap: &Keymap) -> bool {
        let Some(at) = self
            .submitted
            .iter()
            .position(|(submitted, _)| *submitted == request)
        else {
            return false;
        };
        let (_, mut dialog) = self.submitted.remove(at);
        dialog.fail(failure, keymap);
        self.drafts.push_back(dialog);
        true
    }

    /// The session has ended: typed texts wait for the same user to come back. What is submitted is in the outbox in a moment.
    pub(super) fn put_aside(&mut self) {
        let open = self.open.drain(..).filter(Dialog::is_draft);
        self.drafts.extend(open);
    }

    /// Closes every dialog; drafts stay.
    pub(super) fn close(&mut self) {
        self.open.clear();
    }

    /// Forgets everything: another user has signed in.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Open forms follow what other clients changed of their entry. `newest` returns the newest version of an entry.
    pub(super) fn rebase<'a>(
        &mut self,
        newest: impl Fn(&str) -> Option<&'a Activity>,
        categories: &[Category],
        zone: &TimeZone,
        confirm: &str,
    ) {
        for form in self.forms() {
            let found = form.editing.as_ref().and_then(|editing| newest(&editing.id));
            if let Some(newest) = found {
                form.rebase(newest, categories, zone, confirm);
            }
        }
    }

    /// Open forms offer other categories.
    pub(super) fn learn_categories(&mut self, categories: &[Category]) {
        for form in self.forms() {
            form.fields.learn(categories);
        }
    }

    fn forms(&mut self) -> impl Iterator<Item = &mut Form> {
        self.open
            .iter_mut()
            .chain(&mut self.drafts)
            .chain(self.kept.editors_mut())
            .filter_map(|dialog| match dialog {
                Dialog::Form(form) => Some(&mut **form),
                Dialog::Quick(_)
                | Dialog::Change(_)
                | Dialog::Help(_)
                | Dialog::Import(_)
                | Dialog::Library(_)
                | Dialog::LibraryItem(_)
                | Dialog::Palette(_)
                | Dialog::Queue(_)
                | Dialog::Repeat(_)
                | Dialog::Tool(_)
                | Dialog::Value(_)
                | Dialog::SignOut(_)
                | Dialog::Task(_) => None,
            })
    }
}
