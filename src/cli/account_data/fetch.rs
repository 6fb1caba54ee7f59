//! An account as the backend has it, compared with the days' totals.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use caltrack_client::{api::ApiError, replica::Proof};
use caltrack_domain::{Account, Activity, DailyTotals, outbox::Library};
use caltrack_import::AccountData;
use jiff::civil::Date;

use crate::cli::{context::CommandContext, error::CommandError, export::ALL_DAYS, notice::notice};

/// The totals of an account by day.
type Days = BTreeMap<Date, DailyTotals>;

/// How often days are read again whose entries don't match their totals: an index may lag.
const ATTEMPTS: u32 = 6;
/// The delay before they are read again.
const LAG: Duration = Duration::from_secs(1);

/// An account, and how sure its copy is.
#[derive(Debug, Default)]
pub(in crate::cli) struct Fetched {
    pub(in crate::cli) data: AccountData,
    /// Whether number and digest of every day's entries are those of its totals.
    pub(in crate::cli) is_verified: bool,
}

fn unreadable() -> ApiError {
    ApiError::Protocol("the library is of another version".to_owned())
}

/// The days of a copy with entries or a weight.
pub(in crate::cli) fn logged_days(data: &AccountData) -> usize {
    let entries = data.activities.iter().map(|activity| activity.entry.date);
    let weights = data.weights.iter().map(|(date, _)| *date);
    entries.chain(weights).collect::<BTreeSet<Date>>().len()
}

impl CommandContext<'_> {
    /// The whole account as the backend has it. What this computer has queued is not in it: it is sent before.
    pub(in crate::cli) async fn fetch_account(&self) -> Result<Fetched, CommandError> {
        self.ready().await?;
        let (first, last) = ALL_DAYS;
        let mut days = self.all_totals((first, last)).await?;
        let mut activities = self.all_entries(first, last).await?;
        let mut unproven = unproven(&days, &activities);
        for _ in 0..ATTEMPTS {
            let (Some(from), Some(to)) = (unproven.first().copied(), unproven.last().copied()) else {
                break;
            };
            tokio::time::sleep(LAG).await;
            let totals = self.all_totals((from, to)).await?;
            days.retain(|date, _| !(from..=to).contains(date));
            days.extend(totals);
            activities.retain(|activity| !(from..=to).contains(&activity.entry.date));
            activities.extend(self.all_entries(from, to).await?);
            unproven = self::unproven(&days, &activities);
        }
        activities.sort_by(|a, b| a.entry.date.cmp(&b.entry.date).then_with(|| a.log_order(b)));
        let user = self.once.user().await?;
        let (profile, library) = match user {
            // A library that can't be read would be missing in what becomes of it.
            Some(user) => (Some(user.profile), user.library.ok_or_else(unreadable)?),
            None => (None, Library::default()),
        };
        let weights = days.values().filter_map(|day| Some((day.date, day.weight?)));
        Ok(Fetched {
            data: AccountData {
                user: profile,
                library,
                weights: weights.collect(),
                activities,
            },
            is_verified: unproven.is_empty(),
        })
    }

    /// The account as the backend has it, or as this computer knows it if the backend can't be reached.
    pub(in crate::cli) async fn known_account(&self, account: &Account) -> Result<Fetched, CommandError> {
        let error = match self.fetch_account().await {
            Ok(fetched) => return Ok(fetched),
            Err(error) if error.is_away() => error,
            Err(error) => return Err(error),
        };
        notice(&format!(
            "offline: {}; what is logged already is known by this computer's copy",
            error.message()
        ));
        let local = self.local(account);
        let (entries, weights) = local.exported_days(ALL_DAYS);
        let library = local.replica(|replica, owner| replica.library(owner));
        Ok(Fetched {
            data: AccountData {
                user: local.profile().flatten(),
                library: library.unwrap_or_default(),
                weights,
                activities: entries,
            },
            ..Fetched::default()
        })
    }

    /// The totals of days, without those that were never written.
    pub(in crate::cli) async fn all_totals(&self, (from, to): (Date, Date)) -> Result<Days, CommandError> {
        let (mut days, mut token) = (Days::new(), None);
        loop {
            let page = self.once.totals_page(from, to, token).await?;
            days.extend(page.rows.into_iter().map(|day| (day.date, day)));
            token = page.next;
            if token.is_none() {
                return Ok(days);
            }
        }
    }
}

/// The days whose entries are not those of their totals, in order.
fn unproven(days: &Days, activities: &[Activity]) -> Vec<Date> {
    let mut proofs: BTreeMap<Date, Proof> = BTreeMap::new();
    for activity in activities {
        let proof = proofs.entry(activity.entry.date).or_default();
        proof.add(&activity.id, activity.rev);
    }
    let mut unproven: Vec<Date> = days
        .values()
        .filter(|day| !is_proven(day, proofs.get(&day.date).copied().unwrap_or_default()))
        .map(|day| day.date)
        .collect();
    // A day with entries whose totals are not counted yet.
    unproven.extend(proofs.keys().filter(|date| !days.contains_key(*date)));
    unproven.sort_unstable();
    unproven
}

/// Whether entries are those of the totals; so are any where the backend doesn't count entries.
fn is_proven(day: &DailyTotals, proof: Proof) -> bool {
    Proof::expected_by(day).is_none_or(|expected| expected == proof)
}
