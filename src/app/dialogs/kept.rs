//! What was left in dialogs: it comes back when the same is opened again.

use caltrack_domain::{Category, EnergyUnit};
use jiff::tz::TimeZone;

use super::{
    dialog::{Dialog, Editor},
    draft::Draft,
    quick::Quick,
    subject::Subject,
};

/// The most drafts that are kept.
const MAX_KEPT: usize = 50;

#[derive(Debug, Clone, PartialEq)]
enum Left {
    /// A line or a form.
    Editor(Dialog),
    /// The texts of another dialog, which opens with the values of its time.
    Texts(Subject, Vec<String>),
}

/// What was left in dialogs, the newest last.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Kept {
    left: Vec<Left>,
}

impl Kept {
    /// A dialog was left. Without typed text it is not kept; a form that shows its quick line is kept as that line.
    pub(super) fn keep(&mut self, dialog: Dialog, zone: &TimeZone) {
        let line = match dialog.editor() {
            Some(Editor::Form(form)) => form.unchanged_line(),
            Some(Editor::Quick(_)) | None => None,
        };
        let line = line.map(|(date, text)| Dialog::Quick(Quick::with_text(date, text)));
        let dialog = line.unwrap_or(dialog);
        match Draft::of(&dialog, zone) {
            Some(Draft::Texts { subject, texts }) => self.push(Left::Texts(subject, texts)),
            Some(Draft::Line { .. } | Draft::Form { .. }) => self.push(Left::Editor(dialog)),
            None => {}
        }
    }

    /// Takes the drafts of an earlier run. What was left since is newer.
    pub(super) fn restore(&mut self, drafts: Vec<Draft>, categories: &[Category], energy: EnergyUnit) {
        let since = std::mem::take(&mut self.left);
        let drafts = drafts.into_iter().map(|draft| match draft {
            Draft::Line { date, text } => Left::Editor(Dialog::line(date, &text)),
            Draft::Form { editing, texts } => Left::Editor(Dialog::form(editing, &texts, categories, energy)),
            Draft::Texts { subject, texts } => Left::Texts(subject, texts),
        });
        for left in drafts.chain(since) {
            self.push(left);
        }
    }

    fn push(&mut self, left: Left) {
        if let Left::Texts(subject, _) = &left {
            self.take_texts(subject);
        }
        if self.left.len() >= MAX_KEPT {
            self.left.remove(0);
        }
        self.left.push(left);
    }

    /// The line or form that was left last of those that are wanted; it is left no longer.
    pub(super) fn take_editor(&mut self, is_wanted: impl Fn(&Dialog) -> bool) -> Option<Dialog> {
        let at = self.left.iter().rposition(|left| match left {
            Left::Editor(dialog) => is_wanted(dialog),
            Left::Texts(..) => false,
        })?;
        match self.left.remove(at) {
            Left::Editor(dialog) => Some(dialog),
            Left::Texts(..) => None,
        }
    }

    /// The texts that were left in a dialog about this; they are left no longer.
    pub(super) fn take_texts(&mut self, wanted: &Subject) -> Option<Vec<String>> {
        let at = self
            .left
            .iter()
            .position(|left| matches!(left, Left::Texts(subject, _) if subject == wanted))?;
        match self.left.remove(at) {
            Left::Texts(_, texts) => Some(texts),
            Left::Editor(_) => None,
        }
    }

    pub(super) fn editors(&self) -> impl Iterator<Item = &Dialog> {
        self.left.iter().filter_map(|left| match left {
            Left::Editor(dialog) => Some(dialog),
            Left::Texts(..) => None,
        })
    }

    pub(super) fn editors_mut(&mut self) -> impl Iterator<Item = &mut Dialog> {
        self.left.iter_mut().filter_map(|left| match left {
            Left::Editor(dialog) => Some(dialog),
            Left::Texts(..) => None,
        })
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let texts = self.left.iter().filter_map(|left| match left {
            Left::Texts(_, texts) => Some(texts),
            Left::Editor(_) => None,
        });
        texts.flatten().map(String::as_str)
    }

    pub(super) fn drafts(&self, zone: &TimeZone) -> impl Iterator<Item = Draft> {
        self.left.iter().filter_map(|left| match left {
            Left::Editor(dialog) => Draft::of(dialog, zone),
            Left::Texts(subject, texts) => Some(Draft::Texts {
                subject: subject.clone(),
                texts: texts.clone(),
            }),
        })
    }
}
