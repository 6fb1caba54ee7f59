//! Both tables, read and compared.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Scope,
    reading::{self, SET_BY_USER, Stored},
};
use crate::record::{Image, image};

/// Users' days: what the activity table adds up to, and what the table of totals says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// The scans that are still going on.
    pub scans: Vec<Scan>,
    /// By user and date: kcal consumed and burned.
    counted: BTreeMap<String, BTreeMap<String, (i64, i64)>>,
    /// By user and date.
    stored: BTreeMap<String, BTreeMap<String, Stored>>,
    /// Entries seen.
    pub entries: u64,
    /// Entries that can't be read, and so are never booked.
    pub unreadable: u64,
    /// Rows of totals seen.
    pub rows: u64,
    /// Of these, days whose totals their users have set or deleted.
    #[serde(default)]
    pub set_by_users: u64,
}

/// Which of the two tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Table {
    /// Entries.
    Activities,
    /// Totals, and markers, which are passed over.
    Aggregates,
}

/// One segment of a parallel scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// What is scanned.
    pub table: Table,
    /// Which segment.
    pub segment: u32,
    /// Of how many.
    pub of: u32,
    /// The last key that was read; none at the beginning.
    pub after: Option<Value>,
}

impl Scan {
    /// Operation and request of the next page. One user's rows are queried: there is no need to see everybody's.
    pub fn request(&self, scope: &Scope) -> (&'static str, Value) {
        let mut request = match self.table {
            Table::Activities => json!({
                "TableName": scope.activities,
                "ProjectionExpression": "id, userid, category, #date, creationDateTime, caloriesConsumed",
                "ExpressionAttributeNames": { "#date": "date" },
            }),
            Table::Aggregates => json!({
                "TableName": scope.aggregates,
                "ProjectionExpression": format!("userid, #date, caloriesConsumed, caloriesBurned, #version, {SET_BY_USER}"),
                "ExpressionAttributeNames": { "#date": "date", "#version": "version" },
            }),
        };
        let more = match (&scope.user, self.table) {
            (Some(user), table) => json!({
                "IndexName": (table == Table::Activities).then_some(reading::BY_MOMENT),
                "KeyConditionExpression": "userid = :user",
                "ExpressionAttributeValues": { ":user": { "S": user } },
            }),
            (None, Table::Activities) => json!({ "ConsistentRead": true }),
            (None, Table::Aggregates) => json!({
                "ConsistentRead": true,
                "FilterExpression": "NOT begins_with(userid, :marker)",
                "ExpressionAttributeValues": { ":marker": { "S": "evt#" } },
            }),
        };
        if let (Some(request), Value::Object(more)) = (request.as_object_mut(), more) {
            request.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
            if scope.user.is_none() {
                request.insert("Segment".to_owned(), json!(self.segment));
                request.insert("TotalSegments".to_owned(), json!(self.of));
            }
            if let Some(key) = &self.after {
                request.insert("ExclusiveStartKey".to_owned(), key.clone());
            }
        }
        (if scope.user.is_some() { "Query" } else { "Scan" }, request)
    }
}

/// A page's items, taken out of it.
pub(super) fn items(page: &mut Value) -> Vec<Value> {
    match page.get_mut("Items").map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

impl Survey {
    /// At the beginning of both tables, each in `segments` parts.
    pub fn new(segments: u32) -> Self {
        let scan = |table| {
            (0..segments).map(move |segment| Scan {
                table,
                segment,
                of: segments,
                after: None,
            })
        };
        Self {
            scans: scan(Table::Activities).chain(scan(Table::Aggregates)).collect(),
            ..Self::default()
        }
    }

    /// Takes a page of `scan` in; what is to be read next of its segment, if anything is.
    pub fn take(&mut self, scope: &Scope, scan: &Scan, mut page: Value) -> Option<Scan> {
        for item in items(&mut page) {
            match scan.table {
                Table::Activities => self.entry(scope, &item),
                Table::Aggregates => self.row(scope, &item),
            }
        }
        let next = page
            .get_mut("LastEvaluatedKey")
            .map(Value::take)
            .filter(Value::is_object);
        self.scans
            .retain(|other| (other.table, other.segment) != (scan.table, scan.segment));
        let next = Scan {
            after: Some(next?),
            ..scan.clone()
        };
        self.scans.push(next.clone());
        Some(next)
    }

    fn entry(&mut self, scope: &Scope, item: &Value) {
        self.entries += 1;
        match image(Some(item)) {
            Image::Counts(entry) if scope.covers(&entry.userid, &entry.date) => {
                let total = self
                    .counted
                    .entry(entry.userid)
                    .or_default()
                    .entry(entry.date)
                    .or_default();
                total.0 += entry.consumed;
                total.1 += entry.burned;
            }
            Image::Unreadable(_) => self.unreadable += 1,
            Image::Counts(_) | Image::CountsNothing => {}
        }
    }

    fn row(&mut self, scope: &Scope, item: &Value) {
        let text = |name: &str| item.get(name)?.get("S")?.as_str();
        let (Some(user), Some(date), Some(item)) = (text("userid"), text("date"), item.as_object()) else {
            return;
        };
        if scope.covers(user, date) {
            let stored = Stored::of(item);
            self.rows += 1;
            self.set_by_users += u64::from(stored.is_users_own());
            let days = self.stored.entry(user.to_owned()).or_default();
            days.insert(date.to_owned(), stored);
        }
    }

    /// The users' days whose totals are others than the recount, by user and date.
    pub fn suspects(&self, scope: &Scope) -> Vec<(String, String)> {
        let nothing = Stored::default();
        let stored = |user: &String, date: &String| {
            self.stored
                .get(user)
                .and_then(|days| days.get(date))
                .unwrap_or(&nothing)
        };
        let counted = |user: &String, date: &String| {
            let days = self.counted.get(user);
            days.and_then(|days| days.get(date)).copied().unwrap_or_default()
        };
        let mut suspects: Vec<(String, String)> = Vec::new();
        for (user, days) in &self.counted {
            for (date, recount) in days {
                let stored = stored(user, date);
                if stored.drifts(scope, *recount) {
                    suspects.push((user.clone(), date.clone()));
                }
            }
        }
        for (user, days) in &self.stored {
            for (date, stored) in days {
                let uncounted = self.counted.get(user).is_none_or(|days| !days.contains_key(date));
                if uncounted && stored.drifts(scope, counted(user, date)) {
                    suspects.push((user.clone(), date.clone()));
                }
            }
        }
        suspects.sort();
        suspects
    }
}
