//! What users write: new entries, edits, moves to another day or category, deletes; and the stream's records of it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    chance::{chance, pick},
    cloud::Key,
    shards::Plan,
};

/// An entry at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CountedEntry {
    user: u64,
    day: u64,
    exercise: bool,
    kcal: i64,
    deleted: bool,
}

/// A write.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// Its number in the whole stream: event, and sequence.
    pub(crate) number: u64,
    /// Of which entry.
    entry: u64,
    /// When, in milliseconds.
    pub(crate) at: u64,
    old: Option<CountedEntry>,
    new: CountedEntry,
}

impl CountedEntry {
    fn key(&self) -> Key {
        (
            format!("user-{}", self.user),
            format!("2026-{:02}-{:02}", self.day / 28 + 1, self.day % 28 + 1),
        )
    }

    fn image(&self, id: u64) -> Value {
        let (user, date) = self.key();
        let mut image = json!({
            "id": { "S": id.to_string() },
            "userid": { "S": user },
            "category": { "S": if self.exercise { "Exercise" } else { "Food" } },
            "caloriesConsumed": { "N": self.kcal.to_string() },
            "date": { "S": date },
        });
        if self.deleted {
            image.as_object_mut().unwrap().remove("userid");
        }
        image
    }
}

impl Written {
    /// As Lambda receives it.
    pub(crate) fn record(&self) -> Value {
        let mut change = json!({
            "SequenceNumber": (100_000_000_000_000_000_000_u128 + u128::from(self.number)).to_string(),
            "ApproximateCreationDateTime": self.at / 1000,
            "NewImage": self.new.image(self.entry),
        });
        if let Some(old) = &self.old {
            change["OldImage"] = old.image(self.entry);
        }
        let name = if self.old.is_some() { "MODIFY" } else { "INSERT" };
        json!({ "eventID": format!("event-{}", self.number), "eventName": name, "dynamodb": change })
    }

    /// The shard that its entry's id belongs to.
    pub(crate) fn shard(&self, shards: usize) -> usize {
        usize::try_from(pick(0, self.entry, shards as u64)).unwrap()
    }
}

/// Everything that is written in a run, in order; and what it adds up to, by user and day, zeros left out.
pub(crate) fn write(plan: &Plan) -> (Vec<Written>, BTreeMap<Key, (i64, i64)>) {
    let mut entries: Vec<CountedEntry> = Vec::new();
    let mut stream = Vec::new();
    for number in 0..plan.writes {
        let seed = plan.seed;
        let of = |what: &str| chance(seed, (number, what));
        let at = number * 1000 / plan.per_second;
        let kcal = i64::try_from(pick(seed, (number, "kcal"), 900)).unwrap() + 1;
        let (entry, old, new) = if entries.is_empty() || of("write") < 0.75 {
            // Few write much: the square of a chance.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "users are few"
            )]
            let user = (of("user").powi(2) * plan.users as f64) as u64;
            let new = CountedEntry {
                user,
                day: pick(seed, (number, "day"), plan.days),
                exercise: of("category") < 0.2,
                kcal,
                deleted: false,
            };
            (entries.len(), None, new)
        } else {
            let entry = usize::try_from(pick(seed, (number, "entry"), entries.len() as u64)).unwrap();
            let old = entries[entry].clone();
            let mut new = old.clone();
            match of("edit") {
                edit if edit < 0.2 => new.deleted = true,
                edit if edit < 0.4 => new.day = pick(seed, (number, "day"), plan.days),
                edit if edit < 0.5 => new.exercise = !new.exercise,
                _ => new.kcal = kcal,
            }
            (entry, Some(old), new)
        };
        if entry == entries.len() {
            entries.push(new.clone());
        } else {
            entries[entry] = new.clone();
        }
        stream.push(Written {
            number,
            entry: entry as u64,
            at,
            old,
            new,
        });
    }
    let mut totals: BTreeMap<Key, (i64, i64)> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !entry.deleted) {
        let total = totals.entry(entry.key()).or_default();
        if entry.exercise {
            total.1 += entry.kcal;
        } else {
            total.0 += entry.kcal;
        }
    }
    (stream, totals)
}
