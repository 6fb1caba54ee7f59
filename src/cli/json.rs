//! The commands' JSON: GraphQL's names, absent is null.

use std::{collections::BTreeSet, fmt::Write as _};

use caltrack_domain::{
    Account, Activity, Category, DailyTotals, Day, Entry, Profile, Targets, is_unprintable,
};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::local_days::QueuedChanges;
use crate::runtime::settings::Settings;
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

/// An acknowledged entry: its members by GraphQL's names.
pub(super) fn activity(activity: &Activity) -> Value {
    entry(activity, false)
}

/// An entry with a change that waits to be sent.
pub(super) fn pending(activity: &Activity) -> Value {
    entry(activity, true)
}

fn entry(activity: &Activity, pending: bool) -> Value {
    let mut value = json!(activity);
    if let Some(members) = value.as_object_mut() {
        members.insert("pending".to_owned(), pending.into());
    }
    value
}

/// Entries by moment, then id.
pub(super) fn activities(list: &[Activity]) -> Value {
    list.iter().map(activity).collect()
}

/// Entries of which those with these ids have a change that waits.
pub(super) fn activities_with(list: &[Activity], pending: &BTreeSet<String>) -> Value {
    list.iter()
        .map(|activity| entry(activity, pending.contains(&activity.id)))
        .collect()
}

/// The members of [`figures`], in order.
pub(super) const FIGURES: &[&str] = match TODAY.split_last() {
    Some((_, figures)) => figures,
    None => &[],
};

/// The members of [`today`], in order.
pub(super) const TODAY: &[&str] = &[
    "date",
    "caloriesConsumed",
    "caloriesBurned",
    "queuedConsumed",
    "queuedBurned",
    "net",
    "target",
    "remaining",
    "protein",
    "fat",
    "carbohydrate",
    "weight",
    "version",
    "queued",
    "connection",
    "activities",
];

/// A day with its budget and its entries.
pub(super) fn today(day: &Day, settings: &Settings, queued: &QueuedChanges, connection: &str) -> Value {
    let mut value = figures(&day.totals, settings, queued, connection);
    if let Some(members) = value.as_object_mut() {
        let activities = activities_with(&day.activities, &queued.ids);
        members.insert("activities".to_owned(), activities);
    }
    value
}

/// A day's totals with its budget.
pub(super) fn figures(
    totals: &DailyTotals,
    settings: &Settings,
    queued: &QueuedChanges,
    connection: &str,
) -> Value {
    let target = settings.targets.on(totals.date);
    let all = queued.kcal.added_to(totals);
    json!({
        "date": totals.date.to_string(),
        "caloriesConsumed": totals.calories_consumed,
        "caloriesBurned": totals.calories_burned,
        "queuedConsumed": queued.kcal.consumed,
        "queuedBurned": queued.kcal.burned,
        "net": all.net(),
        "target": target,
        "remaining": caltrack_domain::remaining(target, &all, settings.count_exercise),
        "protein": totals.protein,
        "fat": totals.fat,
        "carbohydrate": totals.carbohydrate,
        "weight": totals.weight,
        "version": totals.version,
        "queued": queued.rows,
        "connection": connection,
    })
}

/// The totals of days, in ascending order.
pub(super) fn totals(days: &[DailyTotals], settings: &Settings) -> Value {
    let day = |totals: &DailyTotals| {
        json!({
            "date": totals.date.to_string(),
            "caloriesConsumed": totals.calories_consumed,
            "caloriesBurned": totals.calories_burned,
            "target": settings.targets.on(totals.date),
            "weight": totals.weight,
            "version": totals.version,
        })
    };
    days.iter().map(day).collect()
}

/// A line that is not logged.
pub(super) fn preview(entry: &Entry, time: &str) -> Value {
    json!({
        "date": entry.date.to_string(),
        "time": time,
        "category": entry.category,
        "type": entry.kind,
        "name": entry.name,
        "quantity": entry.quantity,
        "unit": entry.unit,
        "caloriesConsumed": entry.kcal,
        "protein": entry.protein,
        "fat": entry.fat,
        "carbohydrate": entry.carbohydrate,
        "source": entry.food,
    })
}

/// The profile of a user, and the target of today.
pub(super) fn profile(account: &Account, profile: Option<&Profile>, targets: &Targets, today: Date) -> Value {
    let changes = targets.changes();
    json!({
        "username": profile.map_or(&account.username, |profile| &profile.username),
        "height": profile.and_then(|profile| profile.height),
        "weight": profile.and_then(|profile| profile.weight),
        "bmi": profile.and_then(|profile| profile.bmi),
        "target": targets.on(today),
        "targets": (!changes.is_empty()).then_some(changes),
        "timeZone": profile.and_then(|profile| profile.time_zone.as_ref()),
        "dayStartsAt": profile.and_then(|profile| profile.day_starts_at.as_ref()),
        "countExercise": profile.is_none_or(|profile| profile.count_exercise),
        "rev": profile.map(|profile| profile.rev),
    })
}

/// A weight in kg and its day.
pub(super) fn weight(date: Option<Date>, kg: Option<f64>) -> Value {
    json!({ "date": date.map(|date| date.to_string()), "weight": kg })
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
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_has_the_members_that_a_format_may_name() {
        let day = Day {
            activities: Vec::new(),
            totals: DailyTotals::empty(date(2026, 11, 30)),
            notice: None,
        };
        let settings = Settings::of(None, jiff::Timestamp::UNIX_EPOCH);
        let today = today(&day, &settings, &QueuedChanges::default(), "live");
        let members: Vec<&String> = today.as_object().unwrap().keys().collect();
        assert_eq!(members, TODAY);
        assert_eq!(members.split_last().unwrap().1, FIGURES);
    }

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
