//! The dialogs over the screen: the open ones, and drafts, which are opened again later.

pub mod form;
pub mod help;
pub mod palette;
pub mod quick;
pub mod surroundings;

use std::collections::VecDeque;

use caltrack_domain::{Activity, Category, LogCommand};
use jiff::tz::TimeZone;

use self::{form::Form, help::Help, palette::Palette, quick::Quick, surroundings::Surroundings};
use super::{
    effect::Effect,
    failure::Failure,
    input::{action::Action, context::Context, key::Key, keymap::Keymap},
    model::Request,
    reaction::Reaction,
};

/// A dialog over the screen.
#[derive(Debug, Clone, PartialEq)]
pub enum Dialog {
    /// The line that logs an entry.
    Quick(Quick),
    /// The form of an entry.
    Form(Box<Form>),
    /// The list of keys.
    Help(Help),
    /// The list of actions.
    Palette(Palette),
}

impl Dialog {
    /// The context in which keys are looked up while it is the topmost dialog.
    pub(super) fn context(&self) -> Context {
        match self {
            Self::Quick(_) => Context::Quick,
            Self::Form(form) => form.context(),
            Self::Help(_) => Context::Help,
            Self::Palette(_) => Context::Palette,
        }
    }

    fn press(&mut self, around: &mut Surroundings<'_>, key: Key) -> Reaction<Self> {
        match self {
            Self::Quick(quick) => quick.press(around, key).map(|form| Self::Form(Box::new(form))),
            Self::Form(form) => form.press(around, key).map(|never| match never {}),
            Self::Help(help) => help.press(around.shell, key).map(|never| match never {}),
            Self::Palette(palette) => palette
                .press(&around.shell.keymap, key)
                .map(|never| match never {}),
        }
    }

    fn paste(&mut self, text: &str) {
        match self {
            Self::Quick(quick) => quick.paste(text),
            Self::Form(form) => form.paste(text),
            Self::Palette(palette) => palette.paste(text),
            Self::Help(_) => {}
        }
    }

    fn fail(&mut self, failure: &Failure, is_new_id: bool, keymap: &Keymap) {
        match self {
            Self::Quick(quick) => quick.fail(failure, is_new_id, keymap),
            Self::Form(form) => form.fail(failure, is_new_id, keymap),
            Self::Help(_) | Self::Palette(_) => {}
        }
    }

    /// Whether it stays open when an action runs. The palette closes, since the action was chosen in it.
    const fn stays_when_running(&self) -> bool {
        match self {
            Self::Quick(_) | Self::Form(_) | Self::Help(_) => true,
            Self::Palette(_) => false,
        }
    }

    /// Whether it contains typed text that must not be lost.
    fn is_draft(&self) -> bool {
        match self {
            Self::Quick(quick) => !quick.field.is_blank(),
            Self::Form(_) => true,
            Self::Help(_) | Self::Palette(_) => false,
        }
    }
}

/// The open dialogs, drafts, and dialogs whose entries are being saved.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dialogs {
    /// The last one is the topmost and takes the keys.
    open: Vec<Dialog>,
    /// Lines and forms that open again once no other dialog is open, the oldest first.
    drafts: VecDeque<Dialog>,
    /// Lines and forms whose entries are being saved; they become drafts if that fails.
    submitted: Vec<(Request, Dialog)>,
}

/// What a key did to the dialogs.
#[derive(Debug, PartialEq)]
pub(super) enum Pressed {
    Done,
    /// A dialog has closed, and its entry is to be saved under this number.
    Submit(Request, LogCommand),
    /// An action is to run.
    Run(Action),
    /// An effect is to be performed.
    Perform(Effect),
}

impl Dialogs {
    /// The topmost dialog, which takes the keys.
    pub fn last(&self) -> Option<&Dialog> {
        self.open.last()
    }

    /// Whether no dialog is open.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// How many dialogs are open.
    pub fn open_count(&self) -> usize {
        self.open.len()
    }

    /// Every dialog that holds typed text: open, waiting for its turn, or submitted.
    pub fn all(&self) -> impl Iterator<Item = &Dialog> {
        let submitted = self.submitted.iter().map(|(_, dialog)| dialog);
        self.open.iter().chain(&self.drafts).chain(submitted)
    }

    pub(super) fn open(&mut self, dialog: Dialog) {
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
            Reaction::Close | Reaction::Open(_) | Reaction::Submit(_) => false,
            Reaction::Run(_) => dialog.stays_when_running(),
        };
        let closed = if stays { None } else { self.open.pop() };
        match reaction {
            Reaction::Stay | Reaction::Close => Pressed::Done,
            Reaction::Open(next) => {
                self.open(next);
                Pressed::Done
            }
            Reaction::Submit(command) => {
                let request = around.shell.request();
                self.submitted.extend(closed.map(|dialog| (request, dialog)));
                Pressed::Submit(request, command)
            }
            Reaction::Run(action) => Pressed::Run(action),
            Reaction::Perform(effect) => Pressed::Perform(effect),
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let Some(dialog) = self.open.last_mut() {
            dialog.paste(text);
        }
    }

    /// Opens the oldest draft, unless another dialog is open.
    pub(super) fn reopen(&mut self) {
        if self.open.is_empty() {
            self.open.extend(self.drafts.pop_front());
        }
    }

    /// The entry of a submitted dialog is saved under another number from now on.
    pub(super) fn resubmit(&mut self, old: Request, new: Request) {
        for (request, _) in &mut self.submitted {
            if *request == old {
                *request = new;
            }
        }
    }

    /// The entry of a submitted dialog is acknowledged.
    pub(super) fn acknowledged(&mut self, request: Request) {
        self.submitted.retain(|(submitted, _)| *submitted != request);
    }

    /// The save of a submitted dialog has failed: it becomes a draft. Returns whether `request` was one. With `is_new_id` the
    /// next attempt gets an id of its own.
    pub(super) fn failed(
        &mut self,
        request: Request,
        failure: &Failure,
        is_new_id: bool,
        keymap: &Keymap,
    ) -> bool {
        let Some(at) = self
            .submitted
            .iter()
            .position(|(submitted, _)| *submitted == request)
        else {
            return false;
        };
        let (_, mut dialog) = self.submitted.remove(at);
        dialog.fail(failure, is_new_id, keymap);
        self.drafts.push_back(dialog);
        true
    }

    /// The session has ended: typed texts wait for the same user to come back.
    pub(super) fn put_aside(&mut self) {
        let submitted = self.submitted.drain(..).map(|(_, dialog)| dialog);
        self.drafts.extend(submitted);
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
    ) {
        for form in self.forms() {
            let found = form.editing.as_ref().and_then(|editing| newest(&editing.id));
            if let Some(newest) = found {
                form.rebase(newest, categories, zone);
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
            .filter_map(|dialog| match dialog {
                Dialog::Form(form) => Some(&mut **form),
                Dialog::Quick(_) | Dialog::Help(_) | Dialog::Palette(_) => None,
            })
    }
}
