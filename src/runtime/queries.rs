//! Loads what the core queries, and keeps it for the next start.

use caltrack_client::api::ApiError;
use caltrack_domain::Category;
use jiff::Timestamp;

use super::{context::Context, library, settings::Settings};
use crate::app::{Answer, Failure, Query, SuggestionQuery};

pub(super) async fn load(context: &Context, query: Query) -> Result<Answer, Failure> {
    let Context { client, replica, .. } = context;
    Ok(match query {
        Query::Categories => Answer::Categories(categories(context).await?),
        Query::Settings => {
            let user = client.user().await?;
            let (profile, fetched) = user.map_or((None, None), |user| (Some(user.profile), user.library));
            let settings = Settings::of(profile.as_ref(), Timestamp::now());
            if let Some(sub) = context.sub() {
                replica
                    .run(&sub, move |replica, owner| {
                        replica.save_profile(owner, profile.as_ref())
                    })
                    .await;
            }
            let library = match fetched {
                Some(fetched) => library::merged(context, fetched).await,
                // The copy stays as it is.
                None => None,
            };
            Answer::User { settings, library }
        }
        Query::Suggestions(SuggestionQuery { calories, sugar, bmi }) => {
            let foods = client.suggested_foods(calories, sugar, bmi).await?;
            Answer::Suggestions(foods.into_iter().map(|food| food.entry).collect())
        }
    })
}

/// Queries the categories, and keeps them.
pub(super) async fn categories(context: &Context) -> Result<Vec<Category>, ApiError> {
    let categories = context.client.categories().await?;
    if let Some(sub) = context.sub() {
        let stored = categories.clone();
        let now = Timestamp::now();
        context
            .replica
            .run(&sub, move |replica, owner| {
                replica.save_categories(owner, &stored, now)
            })
            .await;
    }
    Ok(categories)
}
