//! The library in the replica: read, merged with the backend's, and changed by acknowledged edits.

use caltrack_domain::outbox::LibraryChange;

use super::context::Context;
use crate::app::{Failure, Message};

/// The library of this computer's copy; none without a user.
pub(super) async fn stored(context: &Context) -> Option<Message> {
    let sub = context.sub()?;
    let read = context.replica.run(&sub, |replica, owner| replica.library(owner));
    let library = read.await?;
    Some(Message::Library { sub, library })
}

/// Fetches the backend's library and merges it into the copy.
pub(super) async fn fetched(context: &Context) -> Result<Option<Message>, Failure> {
    let Some(sub) = context.sub() else {
        return Ok(None);
    };
    let fetched = context.client.library().await?;
    let merged = context.replica.run(&sub, move |replica, owner| {
        replica.change_library(owner, |library| library.merge(&fetched))
    });
    Ok(merged.await.map(|library| Message::Library { sub, library }))
}

/// Takes an acknowledged edit into the copy.
pub(super) async fn acknowledged(context: &Context, sub: &str, change: LibraryChange) -> Option<Message> {
    let changed = context.replica.run(sub, move |replica, owner| {
        replica.change_library(owner, |library| {
            library.apply(&change);
        })
    });
    let library = changed.await?;
    let sub = sub.to_owned();
    Some(Message::Library { sub, library })
}
