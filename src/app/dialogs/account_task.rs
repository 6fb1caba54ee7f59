//! What is done with the whole account: it is copied to another profile, or deleted. A program of its own does it, while the
//! dialog shows how far it is.

use crate::app::{
    effect::{AccountTask, Effect},
    failure::Failure,
    input::{
        action::Control, bindings::Meaning, context::Context, key::Key, picker::Picker, text_field::TextField,
    },
    reaction::Reaction,
    shell::Shell,
};

/// Characters of a user name (Cognito).
const MAX_NAME: usize = 128;

/// Where the dialog is.
#[derive(Debug, Clone, PartialEq)]
pub enum TaskStage {
    /// The profile with the other account is chosen.
    Profile(Picker),
    /// The copy to this profile is confirmed.
    Copy(String),
    /// The deletion is confirmed for the first time.
    Delete,
    /// The deletion is confirmed for the second time, by the user name.
    Name(TextField),
    /// The program runs; with what it reported last.
    Running(AccountTask, String),
    /// It has done it; with its report.
    Done(String),
    /// It has failed; with what to do next.
    Failed(String),
}

/// The dialog about the whole account.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskDialog {
    /// Where it is.
    pub stage: TaskStage,
    /// The account's name.
    pub username: String,
    /// Why the last answer was not taken.
    pub problem: Option<String>,
}

impl TaskDialog {
    /// Asks for the profile that the account is copied to.
    pub(in crate::app) fn copy(username: &str, profiles: Vec<String>) -> Self {
        Self::at(username, TaskStage::Profile(Picker::new(profiles, None)))
    }

    /// Asks whether the account is to be deleted.
    pub(in crate::app) fn delete(username: &str) -> Self {
        Self::at(username, TaskStage::Delete)
    }

    fn at(username: &str, stage: TaskStage) -> Self {
        Self {
            stage,
            username: username.to_owned(),
            problem: None,
        }
    }

    /// Whether it deletes the account at this moment: nothing else is possible until that is done.
    const fn is_deleting(&self) -> bool {
        matches!(self.stage, TaskStage::Running(AccountTask::Delete, _))
    }

    pub(super) fn press(&mut self, shell: &Shell, key: Key) -> Reaction {
        self.problem = None;
        match shell.keymap.meaning(Context::WholeAccount, key) {
            Some(Meaning::Control(Control::Confirm)) => return self.confirm(),
            Some(Meaning::Control(Control::Back)) if self.is_deleting() => {}
            Some(Meaning::Control(Control::Back)) => return Reaction::Close,
            Some(Meaning::Control(Control::Move(motion))) => {
                if let TaskStage::Profile(picker) = &mut self.stage {
                    picker.move_by(motion);
                }
            }
            Some(Meaning::Action(action)) => return Reaction::Run(action),
            Some(Meaning::Control(Control::NextField | Control::PreviousField)) | None => {
                match &mut self.stage {
                    TaskStage::Profile(picker) => picker.press(key),
                    TaskStage::Name(field) => field.press(key),
                    _ => false,
                };
            }
        }
        Reaction::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let TaskStage::Name(field) = &mut self.stage {
            field.paste(text);
        }
    }

    fn confirm(&mut self) -> Reaction {
        match &self.stage {
            TaskStage::Profile(picker) if picker.options().is_empty() => return Reaction::Close,
            TaskStage::Profile(picker) => match picker.value() {
                Some(profile) => self.stage = TaskStage::Copy(profile.to_owned()),
                None => self.problem = Some(format!("no profile `{}`", picker.filter())),
            },
            TaskStage::Copy(profile) => return self.run(AccountTask::CopyTo(profile.clone())),
            TaskStage::Delete => self.stage = TaskStage::Name(TextField::new(MAX_NAME)),
            TaskStage::Name(field) if field.value() == self.username => return self.run(AccountTask::Delete),
            TaskStage::Name(_) => {
                self.problem = Some("that is not the user name; nothing was deleted".to_owned());
            }
            TaskStage::Running(..) => {}
            TaskStage::Done(_) | TaskStage::Failed(_) => return Reaction::Close,
        }
        Reaction::Stay
    }

    fn run(&mut self, task: AccountTask) -> Reaction {
        self.stage = TaskStage::Running(task.clone(), String::new());
        Reaction::Perform(Effect::RunTask(task))
    }

    /// Takes what the program reports.
    pub(in crate::app) fn report(&mut self, text: String) {
        if let TaskStage::Running(_, reported) = &mut self.stage {
            *reported = text;
        }
    }

    /// Takes how the program ended.
    pub(in crate::app) fn end(&mut self, result: &Result<String, Failure>) {
        let there = match &self.stage {
            TaskStage::Running(AccountTask::CopyTo(profile), _) => {
                format!("\n`caltrack-tui --profile {profile}` opens the screens there")
            }
            _ => String::new(),
        };
        self.stage = match result {
            Ok(report) => TaskStage::Done(report.clone() + &there),
            Err(failure) => TaskStage::Failed(format!("{}; next: {}", failure.message, failure.next)),
        };
    }
}
