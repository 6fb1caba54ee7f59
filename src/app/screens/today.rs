//! The Today screen: the selection in the list of a day.

use crate::app::{input::action::Motion, log::rows::Row};

/// The selection. It stays on its entry while others come and go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Today {
    /// The index of the selected row.
    pub selected: usize,
    id: Option<String>,
}

impl Today {
    /// The selected row; none on a day without entries.
    pub fn selection<'a>(&self, rows: &'a [Row]) -> Option<&'a Row> {
        rows.get(self.selected)
    }

    /// Moves the selection in the list of `rows`.
    pub(in crate::app) fn move_by(&mut self, motion: Motion, page: usize, rows: &[Row]) {
        self.select_row(motion.from(self.selected, page, last(rows)), rows);
    }

    /// Selects an entry, if it is in the list.
    pub(in crate::app) fn select(&mut self, id: &str, rows: &[Row]) {
        if let Some(at) = rows.iter().position(|row| row.activity.id == id) {
            self.select_row(at, rows);
        }
    }

    /// Selects the last entry.
    pub(in crate::app) fn select_last(&mut self, rows: &[Row]) {
        self.select_row(last(rows), rows);
    }

    /// The list has changed: the selection stays on its entry, or on its place if the entry is gone.
    pub(in crate::app) fn follow(&mut self, rows: &[Row]) {
        let id = self.id.as_deref();
        let found = id.and_then(|id| rows.iter().position(|row| row.activity.id == id));
        self.select_row(found.unwrap_or(self.selected).min(last(rows)), rows);
    }

    fn select_row(&mut self, at: usize, rows: &[Row]) {
        self.selected = at;
        match (rows.get(at), &mut self.id) {
            (Some(row), Some(id)) if *id == row.activity.id => {}
            (row, id) => *id = row.map(|row| row.activity.id.clone()),
        }
    }
}

fn last(rows: &[Row]) -> usize {
    rows.len().saturating_sub(1)
}
