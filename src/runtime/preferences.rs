//! What the user prefers to see, kept in the replica's file.

use caltrack_client::replica::{Owner, Replica};

use super::context::Context;
use crate::app::preferences::Preferences;

/// Stores preferences for the signed-in user.
pub(super) async fn store(context: &Context, preferences: Preferences) {
    let (Some(sub), Ok(preferences)) = (context.sub(), serde_json::to_value(preferences)) else {
        return;
    };
    // A failure is logged.
    let _ = context
        .replica
        .run(&sub, move |replica, owner| {
            replica.save_preferences(owner, &preferences)
        })
        .await;
}

/// The preferences in the file; the defaults instead of some that this version can't read.
pub(super) fn recalled(replica: &Replica, owner: Owner<'_>) -> Preferences {
    let stored = replica
        .preferences(owner)
        .inspect_err(|error| tracing::warn!(%error, "the preferences can't be read"));
    let read = stored.ok().flatten().map(serde_json::from_value);
    read.and_then(Result::ok).unwrap_or_default()
}
