//! Profile and categories of a command: from this computer where that is enough, from the backend otherwise.

use std::time::Duration;

use caltrack_domain::{Account, Category, Profile, outbox::Library};
use jiff::{Timestamp, civil::Date};

use super::{context::CommandContext, error::CommandError, local_log::LocalLog, now::Now, sending::is_away};
use crate::{app::catalog::are_fresh, runtime::settings::Settings};
use caltrack_client::api::ApiError;

/// The categories of a backend as the workshop loads them, for a computer that never reached its backend.
const STANDARD: &str = include_str!("../../assets/activity-categories.json");
/// How long a command waits for what it needs before its change is saved.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long it waits for what later commands need.
const REFRESH_TIME: Duration = Duration::from_secs(2);

impl CommandContext<'_> {
    /// The present moment on the clock of the user's profile, which is fetched only if this computer doesn't know it.
    pub(super) async fn now(&self, account: &Account) -> Result<Now, CommandError> {
        let moment = Timestamp::now();
        let local = self.local(account);
        if local.profile().is_none() {
            // Without it, the computer's clock applies.
            self.in_time(PATIENCE, self.fetched_profile(&local)).await?;
        }
        let Settings { clock, .. } = local.settings(moment);
        Ok(Now { clock, moment })
    }

    /// The settings of the user's profile: as the backend has it, or as this computer knows it.
    pub(super) async fn settings(&self, account: &Account, now: Timestamp) -> Result<Settings, CommandError> {
        let local = self.local(account);
        self.in_time(REFRESH_TIME, self.fetched_profile(&local)).await?;
        Ok(local.settings(now))
    }

    /// Fetches the profile, and the library with it, and stores them for later commands and screens.
    pub(super) async fn fetched_profile(&self, local: &LocalLog<'_>) -> Result<Option<Profile>, ApiError> {
        let user = self.once.user().await?;
        let (profile, fetched) = user.map_or((None, None), |user| (Some(user.profile), user.library));
        local.replica(|replica, owner| {
            replica.save_profile(owner, profile.as_ref())?;
            fetched.map_or(Ok(()), |fetched| {
                let merge = |library: &mut Library| library.merge(&fetched);
                replica.change_library(owner, merge).map(drop)
            })
        });
        Ok(profile)
    }

    /// Fetches the profile after it was changed. A failure leaves the copy as it is.
    pub(super) async fn refresh_profile(&self, local: &LocalLog<'_>) {
        if let Err(error) = self.in_time(REFRESH_TIME, self.fetched_profile(local)).await {
            tracing::info!(%error, "the profile was not read again");
        }
    }

    /// Fetches the totals of days after they were changed. A failure leaves the copy as it is.
    pub(super) async fn refresh_totals(&self, local: &LocalLog<'_>, from: Date, to: Date) {
        let sent = Timestamp::now();
        let fetched = self.in_time(REFRESH_TIME, self.once.totals(from, to)).await;
        if let Ok(Some(days)) = fetched {
            local.replica(|replica, owner| {
                let days = days.into_iter().filter(|day| day.version > 0).collect();
                replica.store_totals(owner, days, (Some(from), Some(to)), sent)
            });
        }
    }

    /// The result of a request; `None` if the backend can't be reached or doesn't respond in time.
    pub(super) async fn in_time<T>(
        &self,
        patience: Duration,
        request: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<Option<T>, ApiError> {
        let ready = async {
            // Why the box doesn't respond is reported by what needs it.
            self.ready().await.ok()?;
            Some(request.await)
        };
        if self.is_silent.get() {
            return Ok(None);
        }
        let result = tokio::time::timeout(patience, ready).await;
        self.is_silent.set(result.is_err());
        match result {
            Ok(Some(Ok(value))) => Ok(Some(value)),
            Ok(Some(Err(error))) if !is_away(&error) => Err(error),
            Ok(Some(Err(_)) | None) | Err(_) => Ok(None),
        }
    }

    /// Reads a value with the categories: with cached ones of the last day if it matches them, else with fetched ones, or with what
    /// this computer knows.
    pub(super) async fn by_categories<T>(
        &self,
        account: &Account,
        read: impl Fn(&[Category]) -> Result<T, CommandError>,
    ) -> Result<T, CommandError> {
        let local = self.local(account);
        let cached = local.categories();
        if let Some((cached, at)) = &cached
            && are_fresh(*at, Timestamp::now())
            && let Ok(value) = read(cached)
        {
            return Ok(value);
        }
        let fetched = self.in_time(PATIENCE, self.fetched_categories(&local)).await?;
        let known = fetched.or(cached.map(|(cached, _)| cached));
        read(&known.unwrap_or_else(standard))
    }

    /// Fetches the categories, and caches them for later commands and screens.
    async fn fetched_categories(&self, local: &LocalLog<'_>) -> Result<Vec<Category>, ApiError> {
        let categories = self.once.categories().await?;
        local.replica(|replica, owner| replica.save_categories(owner, &categories, Timestamp::now()));
        Ok(categories)
    }

    /// The categories as the backend has them, or as this computer knows them.
    pub(super) async fn known_categories(&self, account: &Account) -> Result<Vec<Category>, CommandError> {
        let local = self.local(account);
        let fetch = async || Ok(self.fetched_categories(&local).await?);
        let known = || local.categories().map(|(cached, _)| cached);
        let (categories, _) = self.or_known(fetch, known).await?;
        Ok(categories)
    }
}

/// The categories of `batch-write-item`'s file.
fn standard() -> Vec<Category> {
    let read = |item: &serde_json::Value| {
        let item = item.pointer("/PutRequest/Item")?;
        let types = item.pointer("/type/L")?.as_array()?.iter();
        Some(Category {
            name: item.pointer("/category/S")?.as_str()?.to_owned(),
            types: types
                .filter_map(|kind| Some(kind.get("S")?.as_str()?.to_owned()))
                .collect(),
        })
    };
    let tables: serde_json::Value = serde_json::from_str(STANDARD).unwrap_or_default();
    let items = tables.as_object().into_iter().flat_map(serde_json::Map::values);
    let items = items.filter_map(serde_json::Value::as_array).flatten();
    items.filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_categories_are_those_of_the_workshops_file() {
        let categories = standard();
        let mut names: Vec<&str> = categories.iter().map(|category| &*category.name).collect();
        names.sort_unstable();
        assert_eq!(names, ["Drink", "Exercise", "Food"]);
        let food = categories
            .iter()
            .find(|category| category.name == "Food")
            .unwrap();
        assert!(food.types.contains(&"Lunch".to_owned()));
    }
}
