//! The import of a file: choosing it, what it leaves open, a preview, the progress and the result.

mod columns;

pub use self::columns::ColumnForm;
use super::surroundings::Surroundings;
use crate::app::{
    effect::Effect,
    failure::Failure,
    import::{FileReading, FileWeightUnit, ImportDecisions, ImportPreview, ImportQuestion, ImportReport},
    input::{
        action::{Control, Motion},
        bindings::Meaning,
        context::Context,
        key::Key,
        text_field::TextField,
    },
    model::{Progress, Request},
    reaction::Reaction,
};

/// Characters of a path.
const LIMIT: usize = 4_000;
/// How far a page key moves.
const PAGE: usize = 8;

/// A choice that a question offers, and what it decides.
type Choice = (&'static str, fn(&mut ImportDecisions));

const DAY_ORDERS: [Choice; 2] = [
    ("day first", |decisions| decisions.is_day_first = Some(true)),
    ("month first", |decisions| decisions.is_day_first = Some(false)),
];
const DECIMALS: [Choice; 2] = [
    ("the point is before decimals", |decisions| {
        decisions.has_decimal_comma = Some(false);
    }),
    ("the comma is before decimals", |decisions| {
        decisions.has_decimal_comma = Some(true);
    }),
];
const UNITS: [Choice; 3] = [
    ("kilograms", |decisions| {
        decisions.weight_unit = Some(FileWeightUnit::Kilograms);
    }),
    ("pounds", |decisions| {
        decisions.weight_unit = Some(FileWeightUnit::Pounds);
    }),
    ("stones", |decisions| {
        decisions.weight_unit = Some(FileWeightUnit::Stones);
    }),
];

/// The import of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportDialog {
    /// The path of the file.
    pub path: TextField,
    /// How far it is.
    pub stage: ImportStage,
    /// What the columns have, once that was asked.
    pub columns: Option<ColumnForm>,
    decisions: ImportDecisions,
    /// The request whose answer is awaited.
    request: Option<Request>,
}

/// How far an import is.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportStage {
    /// The path is typed.
    File {
        /// Files and directories that begin as the path does.
        found: Vec<String>,
        /// Why the file can't be imported.
        problem: Option<String>,
    },
    /// The file is being read.
    Reading,
    /// A decision is needed.
    Question {
        /// What is asked.
        question: ImportQuestion,
        /// The index of the selected choice.
        selected: usize,
    },
    /// The columns are chosen in [`ImportDialog::columns`].
    Columns {
        /// Why the choice can't be used.
        problem: Option<String>,
    },
    /// What would be added.
    Preview {
        /// What would be added.
        preview: Box<ImportPreview>,
        /// The first line of its list that is shown.
        top: usize,
    },
    /// Rows are being imported.
    Running {
        /// Rows that are done, and all of them.
        progress: Progress,
        /// Whether it ends after the rows that are being sent.
        is_stopping: bool,
    },
    /// It has ended.
    Finished(ImportReport),
}

impl ImportDialog {
    pub(in crate::app) fn new() -> Self {
        Self {
            path: TextField::new(LIMIT),
            stage: ImportStage::choosing(None),
            columns: None,
            decisions: ImportDecisions::default(),
            request: None,
        }
    }

    pub(super) const fn context(&self) -> Context {
        match self.stage {
            ImportStage::File { .. } => Context::ImportFile,
            ImportStage::Reading
            | ImportStage::Question { .. }
            | ImportStage::Columns { .. }
            | ImportStage::Preview { .. }
            | ImportStage::Running { .. }
            | ImportStage::Finished(_) => Context::Import,
        }
    }

