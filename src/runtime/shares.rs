//! The kcal of each type in the replica.

use jiff::civil::Date;

use super::context::Context;
use crate::app::Message;

/// Sums the types of the signed-in user's entries from one day to another; none without a user.
pub(super) async fn read(context: &Context, from: Date, to: Date) -> Option<Message> {
    let sub = context.sub()?;
    let read = context
        .replica
        .run(&sub, move |replica, owner| replica.kcal_by_type(owner, from, to));
    let parts = read.await.unwrap_or_default();
    Some(Message::Shares { sub, parts })
}
