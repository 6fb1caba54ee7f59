//! A dialog of any kind.

use caltrack_domain::{Activity, Category, EnergyUnit};
use jiff::civil::Date;

use super::{
    account_task::TaskDialog,
    change::ChangeDialog,
    form::{Form, fields::FormTexts},
    help::Help,
    import::ImportDialog,
    palette::Palette,
    queue::QueueDialog,
    quick::Quick,
    repeat::Repeat,
    saved::SavedList,
    saved_form::SavedForm,
    sign_out::SignOutQuestion,
    subject::Subject,
    surroundings::Surroundings,
    tools::Tool,
    value::ValueDialog,
};
use crate::app::{
    effect::Effect,
    failure::Failure,
    input::{context::Context, key::Key, keymap::Keymap},
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
    /// The import of a file.
    Import(Box<ImportDialog>),
    /// What waits for the backend.
    Queue(QueueDialog),
    /// The meals and days that can be logged again.
    Repeat(Repeat),
    /// The library's items.
    Library(SavedList),
    /// The form of an item of the library.
    LibraryItem(Box<SavedForm>),
    /// The question for another day or type of entries.
    Change(ChangeDialog),
    /// About the screens themselves.
    Tool(Tool),
    /// The line for a value of the profile, or for a weight.
    Value(ValueDialog),
    /// The question before a sign-out that leaves changes in the queue.
    SignOut(SignOutQuestion),
    /// What is done with the whole account.
    Task(TaskDialog),
}

