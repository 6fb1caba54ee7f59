//! The commands' JSON: GraphQL's names, absent is null.

use std::fmt::Write as _;

use caltrack_domain::{Account, Activity, Category, DailyTotals, Day, is_unprintable};
use serde_json::{Value, json};

use crate::app::Target;
use caltrack_client::config::Config;

/// A value as JSON of one line that a terminal can show: what it would act on or hide is written `\uXXXX`, as two surrogates beyond
/// U+FFFF (RFC 8259, section 7). Nothing is lost.
pub(super) fn text(value: &Value) -> String {
    let mut text = String::new();
    // Beyond ASCII, and unprintable within it, is only what strings hold.
    for c in value.to_string().chars() {
        if is_unprintable(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // A string takes it.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// An entry: its members by GraphQL's names, and whether it waits to be sent.
pub(super) fn activity(activity: &Activity) -> Value {
    let mut value = json!(activity);
    if let Some(members) = value.as_object_mut() {
        members.insert("pending".to_owned(), false.into());
    }
    value
}

/// Entries by moment, then id.
pub(super) fn activities(list: &[Activity]) -> Value {
    list.iter().map(activity).collect()
}

/// A day with its budget and its entries.
pub(super) fn today(day: &Day, target: Target) -> Value {
    let totals = &day.totals;
    json!({
        "date": totals.date.to_string(),
        "caloriesConsumed": totals.calories_consumed,
        "caloriesBurned": totals.calories_burned,
        "net": totals.net(),
        "target": target.kcal,
        "remaining": caltrack_domain::remaining(target.kcal, totals, target.count_exercise),
        "weight": totals.weight,
        "version": totals.version,
        "queued": 0,
        // The backend has just answered; where it doesn't, there is an error instead of a day.
        "connection": "live",
        "activities": activities(&day.activities),
    })
}

/// The totals of days, in ascending order.
pub(super) fn totals(days: &[DailyTotals], target: Target) -> Value {
    let day = |totals: &DailyTotals| {
        json!({
            "date": totals.date.to_string(),
            "caloriesConsumed": totals.calories_consumed,
            "caloriesBurned": totals.calories_burned,
            "target": target.kcal,
            "weight": totals.weight,
            "version": totals.version,
        })
    };
    days.iter().map(day).collect()
}

/// The categories by name.
pub(super) fn categories(categories: &[Category]) -> Value {
    categories
        .iter()
        .map(|category| json!({ "category": category.name, "type": category.types }))
        .collect()
}

/// Who is signed in, and where.
pub(super) fn whoami(config: &Config, account: &Account, graphql: &str) -> Value {
    json!({
        "profile": config.profile.name,
        "username": account.username,
        "sub": account.sub,
        "graphqlEndpoint": graphql,
    })
}

#[cfg(test)]
mod tests {
    use caltrack_domain::Entry;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_or_hide_is_escaped_and_comes_back() {
        for (c, escaped) in [
            ('\u{1b}', r"\u001b"),
            ('\u{7f}', r"\u007f"),
            ('\u{9b}', r"\u009b"),
            ('\u{ad}', r"\u00ad"),
            ('\u{200b}', r"\u200b"),
            ('\u{200d}', r"\u200d"),
            ('\u{202e}', r"\u202e"),
            ('\u{2028}', r"\u2028"),
            ('\u{2066}', r"\u2066"),
            ('\u{feff}', r"\ufeff"),
            ('\u{1d173}', r"\ud834\udd73"),
            ('\u{e0041}', r"\udb40\udc41"),
        ] {
            let value = json!({ format!("key{c}"): [format!("a{c}b\\")] });
            let text = text(&value);
            assert_eq!(text, format!(r#"{{"key{escaped}":["a{escaped}b\\"]}}"#));
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
        let plain = json!({"name": "שלום 🍕 café e\u{301}\n\"x\""});
        assert_eq!(text(&plain), plain.to_string());
    }

    #[test]
    fn an_entry_has_every_member_in_the_contracts_order() {
        let entry = Activity {
            id: "i".to_owned(),
            owner: "u".to_owned(),
            entry: Entry::new(
                date(2026, 11, 23),
                "2026-11-23T07:30:00Z".parse().unwrap(),
                "Food",
                "Lunch",
                650,
            ),
            rev: 1,
        };
        assert_eq!(
            activity(&entry).to_string(),
            r#"{"id":"i","userid":"u","date":"2026-11-23","creationDateTime":"2026-11-23T07:30:00.000Z","category":"Food","type":"Lunch","name":null,"note":null,"quantity":null,"unit":null,"food":null,"protein":null,"fat":null,"carbohydrate":null,"caloriesConsumed":650,"rev":1,"pending":false}"#
        );
    }
}
