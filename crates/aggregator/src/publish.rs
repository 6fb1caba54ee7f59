//! The mutation that carries totals to subscribers.

use caltrack_domain::Grams;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Selects every field: subscribers receive only the fields that the mutation selects.
pub const PUBLISH_DOCUMENT: &str = "mutation PublishUserAggregate($input: PublishUserAggregateInput!) { \
    publishUserAggregate(input: $input) { userid date caloriesConsumed caloriesBurned version weight \
    entries digest protein fat carbohydrate } }";

/// A day's totals as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserAggregate {
    /// The user's `sub`.
    pub userid: String,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// kcal of Food and Drink.
    pub calories_consumed: i64,
    /// kcal of the day's Exercise entries.
    pub calories_burned: i64,
    /// Grows by 1 with every write.
    pub version: i64,
    /// kg; null where none was noted.
    pub weight: Option<f64>,
    /// The number of the day's entries; null, as all below, on a kcal-only row, which an older function wrote.
    pub entries: Option<i64>,
    /// The digest of the day's entries.
    pub digest: Option<i64>,
    /// Protein of Food and Drink.
    pub protein: Option<Grams>,
    /// Fat of Food and Drink.
    pub fat: Option<Grams>,
    /// Carbohydrate of Food and Drink.
    pub carbohydrate: Option<Grams>,
}

impl UserAggregate {
    /// Reads a stored item. A number that was never written counts as 0.
    pub fn from_item(userid: &str, date: &str, item: &Map<String, Value>) -> Self {
        Self {
            userid: userid.to_owned(),
            date: date.to_owned(),
            calories_consumed: number(item, "caloriesConsumed").unwrap_or(0),
            calories_burned: number(item, "caloriesBurned").unwrap_or(0),
            version: number(item, "version").unwrap_or(0),
            weight: number(item, "weight"),
            entries: number(item, "entries"),
            digest: number(item, "digest"),
            protein: grams(item, "protein"),
            fat: grams(item, "fat"),
            carbohydrate: grams(item, "carbohydrate"),
        }
    }
}

fn number<T: std::str::FromStr>(item: &Map<String, Value>, name: &str) -> Option<T> {
    digits(item, name)?.parse().ok()
}

fn grams(item: &Map<String, Value>, name: &str) -> Option<Grams> {
    Grams::from_decimal(digits(item, name)?)
}

fn digits<'a>(item: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    item.get(name)?.get("N")?.as_str()
}

/// The variables of [`PUBLISH_DOCUMENT`].
pub fn publish_variables(totals: &UserAggregate) -> Value {
    json!({ "input": totals })
}
