//! Entries, commands and random numbers for tests.

use caltrack_domain::{
    Activity, ActivityPatch, Entry, LogCommand, NewActivity,
    outbox::{Answer, Command, Ledger, Reason, ReasonKind, SavedChange, Stored},
};
use jiff::{Timestamp, civil::date};

pub(crate) fn entry(kcal: u32) -> Entry {
    Entry::new(
        date(2026, 11, 23),
        "2026-11-23T07:30:00Z".parse().unwrap(),
        "Food",
        "Lunch",
        kcal,
    )
}

pub(crate) fn activity(id: &str, kcal: u32, rev: u32) -> Activity {
    Activity {
        id: id.to_owned(),
        owner: "u".to_owned(),
        entry: entry(kcal),
        rev,
    }
}

pub(crate) fn create(id: &str, kcal: u32) -> Command {
    Command::Log(LogCommand::Create(NewActivity::new(id.to_owned(), entry(kcal))))
}

pub(crate) fn kcal(before: &Activity, kcal: u32) -> Command {
    Command::Log(LogCommand::Update {
        before: before.clone(),
        patch: ActivityPatch {
            kcal: Some(kcal),
            ..ActivityPatch::default()
        },
    })
}

pub(crate) fn note(before: &Activity, text: &str) -> Command {
    Command::Log(LogCommand::Update {
        before: before.clone(),
        patch: ActivityPatch {
            note: Some(Some(text.to_owned())),
            ..ActivityPatch::default()
        },
    })
}

pub(crate) fn delete(before: &Activity) -> Command {
    Command::Log(LogCommand::Delete(before.clone()))
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

pub(crate) fn ledger() -> Ledger {
    Ledger {
        owner: "u".to_owned(),
        ..Ledger::default()
    }
}

/// Saves one command and returns its row.
pub(crate) fn save(ledger: &mut Ledger, command: Command) -> Option<u64> {
    match ledger.save("step", vec![command], at(0))[..] {
        [SavedChange::Queued(row)] => Some(row),
        [SavedChange::Settled] => None,
        _ => panic!("one command has one place"),
    }
}

pub(crate) fn stored(activity: Activity) -> Answer {
    Answer::Acknowledged(Stored::Entry(activity))
}

pub(crate) fn reason(kind: ReasonKind) -> Reason {
    Reason {
        kind,
        text: "no response".to_owned(),
    }
}

/// `SplitMix64` (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// True in one of `of` cases.
    pub(crate) fn one_of(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() {
            return None;
        }
        of.get(usize::try_from(self.next() % of.len() as u64).unwrap())
    }

    pub(crate) fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap()) / f64::from(u32::MAX)
    }
}
