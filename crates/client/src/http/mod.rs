//! HTTP as AppSync and Cognito use it: one `POST` at a time, with time limits and retries.

mod client;
mod clock;
mod overdue;
mod retry;
mod silence;

pub(crate) use client::{HttpClient, HttpResponse, TransportError};
pub(crate) use clock::clock_skew;
pub(crate) use overdue::Overdue;
pub(crate) use retry::{RetryPolicy, delays_for_ever};
pub use silence::{Silence, SilenceWatch};
