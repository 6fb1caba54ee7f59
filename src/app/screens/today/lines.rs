//! The lines of the list of a day: its entries, by type under headings with subtotals, or by time.

use std::collections::HashMap;

use caltrack_domain::Booking;

use crate::app::{
    log::rows::{Mark, Row},
    preferences::Order,
};

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The heading of the entries that follow it.
    Group(Group),
    /// The entry with this index among the day's rows.
    Entry(usize),
}

/// The heading of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What its entries have in common.
    pub key: GroupKey,
    /// kcal of its entries as they will be once their changes are sent.
    pub kcal: u64,
    /// The number of its entries.
    pub count: usize,
}

/// What the entries of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GroupKey {
    /// The total that they count for.
    pub booking: Booking,
    /// Their type; of exercise the category.
    pub title: String,
}

impl GroupKey {
    fn of(row: &Row) -> Self {
        let (booking, title) = key(row);
        Self {
            booking,
            title: title.to_owned(),
        }
    }

    fn is_of(&self, row: &Row) -> bool {
        key(row) == (self.booking, &*self.title)
    }
}

fn key(row: &Row) -> (Booking, &str) {
    let entry = &row.activity.entry;
    let booking = Booking::of(&entry.category);
    let title = match booking {
        Booking::Burned => &entry.category,
        Booking::Consumed | Booking::Nothing => &entry.kind,
    };
    (booking, title)
}

/// What an entry adds to the subtotal of its group.
fn kcal(row: &Row) -> u64 {
    match row.mark {
        Mark::Saved | Mark::Saving | Mark::Queued => u64::from(row.activity.entry.kcal),
        Mark::Deleting | Mark::Rejected => 0,
    }
}

/// The lines of a day's rows.
pub(super) fn arranged(rows: &[Row], order: Order) -> Vec<Line> {
    match order {
        Order::ByTime => (0..rows.len()).map(Line::Entry).collect(),
        Order::ByType => by_type(rows),
    }
}

/// Groups in the order of their first entries, exercise last.
fn by_type(rows: &[Row]) -> Vec<Line> {
    let mut places: HashMap<(Booking, &str), usize> = HashMap::new();
    let mut groups: Vec<(Group, Vec<usize>)> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let place = *places.entry(key(row)).or_insert(groups.len());
        if place == groups.len() {
            let group = Group {
                key: GroupKey::of(row),
                kcal: 0,
                count: 0,
            };
            groups.push((group, Vec::new()));
        }
        if let Some((group, entries)) = groups.get_mut(place) {
            group.kcal += kcal(row);
            group.count += 1;
            entries.push(at);
        }
    }
    groups.sort_by_key(|(group, _)| group.key.booking == Booking::Burned);
    let mut lines = Vec::with_capacity(rows.len() + groups.len());
    for (group, entries) in groups {
        lines.push(Line::Group(group));
        lines.extend(entries.into_iter().map(Line::Entry));
    }
    lines
}

/// Brings lines up to date after row `at` was inserted; returns whether that was possible. Otherwise they are to be arranged.
pub(super) fn insert(lines: &mut Vec<Line>, rows: &[Row], at: usize, order: Order) -> bool {
    let Some(row) = rows.get(at) else {
        return false;
    };
    let heading = match order {
        Order::ByTime => None,
        Order::ByType => {
            let heading = lines
                .iter()
                .position(|line| matches!(line, Line::Group(group) if group.key.is_of(row)));
            // A new group, or one that begins earlier now, may have another place.
            match heading.map(|heading| (heading, lines.get(heading + 1))) {
                Some((heading, Some(Line::Entry(first)))) if *first < at => Some(heading),
                _ => return false,
            }
        }
    };
    for line in &mut *lines {
        if let Line::Entry(entry) = line
            && *entry >= at
        {
            *entry += 1;
        }
    }
    let Some(heading) = heading else {
        lines.insert(at, Line::Entry(at));
        return true;
    };
    if let Some(Line::Group(group)) = lines.get_mut(heading) {
        group.kcal += kcal(row);
        group.count += 1;
    }
    let below = lines.get(heading + 1..).unwrap_or_default();
    let earlier = below
        .iter()
        .take_while(|line| matches!(line, Line::Entry(entry) if *entry < at))
        .count();
    lines.insert(heading + 1 + earlier, Line::Entry(at));
    true
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use caltrack_domain::{Activity, Entry};
    use jiff::{ToSpan as _, civil::date};
    use proptest::prelude::*;

    use super::*;

    const KINDS: [(&str, &str); 5] = [
        ("Food", "Lunch"),
        ("Drink", "Lunch"),
        ("Drink", "Tea"),
        ("Exercise", "Run"),
        ("Exercise", "Lunch"),
    ];

    fn row(minute: i64, kind: usize, kcal: u32, mark: Mark) -> Row {
        let day = date(2026, 11, 23);
        let moment = day.in_tz("UTC").unwrap().timestamp() + minute.minutes();
        let (category, kind) = KINDS[kind];
        Row {
            activity: Arc::new(Activity {
                id: minute.to_string(),
                owner: "u".to_owned(),
                entry: Entry::new(day, moment, category, kind, kcal),
                rev: 1,
            }),
            mark,
        }
    }

    /// Headings with their subtotals, and the indices of entries.
    fn shown(lines: &[Line]) -> Vec<String> {
        let line = |line: &Line| match line {
            Line::Group(group) => format!("{} {} of {}", group.key.title, group.kcal, group.count),
            Line::Entry(at) => at.to_string(),
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn types_have_headings_in_the_order_of_their_first_entries_and_exercise_comes_last() {
        let rows = [
            row(1, 3, 300, Mark::Saved),
            row(2, 2, 30, Mark::Saved),
            row(3, 0, 600, Mark::Queued),
            row(4, 2, 5, Mark::Saving),
            row(5, 1, 50, Mark::Saved),
            row(6, 4, 100, Mark::Saved),
        ];
        assert_eq!(
            shown(&arranged(&rows, Order::ByType)),
            [
                "Tea 35 of 2",
                "1",
                "3",
                "Lunch 650 of 2",
                "2",
                "4",
                "Exercise 400 of 2",
                "0",
                "5"
            ]
        );
        assert_eq!(
            shown(&arranged(&rows, Order::ByTime)),
            ["0", "1", "2", "3", "4", "5"]
        );
    }

    #[test]
    fn what_is_being_deleted_or_was_rejected_is_not_in_the_subtotal() {
        let rows = [
            row(1, 0, 600, Mark::Saved),
            row(2, 0, 50, Mark::Deleting),
            row(3, 0, 7, Mark::Rejected),
        ];
        assert_eq!(shown(&arranged(&rows, Order::ByType))[0], "Lunch 600 of 3");
    }

    proptest! {
        #[test]
        fn lines_that_take_an_insertion_are_those_that_would_be_arranged(
            rows in prop::collection::btree_map(0_i64..90, (0..KINDS.len(), 1_u32..9), 1..30),
            at in any::<prop::sample::Index>(),
        ) {
            let rows: Vec<Row> = rows.into_iter().map(|(minute, (kind, kcal))| row(minute, kind, kcal, Mark::Saved)).collect();
            let at = at.index(rows.len());
            let mut before = rows.clone();
            before.remove(at);
            for order in [Order::ByType, Order::ByTime] {
                let mut lines = arranged(&before, order);
                let arranged = arranged(&rows, order);
                if insert(&mut lines, &rows, at, order) {
                    prop_assert_eq!(&lines, &arranged);
                } else {
                    prop_assert_eq!(order, Order::ByType);
                }
            }
        }
    }
}
