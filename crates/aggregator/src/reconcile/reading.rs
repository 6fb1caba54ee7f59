//! One user's day: the recount and the stored totals.

use std::{collections::BTreeMap, fmt};

use caltrack_domain::Grams;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    ReconcileStore, Scope,
    tables::{BY_DATE, BY_MOMENT, items},
};
use crate::{
    Amounts, StoreError,
    record::{Image, image},
};

/// The mark that the resolvers of `createUserAggregate`, `updateUserAggregate` and `deleteUserAggregate` leave in a row.
pub(super) const SET_BY_USER: &str = "setByUser";

/// A figure exactly as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Figure {
    /// A number, as the decimal text that is stored.
    Number(String),
    /// An attribute of another type, in DynamoDB's JSON: no resolver and no aggregation writes one.
    Other(Value),
}

impl Figure {
    fn of(attribute: &Value) -> Self {
        match attribute.get("N").and_then(Value::as_str) {
            Some(digits) => Self::Number(digits.to_owned()),
            None => Self::Other(attribute.clone()),
        }
    }

    /// The figure in DynamoDB's JSON.
    pub fn attribute(&self) -> Value {
        match self {
            Self::Number(digits) => json!({ "N": digits }),
            Self::Other(attribute) => attribute.clone(),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(digits) => f.write_str(digits),
            Self::Other(attribute) => attribute.fmt(f),
        }
    }
}

/// The figures of a stored row; `None` if the row or the attribute is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredTotals {
    /// The row's `caloriesConsumed`, if it has one.
    pub consumed: Option<Figure>,
    /// The row's `caloriesBurned`, if it has one.
    pub burned: Option<Figure>,
    /// `version`; the workshop's function wrote none.
    pub version: Option<Figure>,
    /// The number of entries; absent from kcal-only rows.
    pub entries: Option<Figure>,
    /// The digest of the entries.
    pub digest: Option<Figure>,
    /// g of protein.
    pub protein: Option<Figure>,
    /// g of fat.
    pub fat: Option<Figure>,
    /// g of carbohydrate.
    pub carbohydrate: Option<Figure>,
    /// Its user has written the day's totals by the API (`createUserAggregate`, `updateUserAggregate`, `deleteUserAggregate`).
    #[serde(default, rename = "setByUser")]
    pub set_by_user: bool,
}

impl StoredTotals {
    /// Reads an item of the table of totals.
    pub fn of(item: &Map<String, Value>) -> Self {
        let figure = |name: &str| item.get(name).map(Figure::of);
        Self {
            consumed: figure("caloriesConsumed"),
            burned: figure("caloriesBurned"),
            version: figure("version"),
            entries: figure("entries"),
            digest: figure("digest"),
            protein: figure("protein"),
            fat: figure("fat"),
            carbohydrate: figure("carbohydrate"),
            set_by_user: item.contains_key(SET_BY_USER),
        }
    }

    /// Each figure by its name in the row.
    pub(super) fn figures(&self) -> [(&'static str, &Option<Figure>); 8] {
        [
            ("caloriesConsumed", &self.consumed),
            ("caloriesBurned", &self.burned),
            ("version", &self.version),
            ("entries", &self.entries),
            ("digest", &self.digest),
            ("protein", &self.protein),
            ("fat", &self.fat),
            ("carbohydrate", &self.carbohydrate),
        ]
    }

    /// Whether there is no row, or only its key.
    pub(super) fn is_absent(&self) -> bool {
        !self.set_by_user && self.figures().iter().all(|(_, figure)| figure.is_none())
    }

    /// Whether kcal equal a recount. An absent row or figure counts as zero.
    fn equals_kcal(&self, recount: &Amounts) -> bool {
        is(self.consumed.as_ref(), &recount.consumed.to_string())
            && is(self.burned.as_ref(), &recount.burned.to_string())
    }

    /// Whether what is counted beside kcal equals a recount. What a kcal-only row lacks is unknown, and equals any.
    fn equals_counted(&self, recount: &Amounts) -> bool {
        self.entries.is_none() || {
            let stored = [
                &self.entries,
                &self.digest,
                &self.protein,
                &self.fat,
                &self.carbohydrate,
            ];
            stored
                .iter()
                .zip(recount.counted())
                .all(|(stored, (_, counted))| is(stored.as_ref(), &counted))
        }
    }

    /// Whether this is a kcal-only row, or no row where there are entries.
    pub fn lacks_counts(&self, recount: &Amounts) -> bool {
        self.entries.is_none() && (!self.is_absent() || recount.entries != 0)
    }

    /// Whether its user has set or deleted the day's totals. `deleteUserAggregate` keeps the version; rows that were
    /// deleted before the mark existed have nothing else.
    pub fn is_users_own(&self) -> bool {
        self.set_by_user || (self.version.is_some() && self.consumed.is_none() && self.burned.is_none())
    }

    /// Whether these totals differ from the recount and should match it. Users write kcal alone.
    pub fn drifts(&self, scope: &Scope, recount: &Amounts) -> bool {
        !self.equals_counted(recount)
            || (!self.equals_kcal(recount) && (scope.include_set || !self.is_users_own()))
    }

    /// Whether the day has to be read on its own.
    pub fn is_suspect(&self, scope: &Scope, recount: &Amounts) -> bool {
        self.drifts(scope, recount) || (scope.backfill && self.lacks_counts(recount))
    }
}

/// Whether a stored figure is a number, as its shortest decimal text. An absent figure is zero.
fn is(stored: Option<&Figure>, counted: &str) -> bool {
    match stored {
        None => counted == "0",
        Some(Figure::Number(digits)) => {
            digits == counted
                || Grams::from_decimal(digits)
                    .is_some_and(|number| Some(number) == Grams::from_decimal(counted))
        }
        Some(Figure::Other(_)) => false,
    }
}

/// A user's day as it was read at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The user's `sub`.
    pub user: String,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// The sum of the activity table's entries.
    pub recount: Amounts,
    /// The totals of the stored row.
    pub stored: StoredTotals,
    /// Time of the reading, in seconds since 1970.
    pub at: i64,
}

