//! The Today screen: the selection and the marks in the list of a day.

use std::collections::BTreeSet;

use crate::app::{input::action::Motion, log::rows::Row};

/// The selection, which stays on its entry while others come and go, and the marks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Today {
    /// The index of the selected row.
    pub selected: usize,
    id: Option<String>,
    /// The ids of the marked entries.
    marked: BTreeSet<String>,
}

impl Today {
    /// The selected row; none on a day without entries.
    pub fn selection<'a>(&self, rows: &'a [Row]) -> Option<&'a Row> {
        rows.get(self.selected)
    }

    /// Whether an entry is marked.
    pub fn is_marked(&self, id: &str) -> bool {
        self.marked.contains(id)
    }

    /// How many entries are marked.
    pub fn marked_count(&self) -> usize {
        self.marked.len()
    }

    /// Marks the selected entry, or takes its mark off.
    pub(in crate::app) fn mark(&mut self, rows: &[Row]) {
        if let Some(row) = self.selection(rows) {
            let id = row.activity.id.clone();
            if !self.marked.remove(&id) {
                self.marked.insert(id);
            }
        }
    }

    /// Takes the marks off some entries.
    pub(in crate::app) fn unmark<'a>(&mut self, ids: impl Iterator<Item = &'a str>) {
        if !self.marked.is_empty() {
            for id in ids {
                self.marked.remove(id);
            }
        }
    }

    /// Takes all marks off.
    pub(in crate::app) fn unmark_all(&mut self) {
        self.marked.clear();
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
        if !self.marked.is_empty() {
            let listed: BTreeSet<&str> = rows.iter().map(|row| row.activity.id.as_str()).collect();
            self.marked.retain(|id| listed.contains(id.as_str()));
        }
        let id = self.id.as_deref();
        if id.is_some() && rows.get(self.selected).map(|row| row.activity.id.as_str()) == id {
            return;
        }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use caltrack_domain::{Activity, Entry};
    use jiff::civil::date;

    use super::*;
    use crate::app::log::rows::Mark;

    fn rows(ids: &[&str]) -> Vec<Row> {
        ids.iter()
            .map(|id| Row {
                activity: Arc::new(Activity {
                    id: (*id).to_owned(),
                    owner: "u".to_owned(),
                    entry: Entry::new(
                        date(2026, 11, 23),
                        "2026-11-23T07:30:00Z".parse().unwrap(),
                        "Food",
                        "Lunch",
                        650,
                    ),
                    rev: 1,
                }),
                mark: Mark::Saved,
            })
            .collect()
    }

    #[test]
    fn the_selection_stays_on_its_entry() {
        let mut today = Today::default();
        today.select("b", &rows(&["a", "b", "c"]));
        today.follow(&rows(&["x", "a", "b", "c"]));
        assert_eq!(today.selected, 2);
        today.follow(&rows(&["b"]));
        assert_eq!(today.selected, 0);
    }

    #[test]
    fn the_selection_stays_in_its_place_if_the_entry_is_gone() {
        let mut today = Today::default();
        today.select("b", &rows(&["a", "b", "c"]));
        today.follow(&rows(&["a", "c"]));
        assert_eq!(today.selected, 1);
        // From now on it is on that entry.
        today.follow(&rows(&["a", "b", "c"]));
        assert_eq!(today.selected, 2);
        today.follow(&rows(&["a"]));
        assert_eq!(today.selected, 0);
        today.follow(&[]);
        assert_eq!(today.selection(&[]), None);
        today.follow(&rows(&["a", "b"]));
        assert_eq!(today.selected, 0);
    }

    #[test]
    fn an_entry_that_is_not_listed_is_not_selected() {
        let mut today = Today::default();
        let list = rows(&["a", "b"]);
        today.select_last(&list);
        today.select("x", &list);
        assert_eq!(today.selected, 1);
        today.move_by(Motion::Up, 10, &list);
        today.move_by(Motion::Up, 10, &list);
        assert_eq!(today.selected, 0);
    }
}
