//! Records of DynamoDB Streams, in the JSON that Lambda receives.
//!
//! Source: Lambda guide, "Using AWS Lambda with Amazon DynamoDB". Numbers are strings (`{"N": "95"}`); an INSERT has a new
//! image, a REMOVE an old one, a MODIFY both, if the stream's view is `NEW_AND_OLD_IMAGES`.

use std::{cmp::Ordering, fmt};

use caltrack_domain::{Booking, Grams, entry_digest, parse_day, utc_day};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::amounts::Amounts;

/// A stream's sequence number: 21 to 40 decimal digits, too many for an integer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SequenceNumber(String);

impl SequenceNumber {
    /// The digits as the stream wrote them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Option<Self> {
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| Self(text.to_owned()))
    }

    fn significant(&self) -> &str {
        self.0.trim_start_matches('0')
    }
}

impl Ord for SequenceNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (self.significant(), other.significant());
        left.len()
            .cmp(&right.len())
            .then_with(|| left.cmp(right))
            .then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for SequenceNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A record of the activity table's stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The same at each redelivery.
    pub event_id: String,
    /// The record's position in the stream.
    pub sequence: SequenceNumber,
    /// Time of the write, in seconds since 1970, if the stream has it.
    pub created: Option<i64>,
    /// The item before the write.
    pub old: Image,
    /// The item after the write.
    pub new: Image,
}

/// The contribution of an activity at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Image {
    /// It is an entry of a day. If its category is unknown, it adds neither kcal nor grams.
    Counts(CountedEntry),
    /// There was no item, or it was deleted (its `userid` removed).
    CountsNothing,
    /// The image isn't valid, so it is never booked.
    Unreadable(String),
}

/// An activity's contribution to a user's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedEntry {
    /// The user's `sub`.
    pub userid: String,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// What it adds to the day.
    pub amounts: Amounts,
}

/// Reads one record.
///
/// # Errors
///
/// A text that names the missing or malformed member. Errors within images are reported by [`Image::Unreadable`].
pub fn decode(raw: &Value) -> Result<Record, String> {
    let event_id = raw
        .get("eventID")
        .and_then(Value::as_str)
        .filter(|id| !id.is_empty())
        .ok_or("no eventID")?;
    let change = raw
        .get("dynamodb")
        .and_then(Value::as_object)
        .ok_or("no `dynamodb` member")?;
    let sequence = change
        .get("SequenceNumber")
        .and_then(Value::as_str)
        .and_then(SequenceNumber::parse)
        .ok_or("no SequenceNumber of decimal digits")?;
    let (old, new) = (change.get("OldImage"), change.get("NewImage"));
    // A missing image would be taken for one that counts nothing, and totals would be wrong without an error.
    match (raw.get("eventName").and_then(Value::as_str), old, new) {
        (Some("INSERT"), None, Some(_))
        | (Some("REMOVE"), Some(_), None)
        | (Some("MODIFY"), Some(_), Some(_)) => {}
        (Some("INSERT"), ..) => return Err("an INSERT needs NewImage, and no OldImage".to_owned()),
        (Some("REMOVE"), ..) => return Err("a REMOVE needs OldImage, and no NewImage".to_owned()),
        (Some("MODIFY"), ..) => return Err("a MODIFY needs NewImage and OldImage".to_owned()),
        _ => return Err("eventName is not INSERT, MODIFY or REMOVE".to_owned()),
    }
    Ok(Record {
        event_id: event_id.to_owned(),
        sequence,
        created: change.get("ApproximateCreationDateTime").and_then(seconds),
        old: image(old),
        new: image(new),
    })
}

/// The record's `StreamViewType` if it omits images: `NEW_IMAGE`, `OLD_IMAGE` or `KEYS_ONLY`.
pub fn partial_view(raw: &Value) -> Option<&str> {
    let view = raw.get("dynamodb")?.get("StreamViewType")?.as_str()?;
    (view != "NEW_AND_OLD_IMAGES").then_some(view)
}

/// The sequence number of a record that may be unreadable otherwise.
pub fn sequence_of(raw: &Value) -> Option<SequenceNumber> {
    SequenceNumber::parse(raw.get("dynamodb")?.get("SequenceNumber")?.as_str()?)
}

