//! Catching up once, for a program that doesn't stay open.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use tokio::task::JoinSet;

use super::{
    plan::{Event, Link, Plan},
    report::Report,
    requests::{Done, Requests},
    worker::ReplicaHandle,
};
use crate::{
    api::{ApiError, Client},
    replica::Verdict,
};

/// Compares all days of the user `sub` with the backend and fetches those that differ, once each; returns them. What is stored
/// stays if it is interrupted.
///
/// # Errors
///
/// The first [`ApiError`] of a query.
pub async fn catch_up<E: From<Report> + Send + 'static>(
    client: &Client,
    replica: &ReplicaHandle<E>,
    sub: &str,
) -> Result<BTreeSet<Date>, ApiError> {
    let requests = Requests {
        client: client.clone(),
        replica: replica.clone(),
        sub: sub.to_owned(),
    };
    let mut plan = Plan::default();
    let now = Timestamp::now();
    plan.take(Event::Link(Link::Live, requests.older_due(now).await), now);
    let mut in_flight: JoinSet<Done> = JoinSet::new();
    let mut fetched = BTreeSet::new();
    loop {
        while let Some((number, request)) = plan.next(Timestamp::now()) {
            in_flight.spawn(requests.clone().perform(number, request));
        }
        let Some(done) = in_flight.join_next().await else {
            return Ok(fetched);
        };
        let Done { event, error, .. } = match done {
            Ok(done) => done,
            Err(error) => return Err(ApiError::Failed(error.to_string())),
        };
        if let Some(error) = error {
            return Err(error);
        }
        if let Event::Fetched { days, .. } = &event {
            let settled = days
                .iter()
                .filter(|day| !matches!(day.verdict, Verdict::Differs(_)));
            fetched.extend(settled.map(|day| day.date));
        }
        plan.take(event, Timestamp::now());
    }
}