    pub(super) fn press(&mut self, around: &mut Surroundings<'_>, key: Key) -> Reaction {
        match around.shell.keymap.meaning(self.context(), key) {
            Some(Meaning::Action(action)) => Reaction::Run(action),
            Some(Meaning::Control(Control::Confirm)) => self.confirm(around),
            Some(Meaning::Control(Control::Back)) => self.back(),
            Some(Meaning::Control(Control::Move(motion))) => {
                self.step(motion);
                Reaction::Stay
            }
            Some(Meaning::Control(Control::NextField)) => match &self.stage {
                ImportStage::File { .. } => {
                    Reaction::Perform(Effect::CompletePath(self.path.value().to_owned()))
                }
                _ => self.change_column(true),
            },
            Some(Meaning::Control(Control::PreviousField)) => self.change_column(false),
            None => {
                if matches!(self.stage, ImportStage::File { .. }) && self.path.press(key) {
                    self.stage = ImportStage::choosing(None);
                }
                Reaction::Stay
            }
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if matches!(self.stage, ImportStage::File { .. }) {
            self.path.paste(text);
            self.stage = ImportStage::choosing(None);
        }
    }

    /// Takes the completion of a path, unless the path was changed since.
    pub(in crate::app) fn complete(&mut self, typed: &str, completed: &str, options: Vec<String>) {
        if self.path.value() == typed
            && let ImportStage::File { found, problem } = &mut self.stage
        {
            self.path.set(completed);
            *found = options;
            *problem = None;
        }
    }

    /// Takes the answer to the reading of the file.
    pub(in crate::app) fn read(&mut self, request: Request, result: Result<FileReading, Failure>) {
        if self.request != Some(request) || self.stage != ImportStage::Reading {
            return;
        }
        self.stage = match result {
            Ok(FileReading::Preview(preview)) => ImportStage::Preview { preview, top: 0 },
            Ok(FileReading::Question(ImportQuestion::Columns { columns, keys })) => {
                self.columns = Some(ColumnForm::new(columns, keys));
                ImportStage::Columns { problem: None }
            }
            Ok(FileReading::Question(question)) => ImportStage::Question {
                question,
                selected: 0,
            },
            Err(failure) if self.columns.is_some() && self.decisions.mapping.is_some() => {
                ImportStage::Columns {
                    problem: Some(failure.message),
                }
            }
            Err(failure) => ImportStage::choosing(Some(failure.message)),
        };
    }

    /// Takes the progress of the import.
    pub(in crate::app) fn advance(&mut self, request: Request, done: Progress) {
        if self.request == Some(request)
            && let ImportStage::Running { progress, .. } = &mut self.stage
        {
            *progress = done;
        }
    }

    /// Takes the end of the import. Returns whether it is that of this dialog.
    pub(in crate::app) fn finish(&mut self, request: Request, result: Result<ImportReport, Failure>) -> bool {
        let is_mine = self.request == Some(request) && matches!(self.stage, ImportStage::Running { .. });
        if is_mine {
            self.stage = match result {
                Ok(report) => ImportStage::Finished(report),
                Err(failure) => ImportStage::choosing(Some(format!(
                    "{}; what was imported stays; {}",
                    failure.message,
                    failure.advice()
                ))),
            };
        }
        is_mine
    }

    /// Whether a control does something at this stage.
    pub const fn offers(&self, control: Control) -> bool {
        match (&self.stage, control) {
            (ImportStage::File { .. } | ImportStage::Columns { .. }, _)
            | (ImportStage::Question { .. } | ImportStage::Preview { .. }, Control::Move(_))
            | (
                ImportStage::Question { .. } | ImportStage::Preview { .. } | ImportStage::Finished(_),
                Control::Confirm,
            )
            | (_, Control::Back) => true,
            (
                ImportStage::Reading
                | ImportStage::Question { .. }
                | ImportStage::Preview { .. }
                | ImportStage::Running { .. }
                | ImportStage::Finished(_),
                _,
            ) => false,
        }
    }

    /// The choices of the question that is shown.
    pub fn choices(&self) -> impl Iterator<Item = &'static str> {
        self.offered().iter().map(|(words, _)| *words)
    }