/// Reads the contribution of an item.
pub fn image(item: Option<&Value>) -> Image {
    let Some(item) = item else {
        return Image::CountsNothing;
    };
    let Some(item) = item.as_object() else {
        return Image::Unreadable("the image is not an object".to_owned());
    };
    match entry(item) {
        Ok(Some(entry)) => Image::Counts(entry),
        Ok(None) => Image::CountsNothing,
        Err(reason) => Image::Unreadable(reason),
    }
}

fn entry(item: &Map<String, Value>) -> Result<Option<CountedEntry>, String> {
    let Some(userid) = text(item, "userid")? else {
        return Ok(None);
    };
    let booking = Booking::of(text(item, "category")?.unwrap_or_default());
    match counted(item, userid, booking) {
        // It adds neither kcal nor grams, so no total is wrong without it.
        Err(_) if booking == Booking::Nothing => Ok(None),
        counted => counted.map(Some),
    }
}

fn counted(item: &Map<String, Value>, userid: &str, booking: Booking) -> Result<CountedEntry, String> {
    let date = if let Some(date) = text(item, "date")? {
        date.to_owned()
    } else {
        let moment = text(item, "creationDateTime")?.ok_or("neither date nor creationDateTime")?;
        let moment = moment
            .parse::<Timestamp>()
            .map_err(|_| format!("creationDateTime `{moment}` is no moment"))?;
        utc_day(moment).to_string()
    };
    // A label that can't be parsed would be booked on a day that no query finds.
    let date = parse_day(&date).map_err(|error| error.to_string())?;
    Ok(CountedEntry {
        userid: userid.to_owned(),
        date: date.to_string(),
        amounts: amounts(item, booking)?,
    })
}

/// What an entry adds to its day.
fn amounts(item: &Map<String, Value>, booking: Booking) -> Result<Amounts, String> {
    let id = text(item, "id")?.unwrap_or_default();
    let rev = number(item, "rev", "revision", |digits| digits.parse().ok())?.unwrap_or(1);
    // The sums of a digest are far below 2^63: each part has 32 bits.
    let digest = i64::try_from(entry_digest(id, rev)).unwrap_or_default();
    let nothing = Amounts {
        entries: 1,
        digest,
        ..Amounts::default()
    };
    let kcal = || {
        let kcal = number(item, "caloriesConsumed", "whole number of kcal", |digits| {
            digits.parse::<i32>().ok()
        });
        kcal.map(|kcal| i64::from(kcal.unwrap_or_default()))
    };
    let grams = |name| {
        number(item, name, "number of tenths of a gram", Grams::from_decimal).map(Option::unwrap_or_default)
    };
    Ok(match booking {
        Booking::Consumed => Amounts {
            consumed: kcal()?,
            protein: grams("protein")?,
            fat: grams("fat")?,
            carbohydrate: grams("carbohydrate")?,
            ..nothing
        },
        Booking::Burned => Amounts {
            burned: kcal()?,
            ..nothing
        },
        Booking::Nothing => nothing,
    })
}

/// A string attribute; `None` where it is absent or null.
fn text<'a>(item: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, String> {
    match item.get(name) {
        None => Ok(None),
        Some(value) if value.get("NULL").is_some() => Ok(None),
        Some(value) => value
            .get("S")
            .and_then(Value::as_str)
            .map(Some)
            .ok_or_else(|| format!("{name} is not a string")),
    }
}

/// A number attribute as `parse` reads its decimal digits; `None` where it is absent or null.
fn number<T>(
    item: &Map<String, Value>,
    name: &str,
    what: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, String> {
    let Some(value) = item.get(name).filter(|value| value.get("NULL").is_none()) else {
        return Ok(None);
    };
    let digits = value
        .get("N")
        .and_then(Value::as_str)
        .ok_or_else(|| format!("{name} is not a number"))?;
    parse(digits)
        .map(Some)
        .ok_or_else(|| format!("{name} `{digits}` is no {what}"))
}

/// Epoch seconds, which may come with a fraction.
fn seconds(value: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "a time of this millennium fits")]
    value
        .as_i64()
        .or_else(|| value.as_f64().map(|seconds| seconds as i64))
}