impl Reading {
    /// Whether the stored totals differ from the recount and should match it.
    pub fn drifts(&self, scope: &Scope) -> bool {
        self.stored.drifts(scope, &self.recount)
    }

    /// Whether the day has to be written, as far as this reading shows.
    pub fn is_suspect(&self, scope: &Scope) -> bool {
        self.stored.is_suspect(scope, &self.recount)
    }

    /// Whether another reading found the same.
    pub fn equals(&self, other: &Self) -> bool {
        (self.recount, &self.stored) == (other.recount, &other.stored)
    }
}

/// Reads one user's day.
///
/// The entries come from the indexes, which are eventually consistent: only two equal readings prove a drift. Tables of the
/// workshop's template have no index by date: there all entries of the user are read.
///
/// # Errors
///
/// [`StoreError`] of any of the reads.
pub async fn read(
    tables: &dyn ReconcileStore,
    scope: &Scope,
    user: &str,
    date: &str,
    at: i64,
) -> Result<Reading, StoreError> {
    let mut entries: BTreeMap<String, Value> = BTreeMap::new();
    let by_date = json!({
        "TableName": scope.activities,
        "IndexName": BY_DATE,
        "KeyConditionExpression": "userid = :user AND #date = :date",
        "ExpressionAttributeNames": { "#date": "date" },
        "ExpressionAttributeValues": { ":user": { "S": user }, ":date": { "S": date } },
    });
    match all(tables, by_date, &mut entries).await {
        Err(StoreError::Rejected(_)) => {
            entries.clear();
            let of_user = json!({
                "TableName": scope.activities,
                "IndexName": BY_MOMENT,
                "KeyConditionExpression": "userid = :user",
                "ExpressionAttributeValues": { ":user": { "S": user } },
            });
            all(tables, of_user, &mut entries).await?;
        }
        Err(error) => return Err(error),
        Ok(()) => without_date(tables, scope, user, date, &mut entries).await?,
    }
    let mut recount = Amounts::default();
    for item in entries.values() {
        if let Image::Counts(entry) = image(Some(item))
            && (entry.userid.as_str(), entry.date.as_str()) == (user, date)
        {
            recount += entry.amounts;
        }
    }
    let row = tables
        .read("GetItem", crate::fold::read(&scope.aggregates, user, date))
        .await?;
    let stored = row
        .get("Item")
        .and_then(Value::as_object)
        .map(StoredTotals::of)
        .unwrap_or_default();
    Ok(Reading {
        user: user.to_owned(),
        date: date.to_owned(),
        recount,
        stored,
        at,
    })
}

/// The entries around a day that have no `date`.
async fn without_date(
    tables: &dyn ReconcileStore,
    scope: &Scope,
    user: &str,
    date: &str,
    entries: &mut BTreeMap<String, Value>,
) -> Result<(), StoreError> {
    // Entries that other programs wrote may have any offset, so their UTC day is within a day of their text's.
    if let Ok(day) = caltrack_domain::parse_day(date) {
        let (eve, morrow) = (
            day.yesterday().unwrap_or(day),
            day.saturating_add(jiff::Span::new().days(2)),
        );
        let by_moment = json!({
            "TableName": scope.activities,
            "IndexName": BY_MOMENT,
            "KeyConditionExpression": "userid = :user AND creationDateTime BETWEEN :from AND :to",
            "FilterExpression": "attribute_not_exists(#date) OR attribute_type(#date, :null)",
            "ExpressionAttributeNames": { "#date": "date" },
            "ExpressionAttributeValues": {
                ":user": { "S": user },
                ":from": { "S": eve.to_string() },
                ":to": { "S": morrow.to_string() },
                ":null": { "S": "NULL" },
            },
        });
        all(tables, by_moment, entries).await?;
    }
    Ok(())
}

/// All pages of a query, by the entries' ids.
async fn all(
    tables: &dyn ReconcileStore,
    mut request: Value,
    entries: &mut BTreeMap<String, Value>,
) -> Result<(), StoreError> {
    loop {
        let mut page = tables.read("Query", request.clone()).await?;
        for item in items(&mut page) {
            if let Some(id) = item.pointer("/id/S").and_then(Value::as_str) {
                entries.insert(id.to_owned(), item);
            }
        }
        match (
            page.get_mut("LastEvaluatedKey").map(Value::take),
            request.as_object_mut(),
        ) {
            (Some(key @ Value::Object(_)), Some(request)) => {
                request.insert("ExclusiveStartKey".to_owned(), key);
            }
            _ => return Ok(()),
        }
    }
}
