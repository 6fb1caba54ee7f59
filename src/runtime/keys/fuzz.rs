//! Bytes of a terminal that sends anything.

use std::collections::VecDeque;

use super::{Input, decoder::Decoder};

/// What comes of reads that follow each other in time, and of nothing more after them.
fn decoded<'a>(reads: impl IntoIterator<Item = &'a [u8]>) -> VecDeque<Input> {
    let (mut decoder, mut out) = (Decoder::default(), VecDeque::new());
    for read in reads {
        decoder.feed(read, &mut out);
    }
    decoder.expire(&mut out);
    assert_eq!(decoder.patience(), None);
    out
}

/// The first byte is where the others are cut. ESC at the end of a read may be a key; any other cut changes nothing.
#[test]
fn any_bytes_are_decoded_and_wherever_they_are_cut_they_are_the_same_keys() {
    caltrack_fuzz::fuzz(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/keys"), |bytes| {
        let Some((cut, bytes)) = bytes.split_first() else {
            return;
        };
        let whole = decoded([bytes]);
        for input in &whole {
            if let Input::Paste(text) = input {
                assert!(text.len() <= 3 * bytes.len());
            }
        }
        let at = usize::from(*cut).min(bytes.len());
        let (head, tail) = bytes.split_at(at);
        if head.last() != Some(&0x1b) {
            assert_eq!(decoded([head, tail]), whole);
        }
    });
}
