//! Entries by what people type of their ids: those that this computer knows, or else those of the backend.

use std::time::Duration;

use caltrack_domain::{
    Activity, LogCommand, clean,
    outbox::{Command, Known},
    shortened,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    context::CommandContext, error::CommandError, local_log::LocalLog, sending::is_away, values::entry_id,
};

/// The word for the entry that was logged last.
const LAST: &str = "last";
/// The shortest beginning or ending of an id that names an entry.
const MIN_PART: usize = 4;
/// The most entries of a part of an id that are counted.
const MAX_NAMED: u32 = 100;
/// How long a command waits for the present state of the log before it takes the copy of this computer.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest part of an id that an error shows.
const MAX_SHOWN: usize = 64;

impl CommandContext<'_> {
    /// The entry that a text names: `last`, an id in any spelling, or an unmistakable beginning or ending of one.
    pub(super) async fn find(&self, local: &LocalLog<'_>, given: &str) -> Result<Activity, CommandError> {
        let given = given.trim();
        if given.eq_ignore_ascii_case(LAST) {
            let reached = self.catch_up(local, PATIENCE).await;
            let now = Timestamp::now();
            let last = local
                .newest(now)
                .into_iter()
                .max_by_key(|entry| logged_at(entry, now));
            return match last {
                Some(last) => Ok(last),
                None => reached.and(Err(CommandError::unknown_entry(LAST))),
            };
        }
        let id = entry_id(given);
        // Another program may have generated an id in upper case.
        for id in [&*id, given] {
            match local.entry(id) {
                Known::Stored(entry) => return Ok(entry),
                Known::Deleted => return Err(CommandError::unknown_entry(given)),
                Known::Unknown => {}
            }
        }
        let is_whole = Uuid::try_parse(&id).is_ok();
        if !is_whole
            && local.is_complete()
            && let [one] = local.by_part_of_id(given).as_slice()
        {
            return Ok(one.clone());
        }
        for id in [&*id, given] {
            match self.once.activity(id).await {
                Ok(Some(entry)) => return Ok(entry),
                Err(error) if !is_away(&error) || is_whole => return Err(error.into()),
                Ok(None) | Err(_) => {}
            }
            if id == given {
                break;
            }
        }
        if is_whole {
            return Err(CommandError::unknown_entry(given));
        }
        self.find_part(local, given).await
    }

    async fn find_part(&self, local: &LocalLog<'_>, part: &str) -> Result<Activity, CommandError> {
        if part.chars().count() < MIN_PART {
            return Err(CommandError::unknown_entry(part));
        }
        let reached = self.catch_up(local, PATIENCE).await;
        match <[Activity; 1]>::try_from(local.by_part_of_id(part)) {
            Ok([one]) => Ok(one),
            Err(found) if found.is_empty() => reached.and(Err(CommandError::unknown_entry(part))),
            Err(found) => Err(CommandError::value(format!(
                "{} entries have an id that begins or ends with `{}`",
                found.len(),
                shortened(&clean(part), MAX_SHOWN)
            ))
            .advising("give more of it; `list --json` shows whole ids")),
        }
    }
}

impl LocalLog<'_> {
    /// A few entries with what is queued, among which is the one that was logged last.
    fn newest(&self, now: Timestamp) -> Vec<Activity> {
        let newest = self.replica(|replica, owner| replica.newest(owner, now));
        self.with_queued(newest.unwrap_or_default(), |_| true)
    }

    /// The entries, with what is queued, whose ids begin or end with `part`.
    fn by_part_of_id(&self, part: &str) -> Vec<Activity> {
        if part.chars().count() < MIN_PART {
            return Vec::new();
        }
        let found = self.replica(|replica, owner| replica.by_part_of_id(owner, part, MAX_NAMED));
        self.with_queued(found.unwrap_or_default(), |id| is_named(id, part))
    }

    /// Entries as they will be once all is sent, and new ones among them.
    fn with_queued(&self, mut entries: Vec<Activity>, is_wanted: impl Fn(&str) -> bool) -> Vec<Activity> {
        let queue = self.listing().queue();
        let created = queue.rows().iter().filter_map(|row| match &row.command {
            Command::Log(LogCommand::Create(new)) if row.is_pending() && is_wanted(&new.id) => {
                queue.projected(&new.id, &self.account.sub, None)
            }
            _ => None,
        });
        entries.extend(created);
        entries.sort_by(|a, b| a.id.cmp(&b.id));
        entries.dedup_by(|a, b| a.id == b.id);
        let present = entries.iter().filter_map(|entry| {
            let stored = (entry.rev > 0).then_some(entry);
            queue.projected(&entry.id, &self.account.sub, stored)
        });
        present.collect()
    }

    /// Whether the replica was compared with all days of the backend once.
    pub(super) fn is_complete(&self) -> bool {
        let listed = self.replica(|replica, owner| replica.older_listed(owner));
        listed.flatten().is_some()
    }
}

/// Whether an id begins or ends with `part`, in upper or lower case.
fn is_named(id: &str, part: &str) -> bool {
    let (id, part) = (id.to_lowercase(), part.to_lowercase());
    id.starts_with(&part) || id.ends_with(&part)
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
    use rstest::rstest;

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

    #[rstest]
    #[case(NOON, "0001", true)]
    #[case(LATER, "01A22C54", true)]
    #[case(LATER, "01a22c5", true)]
    #[case(NOON, "8000", false)]
    fn ids_are_named_by_their_beginning_and_their_end(
        #[case] id: &str,
        #[case] part: &str,
        #[case] named: bool,
    ) {
        assert_eq!(is_named(id, part), named);
    }
}
