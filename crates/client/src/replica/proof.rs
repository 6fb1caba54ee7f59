//! Count and digest of a day's entries, which prove a copy of the day.

use caltrack_domain::{Activity, DailyTotals, entry_digest};

/// The number of a day's entries, and the sum of their digests. Entries may come in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Proof {
    /// The number of entries.
    pub entries: u32,
    /// The sum of the first 32 bits of SHA-256 of `id:rev`.
    pub digest: u64,
}

impl Proof {
    /// What a complete copy has; none where the backend doesn't count the entries.
    pub fn expected_by(totals: &DailyTotals) -> Option<Self> {
        Some(Self {
            entries: totals.entries?,
            digest: totals.digest?,
        })
    }

    /// That of some entries.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Activity>) -> Self {
        let mut proof = Self::default();
        for entry in entries {
            proof.add(&entry.id, entry.rev);
        }
        proof
    }

    /// Adds an entry.
    pub fn add(&mut self, id: &str, rev: u32) {
        self.entries = self.entries.saturating_add(1);
        self.digest = self.digest.saturating_add(entry_digest(id, rev));
    }

    /// Removes an entry that was added.
    pub fn remove(&mut self, id: &str, rev: u32) {
        self.entries = self.entries.saturating_sub(1);
        self.digest = self.digest.saturating_sub(entry_digest(id, rev));
    }
}