/// A dialog with the text of entries.
#[derive(Debug, Clone, Copy)]
pub(super) enum Editor<'a> {
    Quick(&'a Quick),
    Form(&'a Form),
}

impl Dialog {
    /// The quick line with a text.
    pub(super) fn line(date: Date, text: &str) -> Self {
        Self::Quick(Quick::with_text(date, text))
    }

    /// The form that an earlier run of the program kept.
    pub(super) fn form(
        editing: Option<Activity>,
        texts: &FormTexts,
        categories: &[Category],
        energy: EnergyUnit,
    ) -> Self {
        Self::Form(Box::new(Form::restored(editing, texts, categories, energy)))
    }

    /// The context in which keys are looked up while it is the topmost dialog.
    pub(in crate::app) fn context(&self) -> Context {
        match self {
            Self::Quick(_) => Context::Quick,
            Self::Form(form) => form.context(),
            Self::Help(_) => Context::Help,
            Self::Palette(_) => Context::Palette,
            Self::Import(import) => import.context(),
            Self::Queue(_) => Context::Queue,
            Self::Repeat(_) => Context::Repeat,
            Self::Library(_) => Context::Library,
            Self::LibraryItem(_) => Context::LibraryItem,
            Self::Change(change) => change.context(),
            Self::Tool(tool) => tool.context(),
            Self::Value(_) => Context::Value,
            Self::SignOut(_) => Context::SignOut,
            Self::Task(_) => Context::WholeAccount,
        }
    }

    pub(super) fn press(&mut self, around: &mut Surroundings<'_>, key: Key) -> Reaction<Self> {
        match self {
            Self::Quick(quick) => quick.press(around, key).map(|form| Self::Form(Box::new(form))),
            Self::Form(form) => form.press(around, key).map(|never| match never {}),
            Self::Help(help) => help.press(around.shell, key).map(|never| match never {}),
            Self::Palette(palette) => palette
                .press(&around.shell.keymap, key)
                .map(|never| match never {}),
            Self::Import(import) => import.press(around, key).map(|never| match never {}),
            Self::Queue(queue) => queue.press(around, key).map(|form| Self::Form(Box::new(form))),
            Self::Library(list) => list
                .press(around, key)
                .map(|form| Self::LibraryItem(Box::new(form))),
            Self::LibraryItem(form) => form.press(around, key).map(|never| match never {}),
            Self::Repeat(repeat) => repeat.press(around.shell, key).map(|never| match never {}),
            Self::Change(change) => change.press(around.shell, key).map(|never| match never {}),
            Self::Tool(tool) => tool.press(around, key).map(|never| match never {}),
            Self::Value(value) => value.press(around, key).map(|never| match never {}),
            Self::Task(task) => task.press(around.shell, key).map(|never| match never {}),
            Self::SignOut(question) => question
                .press(&around.shell.keymap, key)
                .map(|never| match never {}),
        }
    }

    /// Takes a pasted text; an effect may follow.
    pub(super) fn paste(&mut self, text: &str) -> Option<Effect> {
        match self {
            Self::Quick(quick) => quick.paste(text),
            Self::Form(form) => form.paste(text),
            Self::Palette(palette) => palette.paste(text),
            Self::Change(change) => change.paste(text),
            Self::Import(import) => import.paste(text),
            Self::Tool(tool) => return tool.paste(text),
            Self::LibraryItem(form) => form.paste(text),
            Self::Value(value) => value.paste(text),
            Self::Task(task) => task.paste(text),
            Self::Help(_) | Self::Queue(_) | Self::Repeat(_) | Self::Library(_) | Self::SignOut(_) => {}
        }
        None
    }

    pub(super) fn fail(&mut self, failure: &Failure, keymap: &Keymap) {
        match self {
            Self::Quick(quick) => quick.fail(failure, keymap),
            Self::Form(form) => form.fail(failure, keymap),
            Self::Change(change) => change.fail(failure, keymap),
            Self::Repeat(repeat) => repeat.problem = Some(failure.message.clone()),
            Self::LibraryItem(form) => form.fail(failure, keymap),
            Self::Value(value) => value.fail(failure, keymap),
            Self::Help(_)
            | Self::Tool(_)
            | Self::Library(_)
            | Self::Palette(_)
            | Self::Import(_)
            | Self::Queue(_)
            | Self::SignOut(_)
            | Self::Task(_) => {}
        }
    }

    /// Whether it stays open when an action runs. The palette closes, since the action was chosen in it.
    pub(super) const fn stays_when_running(&self) -> bool {
        match self {
            Self::Quick(_)
            | Self::Form(_)
            | Self::Help(_)
            | Self::Queue(_)
            | Self::Change(_)
            | Self::Import(_)
            | Self::Repeat(_)
            | Self::Tool(_)
            | Self::Library(_)
            | Self::LibraryItem(_)
            | Self::Value(_)
            | Self::SignOut(_)
            | Self::Task(_) => true,
            Self::Palette(_) => false,
        }
    }

    /// The quick line or form that it is; none for other dialogs.
    pub(super) fn editor(&self) -> Option<Editor<'_>> {
        match self {
            Self::Quick(quick) => Some(Editor::Quick(quick)),
            Self::Form(form) => Some(Editor::Form(form)),
            Self::Help(_)
            | Self::Palette(_)
            | Self::Queue(_)
            | Self::Change(_)
            | Self::Import(_)
            | Self::Repeat(_)
            | Self::Tool(_)
            | Self::Library(_)
            | Self::LibraryItem(_)
            | Self::Value(_)
            | Self::SignOut(_)
            | Self::Task(_) => None,
        }
    }

    /// What it is about; none for lines, forms, and dialogs without typed values.
    pub(super) fn subject(&self) -> Option<Subject> {
        match self {
            Self::Value(value) => Some(value.subject()),
            Self::LibraryItem(form) => Some(form.subject()),
            Self::Change(change) => change.subject(),
            Self::Quick(_)
            | Self::Form(_)
            | Self::Help(_)
            | Self::Palette(_)
            | Self::Queue(_)
            | Self::Repeat(_)
            | Self::Library(_)
            | Self::Import(_)
            | Self::Tool(_)
            | Self::SignOut(_)
            | Self::Task(_) => None,
        }
    }

    /// The texts of a dialog with a subject; none if they are empty, or those that it opened with.
    pub(super) fn typed(&self) -> Option<Vec<String>> {
        match self {
            Self::Value(value) => value.typed().map(|text| vec![text]),
            Self::LibraryItem(form) => form.typed(),
            Self::Change(change) => change.typed().map(|text| vec![text]),
            Self::Quick(_)
            | Self::Form(_)
            | Self::Help(_)
            | Self::Palette(_)
            | Self::Queue(_)
            | Self::Repeat(_)
            | Self::Library(_)
            | Self::Import(_)
            | Self::Tool(_)
            | Self::SignOut(_)
            | Self::Task(_) => None,
        }
    }

    /// Replaces the texts of a dialog with a subject, in the order of [`Dialog::typed`].
    pub(super) fn fill(&mut self, texts: &[String]) {
        match (self, texts) {
            (Self::LibraryItem(form), texts) => form.fill(texts),
            (Self::Value(value), [text]) => value.field.set(text),
            (Self::Change(change), [text]) => change.fill(text),
            _ => {}
        }
    }

    /// Whether it contains typed text that must not be lost.
    pub(super) fn is_draft(&self) -> bool {
        match self.editor() {
            Some(Editor::Quick(quick)) => !quick.field.is_blank(),
            Some(Editor::Form(_)) => true,
            None => self.typed().is_some(),
        }
    }

    /// The row of the rejected change that it repeats.
    pub(super) fn replaces(&self) -> Option<u64> {
        match self.editor() {
            Some(Editor::Form(form)) => form.replaces,
            Some(Editor::Quick(_)) | None => None,
        }
    }
}
