//! Entries by what people type of their ids.

use caltrack_domain::{Activity, clean, shortened};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{context::CommandContext, error::CommandError, values::entry_id};

/// The word for the entry that was logged last.
const LAST: &str = "last";
/// The shortest beginning or ending of an id that names an entry.
const MIN_PART: usize = 4;
/// The end of an id that is taken as unique once one of the newest entries has it: 32 random bits of a UUID. Beginnings are times.
const UNIQUE_END: usize = 8;
/// The newest entries.
const NEWEST: SignedDuration = SignedDuration::from_hours(40 * 24);
/// The first and the last moment that the API can write.
const ALL: (Timestamp, Timestamp) = (
    Timestamp::constant(-62_167_219_200, 0),
    Timestamp::constant(253_402_207_200, 0),
);
/// The longest part of an id that an error shows.
const MAX_SHOWN: usize = 64;

impl CommandContext<'_> {
    /// The entry that a text names: `last`, an id in any spelling, or an unmistakable beginning or ending of one.
    pub(super) async fn find(&self, given: &str) -> Result<Activity, CommandError> {
        let given = given.trim();
        if given.eq_ignore_ascii_case(LAST) {
            return self.last().await;
        }
        let id = entry_id(given);
        let found = match self.client.activity(&id).await? {
            // Another program may have generated an id in upper case.
            None if id != given => self.client.activity(given).await?,
            found => found,
        };
        match found {
            Some(found) => Ok(found),
            None => self.find_part(given).await,
        }
    }

    async fn last(&self) -> Result<Activity, CommandError> {
        let now = Timestamp::now();
        let entries = self.entries(ALL.0, ALL.1).await?;
        let last = entries.into_iter().max_by_key(|entry| logged_at(entry, now));
        last.ok_or_else(|| CommandError::unknown_entry(LAST))
    }

    async fn find_part(&self, part: &str) -> Result<Activity, CommandError> {
        let is_whole = Uuid::try_parse(part).is_ok();
        if is_whole || part.chars().count() < MIN_PART {
            return Err(CommandError::unknown_entry(part));
        }
        let recently = Timestamp::now() - NEWEST;
        let mut found = named(self.entries(recently, ALL.1).await?, part);
        let is_unique = part.chars().count() >= UNIQUE_END
            && matches!(found.as_slice(), [one] if one.id.to_lowercase().ends_with(&part.to_lowercase()));
        if !is_unique {
            found.extend(named(self.entries(ALL.0, recently).await?, part));
            found.sort_by(|a, b| a.id.cmp(&b.id));
            found.dedup_by(|a, b| a.id == b.id);
        }
        match <[Activity; 1]>::try_from(found) {
            Ok([one]) => Ok(one),
            Err(found) if found.is_empty() => Err(CommandError::unknown_entry(part)),
            Err(found) => Err(CommandError::value(format!(
                "{} entries have an id that begins or ends with `{}`",
                found.len(),
                shortened(&clean(part), MAX_SHOWN)
            ))
            .advising("give more of it; `list --json` shows whole ids")),
        }
    }

    /// The entries of the moments from `from` to `to`, both included.
    async fn entries(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Activity>, CommandError> {
        let mut entries = Vec::new();
        let mut token = None;
        loop {
            let page = self.client.entries_by_moment_page(from, to, token).await?;
            entries.extend(page.rows);
            token = page.next;
            if token.is_none() {
                return Ok(entries);
            }
        }
    }
}

/// The entries whose ids begin or end with `part`, in upper or lower case.
fn named(entries: Vec<Activity>, part: &str) -> Vec<Activity> {
    let part = part.to_lowercase();
    let is_named = |entry: &Activity| {
        let id = entry.id.to_lowercase();
        id.starts_with(&part) || id.ends_with(&part)
    };
    entries.into_iter().filter(is_named).collect()
}

/// When an entry was logged: the time in its id (RFC 9562, version 7) or its moment, whichever is later. A moment in the future says
/// nothing about that.
fn logged_at(entry: &Activity, now: Timestamp) -> (Timestamp, String) {
    let minted = Uuid::try_parse(&entry.id).ok().and_then(|id| {
        let (seconds, nanoseconds) = id.get_timestamp()?.to_unix();
        let seconds = i64::try_from(seconds).ok()?;
        Timestamp::new(seconds, i32::try_from(nanoseconds).ok()?).ok()
    });
    let moment = (entry.entry.moment <= now).then_some(entry.entry.moment);
    let logged = minted.max(moment).unwrap_or(entry.entry.moment);
    (logged, entry.id.clone())
}

#[cfg(test)]
mod tests {
    use caltrack_domain::Entry;
    use jiff::civil::date;

    use super::*;

    fn entry(id: &str, moment: &str) -> Activity {
        Activity {
            id: id.to_owned(),
            owner: "u".to_owned(),
            entry: Entry::new(date(2026, 11, 30), moment.parse().unwrap(), "Food", "Lunch", 1),
            rev: 1,
        }
    }

    /// Minted at 2026-11-30T12:00:00Z and a minute later.
    const NOON: &str = "01a22c53-8200-7000-8000-000000000001";
    const LATER: &str = "01a22c54-6c60-7000-8000-000000000002";

    #[test]
    fn the_last_entry_is_the_one_that_was_logged_last() {
        let now: Timestamp = "2026-11-30T13:00:00Z".parse().unwrap();
        let last = |entries: [Activity; 2]| {
            entries
                .into_iter()
                .max_by_key(|entry| logged_at(entry, now))
                .unwrap()
                .id
        };
        let noon = entry(NOON, "2026-11-30T12:00:00Z");
        for moment in [
            "2024-01-01T12:00:00Z",
            "2026-11-30T12:01:00Z",
            "2027-01-01T12:00:00Z",
        ] {
            assert_eq!(last([entry(LATER, moment), noon.clone()]), LATER, "{moment}");
        }
        let planned = entry(NOON, "2027-01-01T12:00:00Z");
        assert_eq!(last([planned, entry(LATER, "2026-11-30T12:01:00Z")]), LATER);
        let foreign = entry("x", "2026-11-30T12:30:00Z");
        assert_eq!(last([foreign, noon]), "x");
    }

    #[test]
    fn ids_are_named_by_their_beginning_and_their_end() {
        let entries = || {
            vec![
                entry(NOON, "2026-11-30T12:00:00Z"),
                entry(LATER, "2026-11-30T12:00:00Z"),
            ]
        };
        let ids = |part: &str| {
            named(entries(), part)
                .into_iter()
                .map(|entry| entry.id)
                .collect::<Vec<_>>()
        };
        assert_eq!(ids("0001"), [NOON]);
        assert_eq!(ids("01A22C54"), [LATER]);
        assert_eq!(ids("01a22c5"), [NOON, LATER]);
        assert_eq!(ids("8000"), Vec::<String>::new());
    }
}
