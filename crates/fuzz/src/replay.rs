//! The corpus, and what is close to it: every beginning of an input, and every input with one byte changed. On request,
//! mutations of it at random.

use std::{
    env, fs,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::{Duration, Instant},
};

use crate::mutate::Mutator;

/// The seconds for which mutations are tried, where there is no libFuzzer.
const SECONDS: &str = "CALTRACK_FUZZ_SECONDS";

/// What bytes are replaced with, in turn: the ends of the range, and characters that end or change a part of JSON, TOML or a line.
const BYTES: [u8; 7] = [0, 0xff, b'"', b'-', b'9', b'}', b' '];

#[expect(
    clippy::disallowed_methods,
    reason = "the environment says how long mutations are tried"
)]
pub(crate) fn run(corpus: &str, target: fn(&[u8])) {
    let mut inputs: Vec<_> = fs::read_dir(corpus)
        .unwrap_or_else(|error| panic!("{corpus}: {error}"))
        .map(|entry| entry.expect("a file of the corpus").path())
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "{corpus} has no inputs");
    let mut read = Vec::new();
    for path in inputs {
        let input = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for close in close_to(&input) {
            attempt(&close, target);
        }
        read.push(input);
    }
    if let Ok(seconds) = env::var(SECONDS) {
        let seconds = seconds.parse().expect("a number of seconds");
        let end = Instant::now() + Duration::from_secs(seconds);
        println!(
            "{} random runs",
            at_random(&read, target, |_| Instant::now() < end)
        );
    }
}

/// Runs mutations of the inputs as long as `goes_on` with the number of runs so far; returns it.
fn at_random(inputs: &[Vec<u8>], target: fn(&[u8]), goes_on: impl Fn(u64) -> bool) -> u64 {
    let mut mutator = Mutator::new(inputs);
    let mut runs = 0;
    while goes_on(runs) {
        attempt(&mutator.next_input(), target);
        runs += 1;
    }
    runs
}

fn attempt(input: &[u8], target: fn(&[u8])) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) {
        eprintln!("the target panicked on this input:\n{}", input.escape_ascii());
        resume_unwind(panic);
    }
}

fn close_to(input: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let beginnings = (0..=input.len()).map(move |end| input[..end].to_vec());
    let changed = (0..input.len()).map(|at| {
        let mut changed = input.to_vec();
        changed[at] = BYTES[at % BYTES.len()];
        changed
    });
    beginnings.chain(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corpus(input: &str) -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join("one"), input).expect("a file");
        directory
    }

    fn breaks(input: &str, target: fn(&[u8])) -> bool {
        let directory = corpus(input);
        let path = directory.path().to_str().expect("a name");
        catch_unwind(|| run(path, target)).is_err()
    }

    #[test]
    fn a_target_that_fails_on_the_input_or_close_to_it_fails() {
        assert!(breaks("abc", |bytes| assert_ne!(bytes, b"abc")));
        assert!(breaks("abc", |bytes| assert_ne!(bytes, b"ab")));
        assert!(breaks("abc", |bytes| assert_ne!(bytes, b"a\xffc")));
        assert!(!breaks("abc", |bytes| assert_ne!(bytes, b"xyz")));
    }

    #[test]
    fn mutations_reach_inputs_far_from_the_corpus() {
        let inputs = [b"abc".to_vec(), b"1234".to_vec()];
        let far = |bytes: &[u8]| assert!(!bytes.starts_with(b"abcabc"));
        assert!(catch_unwind(|| at_random(&inputs, far, |runs| runs < 10_000)).is_err());
        let mixed = |bytes: &[u8]| assert!(!(bytes.contains(&b'c') && bytes.contains(&b'4')));
        assert!(catch_unwind(|| at_random(&inputs, mixed, |runs| runs < 10_000)).is_err());
        assert_eq!(at_random(&inputs, |_| {}, |runs| runs < 99), 99);
    }

    #[test]
    fn a_missing_or_empty_corpus_is_an_error() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().to_str().expect("a name");
        assert!(catch_unwind(|| run(path, |_| {})).is_err());
        assert!(catch_unwind(|| run("/nowhere", |_| {})).is_err());
    }
}
