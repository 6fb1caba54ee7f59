//! What must hold after each step, and at the end.

use jiff::civil::Date;
use proptest::prelude::*;

use super::{Run, steps::Size};

/// The totals on the screen after a step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    date: Date,
    version: Option<u64>,
}

/// A dialog takes the place of the one that it was opened from.
const MOST_DIALOGS: usize = 1;

impl Run {
    pub(super) fn check(&mut self, Size(width, height): Size) -> Result<(), TestCaseError> {
        self.rows_are_sorted_and_unique()?;
        self.one_row_is_selected()?;
        self.totals_never_go_back()?;
        self.nothing_typed_is_lost()?;
        self.dialogs_do_not_pile_up()?;
        self.world.screen(width, height);
        Ok(())
    }

    fn rows_are_sorted_and_unique(&self) -> Result<(), TestCaseError> {
        let rows = self.world.listed();
        let places: Vec<_> = rows.iter().map(|row| (row.moment, row.id.as_str())).collect();
        prop_assert!(
            places.is_sorted_by(|a, b| a < b),
            "rows are out of order or doubled: {:?}",
            places
        );
        let mut ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        ids.sort_unstable();
        prop_assert!(ids.is_sorted_by(|a, b| a < b), "an id is listed twice: {:?}", ids);
        let date = self.world.date();
        prop_assert!(rows.iter().all(|row| row.date == date), "a row is of another day");
        Ok(())
    }

    fn one_row_is_selected(&self) -> Result<(), TestCaseError> {
        let (at, lines) = (self.world.selected_at(), self.world.line_count());
        prop_assert!(at < lines.max(1), "line {} of {} is selected", at, lines);
        let count = self.world.listed().len();
        let picture = self.world.picture(80, 24);
        if self.world.is_on_a_day() && picture.dialog().is_none() && count > 0 {
            prop_assert_eq!(picture.marked().len(), 1, "\n{}", picture);
        }
        Ok(())
    }

    /// As long as a user stays on a day.
    fn totals_never_go_back(&mut self) -> Result<(), TestCaseError> {
        let before = self.seen.take();
        if !self.world.is_signed_in() {
            return Ok(());
        }
        let now = Seen {
            date: self.world.date(),
            version: self.world.version(),
        };
        if let Some(before) = before.filter(|before| before.date == now.date) {
            prop_assert!(
                now.version >= before.version,
                "totals went back from {:?} to {:?}",
                before.version,
                now.version
            );
        }
        self.seen = Some(now);
        Ok(())
    }

    /// It is in a line or a form, in the outbox, or with the backend, unless it was undone,
    /// deleted or dropped on purpose.
    pub(super) fn nothing_typed_is_lost(&self) -> Result<(), TestCaseError> {
        for typed in &self.typed {
            prop_assert!(
                self.world.holds(&typed.0)
                    || self.world.has_saved(&typed.0)
                    || self.world.has_let_go(&typed.0)
                    || self.backend.has_stored(&typed.0),
                "`{}` is lost:\n{}",
                typed.0,
                self.world.screen(80, 24)
            );
        }
        Ok(())
    }

    fn dialogs_do_not_pile_up(&self) -> Result<(), TestCaseError> {
        let dialogs = self.world.open_dialogs();
        prop_assert!(dialogs <= MOST_DIALOGS, "{} dialogs are open", dialogs);
        Ok(())
    }

    /// Once every request is answered nothing is waited for; after another poll the screen has what the backend has.
    pub(super) fn check_the_end(&mut self) -> Result<(), TestCaseError> {
        self.answer_all()?;
        self.check(Size(80, 24))?;
        self.nothing_is_waited_for()?;
        // After a minute, the list alone decides.
        self.clock(120);
        self.collect()?;
        self.answer_all()?;
        self.poll();
        self.collect()?;
        self.answer_all()?;
        self.check(Size(80, 24))?;
        self.nothing_is_waited_for()?;
        if self.world.is_signed_in() {
            let date = self.world.date();
            prop_assert_eq!(self.world.accepted(), self.backend.list(date));
            prop_assert_eq!(self.world.version(), Some(self.backend.totals(date).version));
        }
        Ok(())
    }

    fn nothing_is_waited_for(&self) -> Result<(), TestCaseError> {
        let waits = self.world.waits_for();
        let screen = self.world.screen(80, 24);
        prop_assert!(
            waits.is_empty(),
            "every request is answered, but the screens wait for {:?}:\n{}",
            waits,
            screen
        );
        for words in ["saving…", "deleting…", "Loading the day…", "One moment…"] {
            prop_assert!(!screen.contains(words), "`{}` stays:\n{}", words, screen);
        }
        Ok(())
    }
}
