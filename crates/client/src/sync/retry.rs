//! When a request follows another one.

use jiff::SignedDuration;

use crate::replica::MAX_TRIES;

/// Seconds before the next fetch of a day whose list didn't match its totals: an index may lag. Six within ten minutes.
const LAG: [i64; MAX_TRIES as usize - 1] = [1, 4, 15, 45, 120, 300];

/// The pause before another fetch after `tries` fetches that didn't match.
pub(super) fn after_difference(tries: u8) -> SignedDuration {
    let at = usize::from(tries.saturating_sub(1));
    SignedDuration::from_secs(LAG.get(at).copied().unwrap_or(0))
}

/// The longest pause after failed requests, in seconds.
const MAX_PAUSE: i64 = 60;

/// The pause before another request after `failures` failed ones in a row.
pub(super) fn after_failure(failures: u32) -> SignedDuration {
    let seconds = 1_i64.checked_shl(failures.min(6)).unwrap_or(MAX_PAUSE);
    SignedDuration::from_secs(seconds.min(MAX_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_more_fetches_take_ten_minutes_at_most() {
        let pauses: Vec<i64> = (1..MAX_TRIES)
            .map(|tries| after_difference(tries).as_secs())
            .collect();
        assert_eq!(pauses.len(), 6);
        assert!(pauses.is_sorted());
        assert!(pauses.iter().sum::<i64>() <= 600);
        assert_eq!(after_difference(MAX_TRIES), SignedDuration::ZERO);
    }

    #[test]
    fn pauses_after_failures_double_up_to_a_minute() {
        let pauses: Vec<i64> = (1..=8)
            .map(|failures| after_failure(failures).as_secs())
            .collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
