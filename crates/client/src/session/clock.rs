//! The server's clock, by which signatures and proofs are dated.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use caltrack_private_files as private_files;
use reqwest::header::HeaderMap;

use crate::http::clock_skew;

/// Smaller differences in seconds are not corrected: AWS accepts signatures that are five minutes off, and the dates of
/// responses have full seconds.
const MIN_CORRECTION: u64 = 30;

/// The correction of this computer's clock, measured by the dates of responses. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ServerClock {
    /// Seconds by which the server's clock is ahead, 0 if they agree; `None` before the file is read.
    ahead: Arc<Mutex<Option<i64>>>,
    /// Keeps the correction for the next program, so that its first request is dated right; absent without a correction.
    file: Option<Arc<Path>>,
}

impl ServerClock {
    /// A clock whose correction is kept in a file. The file is read when the clock is first used.
    pub(crate) fn kept_in(file: PathBuf) -> Self {
        Self {
            ahead: Arc::default(),
            file: Some(file.into()),
        }
    }

    /// Measures the server's clock by a response; returns whether that changed the correction.
    pub(crate) fn observe(&self, headers: &HeaderMap) -> bool {
        clock_skew(headers).is_some_and(|skew| self.correct(skew))
    }

    pub(crate) fn correct(&self, skew: i64) -> bool {
        let correction = if skew.unsigned_abs() < MIN_CORRECTION {
            0
        } else {
            skew
        };
        let before = self.correction();
        let is_changed = before.abs_diff(correction) >= MIN_CORRECTION;
        self.set(correction);
        if is_changed && let Err(error) = self.keep(correction) {
            tracing::info!(%error, "the correction of the clock is not kept for the next program");
        }
        is_changed
    }

    fn set(&self, correction: i64) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Some(correction);
    }

    fn keep(&self, correction: i64) -> io::Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        if correction != 0 {
            return private_files::replace(file, format!("{correction}\n").as_bytes());
        }
        match std::fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// The correction that the last program kept; 0 without a readable file.
    fn kept(&self) -> i64 {
        let read = |file: &Arc<Path>| {
            let bytes = private_files::read(file).ok()?;
            str::from_utf8(&bytes).ok()?.trim().parse().ok()
        };
        self.file.as_ref().and_then(read).unwrap_or(0)
    }

    /// Seconds that are added to this computer's clock.
    pub(crate) fn correction(&self) -> i64 {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead.get_or_insert_with(|| self.kept())
    }

    /// The server's time.
    pub(crate) fn now(&self) -> SystemTime {
        let here = SystemTime::now();
        let correction = self.correction();
        let distance = Duration::from_secs(correction.unsigned_abs());
        let there = if correction < 0 {
            here.checked_sub(distance)
        } else {
            here.checked_add(distance)
        };
        there.unwrap_or(here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_far_off_is_corrected_and_a_small_difference_is_not() {
        let clock = ServerClock::default();
        assert!(!clock.correct(5) && clock.correction() == 0);
        assert!(clock.correct(-3_600));
        assert!(!clock.correct(-3_601), "the same correction");
        let behind = SystemTime::now().duration_since(clock.now()).unwrap();
        assert!(behind.as_secs().abs_diff(3_601) < 60, "{behind:?}");
        assert!(clock.correct(0) && clock.correction() == 0, "the clock was set");
    }

    #[test]
    fn a_correction_is_kept_for_the_next_program_until_the_clock_is_set() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("session.json.clock");
        let next = || ServerClock::kept_in(file.clone());
        assert!(next().correct(7_200));
        assert_eq!(next().correction(), 7_200);
        assert!(!next().correct(7_201), "it is right already");
        assert!(next().correct(0) && !file.exists());
        assert_eq!(next().correction(), 0);
        for damaged in ["", "soon", "\u{fffd}"] {
            std::fs::write(&file, damaged).unwrap();
            assert_eq!(next().correction(), 0, "{damaged:?}");
        }
    }
}
