//! The names and weights of the replica, for the quick line.

use std::sync::Arc;

use caltrack_client::replica::NamedEntry;
use caltrack_domain::line::{Habit, Own};
use caltrack_foods::{Habits, table};
use jiff::Zoned;

use super::context::Context;
use crate::app::{Message, names::LogNames};

/// Names that are read in one operation: others of the replica follow in between.
const AT_ONCE: u32 = 500;

/// Reads the names of the signed-in user, a part at a time; none without a user.
pub(super) async fn load(context: &Context) -> Option<Message> {
    let sub = context.sub()?;
    let replica = &context.replica;
    let weights = replica
        .run(&sub, |replica, owner| {
            let profile = replica.profile(owner)?;
            Ok((
                replica.weights(owner)?,
                profile.and_then(|profile| profile.weight),
            ))
        })
        .await;
    let (weights, weight) = weights.unwrap_or_default();
    let mut habits = Vec::new();
    let mut after = Some(String::new());
    while let Some(last) = after {
        let part = replica
            .run(&sub, move |replica, owner| {
                replica.named_entries(owner, &last, AT_ONCE, |_| true)
            })
            .await;
        let (part, next) = part.unwrap_or_default();
        habits.extend(part.into_iter().filter_map(habit));
        after = next;
    }
    let indexed = tokio::task::spawn_blocking(move || {
        // The first look-up doesn't wait for it.
        table();
        Habits::of(habits, &Zoned::now())
    });
    let names = LogNames {
        habits: indexed.await.ok()?,
        weights,
        weight,
    };
    Some(Message::Names {
        sub,
        names: Arc::new(names),
    })
}

/// A name of the replica with its uses; none without a name.
pub(crate) fn habit(named: NamedEntry) -> Option<Habit> {
    let NamedEntry { name, entry } = named;
    Some(Habit {
        own: Own::of(entry)?,
        uses: name.uses,
        last: name.last,
        hours: name.hours,
        weekdays: name.weekdays,
    })
}
