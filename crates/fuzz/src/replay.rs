//! The corpus, and what is close to it: every beginning of an input, and every input with one byte changed.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

/// What bytes are replaced with, in turn: the ends of the range, and characters that end or change a part of JSON, TOML or a line.
const BYTES: [u8; 7] = [0, 0xff, b'"', b'-', b'9', b'}', b' '];

pub(crate) fn run(corpus: &str, target: fn(&[u8])) {
    let mut inputs: Vec<_> = fs::read_dir(corpus)
        .unwrap_or_else(|error| panic!("{corpus}: {error}"))
        .map(|entry| entry.expect("a file of the corpus").path())
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "{corpus} has no inputs");
    for path in inputs {
        let input = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for close in close_to(&input) {
            let run = catch_unwind(AssertUnwindSafe(|| target(&close)));
            if let Err(panic) = run {
                eprintln!(
                    "the target panicked on this input, close to {}:\n{}",
                    path.display(),
                    close.escape_ascii()
                );
                resume_unwind(panic);
            }
        }
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
    fn a_missing_or_empty_corpus_is_an_error() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().to_str().expect("a name");
        assert!(catch_unwind(|| run(path, |_| {})).is_err());
        assert!(catch_unwind(|| run("/nowhere", |_| {})).is_err());
    }
}