    fn offered(&self) -> &'static [Choice] {
        let ImportStage::Question { question, .. } = &self.stage else {
            return &[];
        };
        match question {
            ImportQuestion::DayOrder(_) => &DAY_ORDERS,
            ImportQuestion::Decimal(_) => &DECIMALS,
            ImportQuestion::WeightUnit(_) => &UNITS,
            ImportQuestion::Columns { .. } => &[],
        }
    }

    fn confirm(&mut self, around: &mut Surroundings<'_>) -> Reaction {
        match &self.stage {
            ImportStage::File { .. } if self.path.is_blank() => Reaction::Stay,
            ImportStage::File { .. } => {
                self.decisions = ImportDecisions::default();
                self.columns = None;
                self.reading(around)
            }
            ImportStage::Question { selected, .. } => {
                if let Some((_, decide)) = self.offered().get(*selected) {
                    decide(&mut self.decisions);
                }
                self.reading(around)
            }
            ImportStage::Columns { .. } => {
                let mapping = self.columns.as_ref().map(ColumnForm::mapping);
                self.decisions = ImportDecisions {
                    mapping,
                    ..ImportDecisions::default()
                };
                self.reading(around)
            }
            ImportStage::Preview { preview, .. } if preview.rows() == 0 => Reaction::Close,
            ImportStage::Preview { preview, .. } => {
                let request = around.shell.request();
                self.request = Some(request);
                self.stage = ImportStage::Running {
                    progress: Progress {
                        done: 0,
                        total: u64::try_from(preview.rows()).unwrap_or(u64::MAX),
                    },
                    is_stopping: false,
                };
                Reaction::Perform(Effect::StartImport(request))
            }
            ImportStage::Finished(_) => Reaction::Close,
            ImportStage::Reading | ImportStage::Running { .. } => Reaction::Stay,
        }
    }

    fn reading(&mut self, around: &mut Surroundings<'_>) -> Reaction {
        let request = around.shell.request();
        self.request = Some(request);
        self.stage = ImportStage::Reading;
        Reaction::Perform(Effect::ReadImport {
            request,
            path: self.path.value().to_owned(),
            decisions: self.decisions.clone(),
        })
    }

    /// One stage back; a running import ends, and what is done stays.
    fn back(&mut self) -> Reaction {
        match &mut self.stage {
            ImportStage::File { .. } | ImportStage::Finished(_) => Reaction::Close,
            ImportStage::Running { is_stopping, .. } => {
                *is_stopping = true;
                Reaction::Perform(Effect::StopImport)
            }
            ImportStage::Preview { .. } | ImportStage::Question { .. }
                if self.columns.is_some() && self.decisions.mapping.is_some() =>
            {
                self.stage = ImportStage::Columns { problem: None };
                Reaction::Stay
            }
            ImportStage::Reading
            | ImportStage::Question { .. }
            | ImportStage::Columns { .. }
            | ImportStage::Preview { .. } => {
                self.stage = ImportStage::choosing(None);
                Reaction::Stay
            }
        }
    }

    fn step(&mut self, motion: Motion) {
        let choices = self.offered().len();
        match &mut self.stage {
            ImportStage::Question { selected, .. } => {
                *selected = motion.from(*selected, PAGE, choices.saturating_sub(1));
            }
            ImportStage::Columns { .. } => {
                if let Some(columns) = &mut self.columns {
                    columns.step(motion, PAGE);
                }
            }
            ImportStage::Preview { preview, top } => {
                let lines = preview.first.len() + preview.reasons.len();
                *top = motion.from(*top, PAGE, lines.saturating_sub(1));
            }
            ImportStage::File { .. }
            | ImportStage::Reading
            | ImportStage::Running { .. }
            | ImportStage::Finished(_) => {}
        }
    }

    fn change_column(&mut self, is_next: bool) -> Reaction {
        if let (ImportStage::Columns { problem }, Some(columns)) = (&mut self.stage, &mut self.columns) {
            columns.change(is_next);
            *problem = None;
        }
        Reaction::Stay
    }
}

impl ImportStage {
    const fn choosing(problem: Option<String>) -> Self {
        Self::File {
            found: Vec::new(),
            problem,
        }
    }
}
