//! Whether the days of an account are what they must be.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use caltrack_client::replica::Proof;
use caltrack_domain::Activity;
use jiff::civil::Date;

use crate::cli::{context::CommandContext, error::CommandError};

/// How often the totals are read until they match: on AWS the aggregation follows the writes.
const ATTEMPTS: u32 = 20;
const LAG: Duration = Duration::from_secs(1);

impl CommandContext<'_> {
    /// Whether number and digest of each day's entries are those of the given entries. Days that the backend doesn't count
    /// are not verified.
    pub(super) async fn verify_days(
        &self,
        live: &HashMap<String, Activity>,
        days: &BTreeSet<Date>,
    ) -> Result<bool, CommandError> {
        let (Some(from), Some(to)) = (days.first(), days.last()) else {
            return Ok(true);
        };
        let mut expected: BTreeMap<Date, Proof> = BTreeMap::new();
        for activity in live.values().filter(|entry| days.contains(&entry.entry.date)) {
            let proof = expected.entry(activity.entry.date).or_default();
            proof.add(&activity.id, activity.rev);
        }
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                tokio::time::sleep(LAG).await;
            }
            let totals = self.all_totals((*from, *to)).await?;
            let is_equal = days.iter().all(|date| {
                let found = totals.get(date).and_then(Proof::expected_by);
                found.unwrap_or_default() == expected.get(date).copied().unwrap_or_default()
            });
            if is_equal {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
