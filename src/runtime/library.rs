//! The library in the replica: read, merged with the backend's, and changed by acknowledged edits.

use caltrack_domain::outbox::{Library, LibraryChange};

use super::context::Context;
use crate::app::Message;

/// The library of this computer's copy; none without a user.
pub(super) async fn stored(context: &Context) -> Option<Message> {
    let sub = context.sub()?;
    let read = context.replica.run(&sub, |replica, owner| replica.library(owner));
    let library = read.await?;
    Some(Message::Library { sub, library })
}

/// Merges the backend's library into the copy, and returns that; none without a user.
pub(super) async fn merged(context: &Context, fetched: Library) -> Option<Library> {
    let sub = context.sub()?;
    let merged = context.replica.run(&sub, move |replica, owner| {
        replica.change_library(owner, |library| library.merge(&fetched))
    });
    merged.await
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
