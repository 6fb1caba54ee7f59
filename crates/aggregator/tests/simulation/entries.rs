//! What users write: new entries, edits, moves to another day or category, deletes; and the stream's records of it.

use std::collections::BTreeMap;

use caltrack_aggregator::Amounts;
use caltrack_domain::{Grams, entry_digest};
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
    category: &'static str,
    kcal: i64,
    protein: Grams,
    rev: u32,
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
            "category": { "S": self.category },
            "caloriesConsumed": { "N": self.kcal.to_string() },
            "protein": { "N": self.protein.to_string() },
            "rev": { "N": self.rev.to_string() },
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

/// Everything that is written in a run, in order; and what it adds up to, by user and day.
pub(crate) fn write(plan: &Plan) -> (Vec<Written>, BTreeMap<Key, Amounts>) {
    let mut entries: Vec<CountedEntry> = Vec::new();
    let mut stream = Vec::new();
    for number in 0..plan.writes {
        let seed = plan.seed;
        let of = |what: &str| chance(seed, (number, what));
        let at = number * 1000 / plan.per_second;
        let kcal = i64::try_from(pick(seed, (number, "kcal"), 900)).unwrap();
        let protein = Grams::from_tenths(i64::try_from(pick(seed, (number, "protein"), 500)).unwrap());
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
                category: match of("category") {
                    category if category < 0.05 => "Sleep",
                    category if category < 0.2 => "Exercise",
                    _ => "Food",
                },
                kcal,
                protein,
                rev: 1,
                deleted: false,
            };
            (entries.len(), None, new)
        } else {
            let entry = usize::try_from(pick(seed, (number, "entry"), entries.len() as u64)).unwrap();
            let old = entries[entry].clone();
            let mut new = old.clone();
            new.rev += 1;
            match of("edit") {
                edit if edit < 0.2 => new.deleted = true,
                edit if edit < 0.4 => new.day = pick(seed, (number, "day"), plan.days),
                edit if edit < 0.5 => {
                    new.category = if new.category == "Food" {
                        "Exercise"
                    } else {
                        "Food"
                    }
                }
                edit if edit < 0.6 => new.protein = protein,
                // Such as a new name.
                edit if edit < 0.7 => {}
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
    let mut totals: BTreeMap<Key, Amounts> = BTreeMap::new();
    for (id, entry) in (0_u64..).zip(&entries).filter(|(_, entry)| !entry.deleted) {
        let total = totals.entry(entry.key()).or_default();
        total.entries += 1;
        total.digest += i64::try_from(entry_digest(&id.to_string(), entry.rev)).unwrap();
        match entry.category {
            "Food" => {
                total.consumed += entry.kcal;
                total.protein += entry.protein;
            }
            "Exercise" => total.burned += entry.kcal,
            _ => {}
        }
    }
    (stream, totals)
}
