//! Another day or type for several entries at once.

use caltrack_domain::{Activity, Category, Entry, LogCommand, find_category, line::typed_day};
use jiff::civil::Date;

use super::subject::Subject;
use crate::app::{
    failure::Failure,
    input::{
        action::Control, bindings::Meaning, context::Context, key::Key, keymap::Keymap, picker::Picker,
        text_field::TextField,
    },
    reaction::Reaction,
    shell::{Shell, Tone},
    text,
};

const LIMIT: usize = 40;

/// What changes.
#[derive(Debug, Clone, PartialEq)]
pub enum NewValue {
    /// The day, in any form that commands accept.
    Day(TextField),
    /// The type.
    Kind(Picker),
}

/// The question for another day or type of entries.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeDialog {
    /// The new value.
    pub value: NewValue,
    /// The entries that change.
    pub entries: Vec<Activity>,
    /// Why nothing was changed.
    pub problem: Option<String>,
}

impl ChangeDialog {
    /// Asks for the day that entries move to.
    pub(in crate::app) fn day(entries: Vec<Activity>) -> Self {
        Self {
            value: NewValue::Day(TextField::new(LIMIT)),
            entries,
            problem: None,
        }
    }

    /// Asks for the type that entries get; none if they have no type in common.
    pub(in crate::app) fn kind(entries: Vec<Activity>, categories: &[Category]) -> Option<Self> {
        let types = |activity: &Activity| {
            let category = find_category(&activity.entry.category, categories).ok();
            category.map_or(&[][..], |category| category.types.as_slice())
        };
        let (first, others) = entries.split_first()?;
        let mut common = types(first).to_vec();
        common.retain(|kind| others.iter().all(|other| types(other).contains(kind)));
        if common.is_empty() {
            return None;
        }
        let present = common
            .contains(&first.entry.kind)
            .then_some(first.entry.kind.as_str());
        Some(Self {
            value: NewValue::Kind(Picker::new(common.clone(), present)),
            entries,
            problem: None,
        })
    }

    /// Of a question for a day; what is typed in a list is not kept.
    pub(super) const fn subject(&self) -> Option<Subject> {
        match self.value {
            NewValue::Day(_) => Some(Subject::MoveTo),
            NewValue::Kind(_) => None,
        }
    }

    /// The typed day.
    pub(super) fn typed(&self) -> Option<String> {
        match &self.value {
            NewValue::Day(field) => (!field.is_blank()).then(|| field.value().to_owned()),
            NewValue::Kind(_) => None,
        }
    }

    pub(super) fn fill(&mut self, text: &str) {
        if let NewValue::Day(field) = &mut self.value {
            field.set(text);
        }
    }

    pub(super) const fn context(&self) -> Context {
        match self.value {
            NewValue::Day(_) => Context::MoveTo,
            NewValue::Kind(_) => Context::ChangeType,
        }
    }

    pub(super) fn press(&mut self, shell: &mut Shell, key: Key) -> Reaction {
        match shell.keymap.meaning(self.context(), key) {
            Some(Meaning::Control(Control::Confirm)) => return self.confirm(shell),
            Some(Meaning::Control(Control::Back)) => return Reaction::Close,
            Some(Meaning::Action(action)) => return Reaction::Run(action),
            Some(Meaning::Control(Control::Move(motion))) => {
                if let NewValue::Kind(picker) = &mut self.value {
                    picker.move_by(motion);
                }
            }
            Some(Meaning::Control(Control::NextField | Control::PreviousField)) | None => {
                let typed = match &mut self.value {
                    NewValue::Day(field) => field.press(key),
                    NewValue::Kind(picker) => picker.press(key),
                };
                if typed {
                    self.problem = None;
                }
            }
        }
        Reaction::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let NewValue::Day(field) = &mut self.value {
            field.paste(text);
            self.problem = None;
        }
    }

    fn confirm(&mut self, shell: &mut Shell) -> Reaction {
        let changed = match &self.value {
            NewValue::Day(field) => {
                let day = typed_day(field.value(), shell.today()).map_err(|error| error.to_string());
                day.and_then(|day| self.moved(day, shell))
            }
            NewValue::Kind(picker) => match picker.value() {
                Some(kind) => Ok(self.of_kind(kind)),
                None => Err(format!("no type `{}`", picker.filter())),
            },
        };
        match changed {
            Ok(commands) if commands.is_empty() => {
                shell.notify(Tone::Info, "nothing was changed");
                // It is done, and no draft.
                self.fill("");
                Reaction::Close
            }
            Ok(commands) => Reaction::Submit(commands),
            Err(problem) => {
                self.problem = Some(problem);
                Reaction::Stay
            }
        }
    }

    fn moved(&self, day: Date, shell: &Shell) -> Result<Vec<LogCommand>, String> {
        let entries = self.entries.iter().map(|activity| {
            let moment = activity.entry.rescheduled(day, None, &shell.clock);
            Ok(Entry {
                date: day,
                moment: moment.map_err(|error| error.to_string())?,
                ..activity.entry.clone()
            })
        });
        Ok(self.edits(entries.collect::<Result<_, String>>()?))
    }

    fn of_kind(&self, kind: &str) -> Vec<LogCommand> {
        let entries = self.entries.iter().map(|activity| Entry {
            kind: kind.to_owned(),
            ..activity.entry.clone()
        });
        self.edits(entries.collect())
    }

    fn edits(&self, entries: Vec<Entry>) -> Vec<LogCommand> {
        let each = self.entries.iter().zip(entries);
        each.filter_map(|(before, entry)| {
            let patch = entry.patch_from(&before.entry)?;
            Some(LogCommand::Update {
                before: before.clone(),
                patch,
            })
        })
        .collect()
    }

    pub(super) fn fail(&mut self, failure: &Failure, keymap: &Keymap) {
        self.problem = Some(text::failed_typed(failure, &keymap.confirm(self.context())));
    }
}
