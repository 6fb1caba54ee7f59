//! The digest of a day's entries, by which a copy of the day is verified.

use sha2::{Digest as _, Sha256};

use crate::Activity;

/// An entry's part of the digest: the first 32 bits, big endian, of SHA-256 of `id:rev`.
pub fn entry_digest(id: &str, rev: u32) -> u64 {
    let hash = Sha256::digest(format!("{id}:{rev}"));
    hash.iter()
        .take(4)
        .fold(0, |bits, byte| bits << 8 | u64::from(*byte))
}

/// The digest of a day's live entries: the sum of their parts. Exact as a floating-point number up to two million entries.
pub fn digest<'a>(activities: impl IntoIterator<Item = &'a Activity>) -> u64 {
    activities
        .into_iter()
        .map(|activity| entry_digest(&activity.id, activity.rev))
        .sum()
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use proptest::prelude::*;

    use super::*;
    use crate::Entry;

    fn activity(id: u32, rev: u32) -> Activity {
        let day = date(2026, 11, 23);
        Activity {
            id: format!("019aaf9e-5f00-7000-8000-{id:012}"),
            owner: "u".to_owned(),
            entry: Entry::new(day, Timestamp::UNIX_EPOCH, "Food", "Lunch", 1),
            rev,
        }
    }

    /// `printf '%s' 019aaf9e-5f00-7000-8000-000000000001:1 | sha256sum | head -c 8`
    #[test]
    fn a_part_is_the_beginning_of_the_sha_256_of_id_and_revision() {
        assert_eq!(
            entry_digest("019aaf9e-5f00-7000-8000-000000000001", 1),
            0x80f7_6eb8
        );
        assert_eq!(digest(&[]), 0);
    }

    proptest! {
        #[test]
        fn the_order_of_the_entries_has_no_effect_and_each_counts(
            revs in prop::collection::vec(1_u32..1_000, 1..30),
            changed in any::<prop::sample::Index>(),
        ) {
            let mut day: Vec<Activity> = (0_u32..).zip(&revs).map(|(id, rev)| activity(id, *rev)).collect();
            let before = digest(&day);
            prop_assert!(before < (1 << 53));
            day.reverse();
            prop_assert_eq!(digest(&day), before);
            let at = changed.index(day.len());
            let old = entry_digest(&day[at].id, day[at].rev);
            day[at].rev += 1;
            let new = entry_digest(&day[at].id, day[at].rev);
            prop_assert_eq!(digest(&day), before - old + new);
        }
    }
}
