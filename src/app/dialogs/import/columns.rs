//! Which column of a table has what.

use crate::app::{import::FileColumn, input::action::Motion};

/// The columns of a table, and what each has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnForm {
    columns: Vec<FileColumn>,
    /// What a column may have, with the number of the chosen one.
    keys: Vec<(String, Option<usize>)>,
    selected: usize,
}

impl ColumnForm {
    pub(super) const fn new(columns: Vec<FileColumn>, keys: Vec<(String, Option<usize>)>) -> Self {
        Self {
            columns,
            keys,
            selected: 0,
        }
    }

    /// What a column may have, with the chosen one.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (&str, Option<&FileColumn>)> {
        self.keys
            .iter()
            .map(|(key, column)| (key.as_str(), column.and_then(|column| self.columns.get(column))))
    }

    /// The index of the selected row.
    pub const fn selected(&self) -> usize {
        self.selected
    }

    /// The mapping as `--map` of the command takes it.
    pub(super) fn mapping(&self) -> String {
        let chosen = self
            .keys
            .iter()
            .filter_map(|(key, column)| Some(format!("{key}={}", (*column)?)));
        chosen.collect::<Vec<_>>().join(",")
    }

    pub(super) fn step(&mut self, motion: Motion, page: usize) {
        self.selected = motion.from(self.selected, page, self.keys.len().saturating_sub(1));
    }

    /// Chooses the next or the previous column for the selected row; none follows the last.
    pub(super) fn change(&mut self, is_next: bool) {
        let last = self.columns.len().checked_sub(1);
        if let Some((_, column)) = self.keys.get_mut(self.selected) {
            *column = match (*column, is_next) {
                (None, true) => last.map(|_| 0),
                (None, false) => last,
                (Some(at), true) => Some(at + 1).filter(|next| last.is_some_and(|last| *next <= last)),
                (Some(at), false) => at.checked_sub(1),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_chosen_in_a_circle_with_none() {
        let column = |name: &str| FileColumn {
            name: name.to_owned(),
            sample: String::new(),
        };
        let keys = ["date", "kcal"].map(|key| (key.to_owned(), Some(0)));
        let mut form = ColumnForm::new(vec![column("Day"), column("Energy")], keys.to_vec());
        form.step(Motion::Down, 8);
        form.change(true);
        assert_eq!(form.mapping(), "date=0,kcal=1");
        form.change(true);
        assert_eq!(form.mapping(), "date=0");
        form.change(false);
        assert_eq!(form.mapping(), "date=0,kcal=1");
        assert_eq!(form.rows().nth(1).unwrap().1, Some(&column("Energy")));
    }
}
