//! The entries of days in the replica.

use jiff::civil::Date;

use super::context::Context;
use crate::app::{DaysFor, Message};

/// Reads the entries of the signed-in user from one day to another; none without a user.
pub(super) async fn read(context: &Context, from: Date, to: Date, purpose: DaysFor) -> Option<Message> {
    let sub = context.sub()?;
    let read = context.replica.run(&sub, move |replica, owner| {
        let dates = from.series(jiff::Span::new().days(1));
        let each = dates.take_while(|date| *date <= to).map(|date| {
            let day = replica.day(owner, date)?;
            Ok((date, day.map(|day| day.entries).unwrap_or_default()))
        });
        each.collect()
    });
    let days = read.await.unwrap_or_default();
    Some(Message::Days { sub, purpose, days })
}
