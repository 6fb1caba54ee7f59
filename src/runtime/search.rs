//! Search in the replica.

use super::context::Context;
use crate::app::Message;

/// The most entries that are found.
const MAX_FOUND: u32 = 100;

/// Searches the entries of the signed-in user; none without a user.
pub(super) async fn search(context: &Context, text: String) -> Option<Message> {
    let sub = context.sub()?;
    let words = text.clone();
    let found = context
        .replica
        .run(&sub, move |replica, owner| {
            replica.search(owner, &words, MAX_FOUND)
        })
        .await;
    Some(Message::Found {
        sub,
        text,
        entries: found.unwrap_or_default(),
    })
}
