//! Fuzz targets as tests.
//!
//! A target is a test that calls [`fuzz`] with a function that panics where a promise is broken. `cargo test` runs it on
//! the files of its corpus and on everything close to them; `.ci/fuzz` runs the same test by libFuzzer, which is guided by
//! the coverage of this workspace's crates.

#![cfg_attr(not(feature = "libfuzzer"), forbid(unsafe_code))]

#[cfg(feature = "libfuzzer")]
mod engine;
mod mutate;
mod replay;

/// Runs a target on the corpus in a directory: inputs that are typical, and those that once broke it. With the feature
/// `libfuzzer` and its options in `CALTRACK_FUZZ`, libFuzzer runs it and ends the process.
///
/// # Panics
///
/// If the target panics, or there is no corpus.
pub fn fuzz(corpus: &str, target: fn(&[u8])) {
    #[cfg(feature = "libfuzzer")]
    if let Ok(options) = std::env::var("CALTRACK_FUZZ") {
        engine::run(corpus, &options, target);
        return;
    }
    replay::run(corpus, target);
}
