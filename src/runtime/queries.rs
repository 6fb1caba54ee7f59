//! Loads what the core queries, and caches it.

use super::{context::Context, convert};
use crate::app::{Answer, Failure, Query};

pub(super) async fn load(context: &Context, query: Query) -> Result<Answer, Failure> {
    let Context { client, cache, .. } = context;
    Ok(match query {
        Query::Categories => {
            let categories = client.categories().await?;
            if let Some(sub) = context.sub() {
                cache.write_categories(sub, categories.clone());
            }
            Answer::Categories(categories)
        }
        Query::Target => {
            let profile = client.profile().await?;
            let target = convert::target(profile.as_ref());
            if let Some(sub) = context.sub() {
                cache.write_profile(sub, profile);
            }
            Answer::Target(target)
        }
        Query::Day(date) => {
            let day = client.day(date).await?;
            if let Some(sub) = context.sub() {
                cache.write_day(sub, day.clone());
            }
            Answer::Day(day)
        }
    })
}

/// What this computer's cache has. Categories and target were read from it before the first frame.
pub(super) async fn cached(context: &Context, query: &Query) -> Option<Answer> {
    match query {
        Query::Day(date) => {
            let day = context.cache.day(context.sub()?, *date).await?;
            Some(Answer::Day(day))
        }
        Query::Categories | Query::Target => None,
    }
}
