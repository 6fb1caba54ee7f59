//! The difference between this computer's clock and a server's.

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::header::{DATE, HeaderMap};

/// Seconds by which a server's clock is ahead of this computer's, by the response's `Date`; `None` without a valid one.
pub(crate) fn clock_skew(headers: &HeaderMap) -> Option<i64> {
    let date = headers.get(DATE)?.to_str().ok()?;
    let there = rfc2822::parse(date).ok()?.timestamp();
    Some(there.as_second() - Timestamp::now().as_second())
}
