//! The Today screen: the lines of the list of a day, the selected one, and the marks.

mod lines;

use std::collections::BTreeSet;

pub use self::lines::{Group, GroupKey, Line};
use crate::app::{
    input::action::Motion,
    log::{day::RowsChange, rows::Row},
    preferences::Order,
};

/// The lines, the selection and the marks. The selection stays on its entry or heading while others come and go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Today {
    /// The lines of the list, arranged whenever the rows change.
    pub lines: Vec<Line>,
    /// The index of the selected line.
    pub selected: usize,
    place: Option<Place>,
    /// The ids of the marked entries.
    marked: BTreeSet<String>,
    /// The number of the rows' change and the order that the lines follow from.
    arranged: Option<(u64, Order)>,
}

/// What a line stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// The entry of this id.
    Entry(String),
    Group(GroupKey),
}

impl Place {
    fn of(line: &Line, rows: &[Row]) -> Option<Self> {
        match line {
            Line::Group(group) => Some(Self::Group(group.key.clone())),
            Line::Entry(at) => Some(Self::Entry(rows.get(*at)?.activity.id.clone())),
        }
    }

    fn is(&self, line: &Line, rows: &[Row]) -> bool {
        match (self, line) {
            (Self::Entry(id), Line::Entry(at)) => rows.get(*at).is_some_and(|row| row.activity.id == *id),
            (Self::Group(key), Line::Group(group)) => *key == group.key,
            (Self::Entry(_), Line::Group(_)) | (Self::Group(_), Line::Entry(_)) => false,
        }
    }
}

