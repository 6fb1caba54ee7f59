//! Typed texts as data, so that they survive the end of the program.

use caltrack_domain::{Activity, EnergyUnit, clean, shortened};
use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{
    dialog::{Dialog, Editor},
    form::fields::FormTexts,
    subject::Subject,
};

/// What was typed in a dialog and not saved.
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
    /// Another dialog.
    Texts {
        /// What it is about.
        subject: Subject,
        /// The texts of its fields, in their order.
        texts: Vec<String>,
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
            None => Some(Self::Texts {
                subject: dialog.subject()?,
                texts: dialog.typed()?,
            }),
        }
    }

    /// The draft in a few words.
    pub(in crate::app) fn summary(&self, energy: EnergyUnit) -> String {
        match self {
            Self::Line { text, .. } => quoted(text),
            Self::Form { editing: None, .. } => "a form".to_owned(),
            Self::Form {
                editing: Some(activity),
                ..
            } => format!(
                "an edit of {}",
                crate::app::text::summary_in(&activity.entry, energy)
            ),
            Self::Texts { subject, texts } => {
                let first = texts.iter().find(|text| !text.trim().is_empty());
                let first = first.map(String::as_str).unwrap_or_default();
                format!("{} {}", subject.words(), quoted(first))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    format!("`{}`", shortened(&clean(text), 40))
}
