//! Repeating: the meals and days of the last two weeks, to be logged again.

use caltrack_domain::{Entry, LogCommand, repeat::Meal};
use jiff::civil::Date;

use crate::app::{
    input::{action::Control, bindings::Meaning, context::Context, key::Key},
    reaction::Reaction,
    shell::Shell,
};

const PAGE: usize = 5;

/// The list of meals and days that can be logged again.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeat {
    /// The day on which they are logged.
    pub date: Date,
    /// What is offered, likeliest first; none while it is being read.
    pub meals: Option<Vec<Meal>>,
    /// The index of the selected meal.
    pub selected: usize,
    /// Why nothing was logged.
    pub problem: Option<String>,
}

impl Repeat {
    pub(in crate::app) const fn new(date: Date) -> Self {
        Self {
            date,
            meals: None,
            selected: 0,
            problem: None,
        }
    }

    pub(super) fn press(&mut self, shell: &mut Shell, key: Key) -> Reaction {
        let meals = self.meals.as_deref().unwrap_or_default();
        match shell.keymap.meaning(Context::Repeat, key) {
            Some(Meaning::Control(Control::Back)) => return Reaction::Close,
            Some(Meaning::Control(Control::Confirm)) => {
                if let Some(meal) = meals.get(self.selected) {
                    return match again(meal, self.date, shell) {
                        Ok(commands) => Reaction::Submit(commands),
                        Err(problem) => {
                            self.problem = Some(problem);
                            Reaction::Stay
                        }
                    };
                }
            }
            Some(Meaning::Control(Control::Move(motion))) => {
                self.selected = motion.from(self.selected, PAGE, meals.len().saturating_sub(1));
            }
            Some(Meaning::Action(action)) => return Reaction::Run(action),
            Some(Meaning::Control(Control::NextField | Control::PreviousField)) | None => {}
        }
        Reaction::Stay
    }
}

/// The entries of a meal on another day, at the present time of day, without their notes.
fn again(meal: &Meal, date: Date, shell: &mut Shell) -> Result<Vec<LogCommand>, String> {
    let moment = shell
        .clock
        .moved_to(shell.now.timestamp(), date)
        .map_err(|error| error.to_string())?;
    let entries = meal.entries.iter().map(|entry| Entry {
        date,
        moment: caltrack_domain::in_milliseconds(moment),
        note: None,
        ..entry.clone()
    });
    Ok(shell.creating(entries.collect()))
}