impl Today {
    /// The row of the selected line; none on a heading, and on a day without entries.
    pub fn selection<'a>(&self, rows: &'a [Row]) -> Option<&'a Row> {
        match self.lines.get(self.selected)? {
            Line::Entry(at) => rows.get(*at),
            Line::Group(_) => None,
        }
    }

    /// The selected heading, and the rows below it; none on an entry.
    pub fn selected_group<'a>(&self, rows: &'a [Row]) -> Option<(&Group, Vec<&'a Row>)> {
        let Some(Line::Group(group)) = self.lines.get(self.selected) else {
            return None;
        };
        let below = self.lines.get(self.selected + 1..).unwrap_or_default();
        let entries = below.iter().map_while(|line| match line {
            Line::Entry(at) => rows.get(*at),
            Line::Group(_) => None,
        });
        Some((group, entries.collect()))
    }

    /// Whether an entry is marked.
    pub fn is_marked(&self, id: &str) -> bool {
        self.marked.contains(id)
    }

    /// How many entries are marked.
    pub fn marked_count(&self) -> usize {
        self.marked.len()
    }

    /// Marks the selected entry, or those of the selected heading; if all of them are marked, takes their marks off. Goes on to the
    /// next entry or heading.
    pub(in crate::app) fn mark(&mut self, rows: &[Row]) {
        let group = self.selected_group(rows).map(|(_, entries)| entries);
        let is_entry = group.is_none();
        let chosen = group.unwrap_or_else(|| self.selection(rows).into_iter().collect());
        let ids: Vec<String> = chosen.iter().map(|row| row.activity.id.clone()).collect();
        if ids.iter().all(|id| self.marked.contains(id)) {
            self.unmark(ids.iter().map(String::as_str));
        } else {
            self.marked.extend(ids);
        }
        let below = self.lines.iter().enumerate().skip(self.selected + 1);
        let next = below
            .filter(|(_, line)| matches!(line, Line::Entry(_)) == is_entry)
            .map(|(at, _)| at)
            .next();
        if let Some(next) = next {
            self.select_line(next, rows);
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

    /// Moves the selection from a heading to its first entry, since another order has no headings.
    pub(in crate::app) fn leave_heading(&mut self, rows: &[Row]) {
        self.select_line(self.entry_near(self.selected), rows);
    }

    /// Moves the selection in the list.
    pub(in crate::app) fn move_by(&mut self, motion: Motion, page: usize, rows: &[Row]) {
        self.select_line(motion.from(self.selected, page, self.last()), rows);
    }

    /// Selects an entry, if it is in the list.
    pub(in crate::app) fn select(&mut self, id: &str, rows: &[Row]) {
        if let Some(at) = rows.iter().position(|row| row.activity.id == id) {
            self.select_row(at, rows);
        }
    }

    /// Selects the entry of the latest moment.
    pub(in crate::app) fn select_last(&mut self, rows: &[Row]) {
        self.select_row(rows.len().saturating_sub(1), rows);
    }

    fn select_row(&mut self, row: usize, rows: &[Row]) {
        if let Some(line) = self.lines.iter().position(|line| *line == Line::Entry(row)) {
            self.select_line(line, rows);
        }
    }

    /// The rows may have changed: arranges the lines, and keeps the selection on its entry or heading, or in its place if that is
    /// gone.
    pub(in crate::app) fn follow(&mut self, rows: &[Row], change: RowsChange, order: Order) {
        self.arrange(rows, change, order);
        let is_there = |line: &Line| self.place.as_ref().is_some_and(|place| place.is(line, rows));
        if self.lines.get(self.selected).is_some_and(is_there) {
            return;
        }
        let found = self.lines.iter().position(is_there);
        let at = found.unwrap_or_else(|| self.entry_near(self.selected));
        self.select_line(at, rows);
    }

    /// The line with this index, or below it if that is a heading.
    fn entry_near(&self, at: usize) -> usize {
        let at = at.min(self.last());
        match self.lines.get(at) {
            Some(Line::Group(_)) => at + 1,
            Some(Line::Entry(_)) | None => at,
        }
    }

    fn arrange(&mut self, rows: &[Row], change: RowsChange, order: Order) {
        let before = self.arranged.replace((change.number, order));
        if before == self.arranged {
            return;
        }
        if !self.marked.is_empty() {
            let listed: BTreeSet<&str> = rows.iter().map(|row| row.activity.id.as_str()).collect();
            self.marked.retain(|id| listed.contains(id.as_str()));
        }
        let is_next = before.is_some_and(|(before, same)| before + 1 == change.number && same == order);
        let follows = match change.inserted {
            Some(at) if is_next => lines::insert(&mut self.lines, rows, at, order),
            Some(_) | None => false,
        };
        if !follows {
            self.lines = lines::arranged(rows, order);
        }
    }

    fn select_line(&mut self, at: usize, rows: &[Row]) {
        self.selected = at;
        self.place = self.lines.get(at).and_then(|line| Place::of(line, rows));
    }

    fn last(&self) -> usize {
        self.lines.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use caltrack_domain::{Activity, Entry};
    use jiff::civil::date;

    use super::*;
    use crate::app::log::rows::Mark;

    fn rows(ids: &[&str]) -> Vec<Row> {
        let row = |(id, kind): (&&str, &str)| Row {
            activity: Arc::new(Activity {
                id: (*id).to_owned(),
                owner: "u".to_owned(),
                entry: Entry::new(
                    date(2026, 11, 23),
                    "2026-11-23T07:30:00Z".parse().unwrap(),
                    "Food",
                    kind,
                    650,
                ),
                rev: 1,
            }),
            mark: Mark::Saved,
        };
        ids.iter()
            .zip(["Lunch", "Dinner"].into_iter().cycle())
            .map(row)
            .collect()
    }

    /// The lists of a test, each a change of the one before.
    #[derive(Default)]
    struct List {
        number: u64,
        order: Order,
    }

    impl List {
        fn by_time() -> Self {
            Self {
                order: Order::ByTime,
                ..Self::default()
            }
        }

        fn show(&mut self, today: &mut Today, ids: &[&str]) -> Vec<Row> {
            self.number += 1;
            let rows = rows(ids);
            let change = RowsChange {
                number: self.number,
                inserted: None,
            };
            today.follow(&rows, change, self.order);
            rows
        }
    }

    fn selected<'a>(today: &Today, rows: &'a [Row]) -> Option<&'a str> {
        today.selection(rows).map(|row| &*row.activity.id)
    }

    #[test]
    fn the_selection_stays_on_its_entry() {
        let (mut today, mut list) = (Today::default(), List::by_time());
        let rows = list.show(&mut today, &["a", "b", "c"]);
        today.select("b", &rows);
        list.show(&mut today, &["x", "a", "b", "c"]);
        assert_eq!(today.selected, 2);
        list.show(&mut today, &["b"]);
        assert_eq!(today.selected, 0);
    }

    #[test]
    fn the_selection_stays_in_its_place_if_the_entry_is_gone() {
        let (mut today, mut list) = (Today::default(), List::by_time());
        let rows = list.show(&mut today, &["a", "b", "c"]);
        today.select("b", &rows);
        list.show(&mut today, &["a", "c"]);
        assert_eq!(today.selected, 1);
        // From now on it is on that entry.
        list.show(&mut today, &["a", "b", "c"]);
        assert_eq!(today.selected, 2);
        list.show(&mut today, &["a"]);
        assert_eq!(today.selected, 0);
        let rows = list.show(&mut today, &[]);
        assert_eq!(today.selection(&rows), None);
        list.show(&mut today, &["a", "b"]);
        assert_eq!(today.selected, 0);
    }

    #[test]
    fn an_entry_that_is_not_listed_is_not_selected() {
        let (mut today, mut list) = (Today::default(), List::by_time());
        let rows = list.show(&mut today, &["a", "b"]);
        today.select_last(&rows);
        today.select("x", &rows);
        assert_eq!(today.selected, 1);
        today.move_by(Motion::Up, 10, &rows);
        today.move_by(Motion::Up, 10, &rows);
        assert_eq!(today.selected, 0);
    }

    #[test]
    fn a_heading_is_selected_with_its_entries_and_stays() {
        let (mut today, mut list) = (Today::default(), List::default());
        // Lunch: a, c; Dinner: b, d.
        let rows = list.show(&mut today, &["a", "b", "c", "d"]);
        assert_eq!(
            selected(&today, &rows),
            Some("a"),
            "a heading is only selected by a key"
        );
        today.move_by(Motion::Last, 10, &rows);
        assert_eq!(selected(&today, &rows), Some("d"));
        today.move_by(Motion::Up, 10, &rows);
        today.move_by(Motion::Up, 10, &rows);
        let (group, entries) = today.selected_group(&rows).unwrap();
        assert_eq!((&*group.key.title, group.kcal), ("Dinner", 1_300));
        let ids: Vec<&str> = entries.iter().map(|row| &*row.activity.id).collect();
        assert_eq!(ids, ["b", "d"]);
        assert_eq!(selected(&today, &rows), None);
        let rows = list.show(&mut today, &["a", "b", "c", "d", "e"]);
        let group = today.selected_group(&rows).map(|(group, _)| &*group.key.title);
        assert_eq!(group, Some("Dinner"));
        let rows = list.show(&mut today, &["a"]);
        assert_eq!(selected(&today, &rows), Some("a"));
    }

    #[test]
    fn the_order_changes_around_the_selected_entry() {
        let (mut today, mut list) = (Today::default(), List::default());
        let ids = ["a", "b", "c", "d"];
        let rows = list.show(&mut today, &ids);
        today.select("c", &rows);
        assert_eq!(today.selected, 2);
        list.order = Order::ByTime;
        let rows = list.show(&mut today, &ids);
        assert_eq!((selected(&today, &rows), today.selected), (Some("c"), 2));
        list.order = Order::ByType;
        let rows = list.show(&mut today, &ids);
        today.move_by(Motion::Down, 10, &rows);
        assert!(today.selected_group(&rows).is_some());
        today.leave_heading(&rows);
        list.order = Order::ByTime;
        let rows = list.show(&mut today, &ids);
        assert_eq!(selected(&today, &rows), Some("b"));
    }
}
