//! Typed texts as data, so that they survive the end of the program.

use caltrack_domain::{Activity, Category};
use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{
    dialog::Dialog,
    dialog::Editor,
    form::{Form, fields::FormTexts},
    quick::Quick,
};

/// A quick line or a form that was not logged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a handful of drafts exist at a time")]
pub enum Draft {
    /// A quick line.
    Line {
        /// The day that it logs for.
        date: Date,
        /// What is typed.
        text: String,
    },
    /// A form.
    Form {
        /// The entry that is edited; none for a new one.
        editing: Option<Activity>,
        /// What is chosen and typed.
        texts: FormTexts,
    },
}

impl Draft {
    /// The draft of a dialog; none if nothing is typed in it.
    pub(super) fn of(dialog: &Dialog, zone: &TimeZone) -> Option<Self> {
        match dialog.editor() {
            Some(Editor::Quick(quick)) => (!quick.field.is_blank()).then(|| Self::Line {
                date: quick.date,
                text: quick.field.value().to_owned(),
            }),
            Some(Editor::Form(form)) => form.is_touched(zone).then(|| Self::Form {
                editing: form.editing.clone(),
                texts: form.fields.texts(),
            }),
            None => None,
        }
    }

    /// The dialog of a draft.
    pub(super) fn dialog(self, categories: &[Category]) -> Dialog {
        match self {
            Self::Line { date, text } => Dialog::Quick(Quick::with_text(date, &text)),
            Self::Form { editing, texts } => {
                Dialog::Form(Box::new(Form::restored(editing, &texts, categories)))
            }
        }
    }

    /// Whether it edits an entry.
    pub(in crate::app) const fn is_edit(&self) -> bool {
        matches!(self, Self::Form { editing: Some(_), .. })
    }

    /// The draft in a few words.
    pub(in crate::app) fn summary(&self) -> String {
        match self {
            Self::Line { text, .. } => {
                format!(
                    "`{}`",
                    caltrack_domain::shortened(&caltrack_domain::clean(text), 40)
                )
            }
            Self::Form { editing: None, .. } => "a form".to_owned(),
            Self::Form {
                editing: Some(activity),
                ..
            } => format!("an edit of {}", crate::app::text::summary(&activity.entry)),
        }
    }
}
