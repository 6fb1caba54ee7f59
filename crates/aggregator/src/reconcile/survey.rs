//! Both tables, read and compared.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Scope,
    reading::{SET_BY_USER, StoredTotals},
    tables::{BY_MOMENT, items},
};
use crate::{
    Amounts,
    record::{Image, image},
};

/// The days of users: the sums of the activity table and the stored totals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// The segments that are not scanned to their end.
    pub scans: Vec<Scan>,
    /// By user and date.
    counted: BTreeMap<String, BTreeMap<String, Amounts>>,
    /// By user and date.
    stored: BTreeMap<String, BTreeMap<String, StoredTotals>>,
    /// Entries that the scans have read so far.
    pub entries: u64,
    /// Entries that can't be read, and so are never booked.
    pub unreadable: u64,
    /// Rows of totals seen.
    pub rows: u64,
    /// Of these, days whose totals their users have set or deleted.
    #[serde(default)]
    pub set_by_users: u64,
}

/// One of the two tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScannedTable {
    /// The activity table.
    Activities,
    /// Totals, and markers, which are skipped.
    Aggregates,
}

/// One segment of a parallel scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// The table of the segment.
    pub table: ScannedTable,
    /// Index of the segment.
    pub segment: u32,
    /// The number of segments of the whole scan.
    pub of: u32,
    /// The last key that was read; `None` at the beginning.
    pub after: Option<Value>,
}

impl Scan {
    /// Operation and request of the next page: a `Query` for one user's rows, else a `Scan`.
    pub fn request(&self, scope: &Scope) -> (&'static str, Value) {
        let mut request = match self.table {
            ScannedTable::Activities => json!({
                "TableName": scope.activities,
                "ProjectionExpression": "id, userid, category, #date, creationDateTime, caloriesConsumed, rev, protein, fat, carbohydrate",
                "ExpressionAttributeNames": { "#date": "date" },
            }),
            ScannedTable::Aggregates => json!({
                "TableName": scope.aggregates,
                "ProjectionExpression": format!(
                    "userid, #date, caloriesConsumed, caloriesBurned, #version, entries, digest, protein, fat, carbohydrate, {SET_BY_USER}"
                ),
                "ExpressionAttributeNames": { "#date": "date", "#version": "version" },
            }),
        };
        let more = match (&scope.user, self.table) {
            (Some(user), table) => json!({
                "IndexName": (table == ScannedTable::Activities).then_some(BY_MOMENT),
                "KeyConditionExpression": "userid = :user",
                "ExpressionAttributeValues": { ":user": { "S": user } },
            }),
            (None, ScannedTable::Activities) => json!({ "ConsistentRead": true }),
            (None, ScannedTable::Aggregates) => json!({
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
            scans: scan(ScannedTable::Activities)
                .chain(scan(ScannedTable::Aggregates))
                .collect(),
            ..Self::default()
        }
    }

    /// Adds a page of `scan`. Returns the scan of the segment's next page, if there is one.
    pub fn take(&mut self, scope: &Scope, scan: &Scan, mut page: Value) -> Option<Scan> {
        for item in items(&mut page) {
            match scan.table {
                ScannedTable::Activities => self.entry(scope, &item),
                ScannedTable::Aggregates => self.row(scope, &item),
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
                let days = self.counted.entry(entry.userid).or_default();
                *days.entry(entry.date).or_default() += entry.amounts;
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
            let stored = StoredTotals::of(item);
            self.rows += 1;
            self.set_by_users += u64::from(stored.is_users_own());
            let days = self.stored.entry(user.to_owned()).or_default();
            days.insert(date.to_owned(), stored);
        }
    }

    /// The days whose stored totals differ from the recount, or lack a part of it that is to be filled, by user and date.
    pub fn suspects(&self, scope: &Scope) -> Vec<(String, String)> {
        let nothing = StoredTotals::default();
        let stored = |user: &String, date: &String| {
            self.stored
                .get(user)
                .and_then(|days| days.get(date))
                .unwrap_or(&nothing)
        };
        let mut suspects: Vec<(String, String)> = Vec::new();
        for (user, days) in &self.counted {
            for (date, recount) in days {
                let stored = stored(user, date);
                if stored.is_suspect(scope, recount) {
                    suspects.push((user.clone(), date.clone()));
                }
            }
        }
        for (user, days) in &self.stored {
            for (date, stored) in days {
                let uncounted = self.counted.get(user).is_none_or(|days| !days.contains_key(date));
                if uncounted && stored.is_suspect(scope, &Amounts::default()) {
                    suspects.push((user.clone(), date.clone()));
                }
            }
        }
        suspects.sort();
        suspects
    }
}
