use std::time::Duration;

use super::*;
use crate::app::{Code, Key};

fn key(code: Code) -> Input {
    Input::Key(Key::new(code))
}

fn ctrl(code: Code) -> Input {
    Input::Key(Key {
        ctrl: true,
        ..Key::new(code)
    })
}

fn alt(code: Code) -> Input {
    Input::Key(Key {
        alt: true,
        ..Key::new(code)
    })
}

fn typed(text: &str) -> Vec<Input> {
    text.chars().map(|c| key(Code::Char(c))).collect()
}

fn paste(text: &str) -> Vec<Input> {
    vec![Input::Paste(text.to_owned())]
}

/// What comes of reads that follow each other in time, and of nothing more after them.
fn decoded(reads: &[&[u8]]) -> Vec<Input> {
    let (mut decoder, mut out) = (Decoder::default(), VecDeque::new());
    for read in reads {
        decoder.feed(read, &mut out);
    }
    if decoder.patience().is_some() {
        decoder.expire(&mut out);
    }
    assert_eq!(decoder.patience(), None);
    out.into()
}

/// Every way to cut `bytes` in two and in three, and into single bytes.
fn every_cut(bytes: &[u8]) -> Vec<Vec<&[u8]>> {
    let mut cuts = vec![vec![bytes], bytes.chunks(1).collect()];
    for first in 1..bytes.len() {
        let (head, tail) = bytes.split_at(first);
        cuts.push(vec![head, tail]);
        for second in 1..tail.len() {
            let (middle, end) = tail.split_at(second);
            cuts.push(vec![head, middle, end]);
        }
    }
    cuts
}

#[test]
fn a_key_is_the_same_however_its_bytes_are_cut() {
    let keys: &[(&[u8], Input)] = &[
        (b"\x1b[D", key(Code::Left)),
        (b"\x1bOA", key(Code::Up)),
        (b"\x1b[1;5C", ctrl(Code::Right)),
        (b"\x1b[1;3D", alt(Code::Left)),
        (b"\x1b[3~", key(Code::Delete)),
        (b"\x1b[3;5~", ctrl(Code::Delete)),
        (b"\x1b[5~", key(Code::PageUp)),
        (b"\x1b[H", key(Code::Home)),
        (b"\x1b[8~", key(Code::End)),
        (b"\x1b[Z", key(Code::BackTab)),
        (b"\x1b[27;5;106~", ctrl(Code::Char('j'))),
        (b"\x1b[97;5u", ctrl(Code::Char('a'))),
        (b"\x1b[97;2u", key(Code::Char('A'))),
        (b"\x1b[27u", key(Code::Esc)),
        (b"\x1b[9;2u", key(Code::BackTab)),
        ("ü".as_bytes(), key(Code::Char('ü'))),
        ("🍣".as_bytes(), key(Code::Char('🍣'))),
    ];
    for (bytes, expected) in keys {
        for cut in every_cut(bytes) {
            assert_eq!(decoded(&cut), std::slice::from_ref(expected), "{cut:?}");
        }
    }
}

#[test]
fn a_pasted_text_is_one_however_it_is_cut_and_whatever_is_in_it() {
    for text in [
        "grilled salmon",
        "u\rd\x03",
        "ünï🍣",
        "",
        "\x1b[20",
        "\x1b\x1b[D",
        "[200~",
    ] {
        let bytes = format!("\x1b[200~{text}\x1b[201~");
        for cut in every_cut(bytes.as_bytes()) {
            assert_eq!(decoded(&cut), paste(text), "{cut:?}");
        }
    }
    // The end never comes: the text so far is still a paste, and is not interpreted as keys.
    assert_eq!(decoded(&[b"\x1b[200~ud\x1b[20"]), paste("ud"));
}

#[test]
fn an_endless_paste_is_kept_in_part_and_its_end_found() {
    let mut bytes = b"\x1b[200~".to_vec();
    bytes.resize(3 * 1024 * 1024, b'x');
    bytes.extend_from_slice(b"\x1b[201~q");
    let decoded = decoded(&[&bytes]);
    assert!(matches!(&decoded[..], [Input::Paste(text), end]
        if text.len() == 1024 * 1024 && *end == key(Code::Char('q'))));
}

#[test]
fn replies_of_the_terminal_are_no_keys_however_they_are_cut() {
    let replies: &[&[u8]] = &[
        b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
        b"\x1b]11;rgb:ffff/ffff/ffff\x07",
        b"\x1b]lcaltrack\x1b\\",
        b"\x1bP>|xterm(388)\x1b\\",
        b"\x1bP1$r0m\x1b\\",
        b"\x1bP!|00000000\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b[?62;22c",
        b"\x1b[>41;388;0c",
        b"\x1b[24;80R",
        b"\x1b[?2026;1$y",
        b"\x1b[I",
        b"\x1b[<0;10;10m",
        b"\x1b[<2;10;10M",
        b"\x1b[<35;10;10M",
        b"\x1b[M !!",
        b"\x1b[8;24;80t",
        b"\x1b[97;1:3u",
        b"\x1b[15~",
        b"\x1bOP",
        b"\x1b[[A",
    ];
    for reply in replies {
        for cut in every_cut(reply) {
            let mut reads = cut.clone();
            reads.push(b"a");
            assert_eq!(decoded(&reads), typed("a"), "{cut:?}");
        }
    }
}

#[test]
fn a_press_and_the_wheel_are_no_keys_however_they_are_cut() {
    let press = Input::Press { column: 9, row: 4 };
    for (report, input) in [
        (&b"\x1b[<0;10;5M"[..], press.clone()),
        // With Shift and Control.
        (b"\x1b[<20;10;5M", press),
        (b"\x1b[<64;1;1M", Input::Wheel { up: true }),
        (b"\x1b[<65;1;1M", Input::Wheel { up: false }),
    ] {
        for cut in every_cut(report) {
            assert_eq!(decoded(&cut), std::slice::from_ref(&input), "{cut:?}");
        }
    }
    // Cells are counted from 1.
    assert_eq!(decoded(&[b"\x1b[<0;0;5M"]), []);
}

#[test]
fn esc_is_a_key_where_no_sequence_follows() {
    assert_eq!(decoded(&[b"\x1b"]), [key(Code::Esc)]);
    // Apart, they are two keys; a terminal sends Alt in one piece.
    assert_eq!(decoded(&[b"\x1b", b"a"]), [key(Code::Esc), key(Code::Char('a'))]);
    assert_eq!(decoded(&[b"\x1ba"]), [alt(Code::Char('a'))]);
    assert_eq!(decoded(&["\x1bé".as_bytes()]), [alt(Code::Char('é'))]);
    assert_eq!(decoded(&[b"\x1b\x7f"]), [alt(Code::Backspace)]);
    assert_eq!(decoded(&[b"\x1b\x1b"]), [key(Code::Esc), key(Code::Esc)]);
    assert_eq!(decoded(&[b"\x1b\x1b[D"]), [key(Code::Esc), key(Code::Left)]);
    assert_eq!(decoded(&[b"\x1b", b"["]), [key(Code::Esc), key(Code::Char('['))]);
    assert_eq!(decoded(&[b"\x1b["]), [alt(Code::Char('['))]);
    assert_eq!(decoded(&[b"\x1bOn", b"a"]), typed("a"));
    let mut expected = vec![key(Code::Esc)];
    expected.extend(typed("On"));
    assert_eq!(decoded(&[b"\x1b", b"O", b"n"]), expected);
    // No reply begins so: it was typed.
    let mut expected = vec![key(Code::Esc)];
    expected.extend(typed("Pl"));
    assert_eq!(decoded(&[b"\x1b", b"P", b"l"]), expected);
    let mut expected = vec![key(Code::Esc)];
    expected.extend(typed("O "));
    assert_eq!(decoded(&[b"\x1b", b"O", b" "]), expected);
}

#[test]
fn a_control_key_gets_through_whatever_was_begun() {
    for begun in [&b"\x1b]11;rgb"[..], b"\x1b[1;", b"\x1bP1", b"\x1b_x"] {
        assert_eq!(decoded(&[begun, b"\x03"]), [ctrl(Code::Char('c'))], "{begun:?}");
        assert_eq!(decoded(&[begun, b"\r"]), [key(Code::Enter)], "{begun:?}");
    }
}

#[test]
fn enter_is_enter_as_cr_and_as_lf() {
    assert_eq!(decoded(&[b"\r"]), [key(Code::Enter)]);
    assert_eq!(decoded(&[b"\n"]), [key(Code::Enter)]);
    assert_eq!(
        decoded(&[b"\t\x08\x7f\x00\x1a"]),
        [
            key(Code::Tab),
            ctrl(Code::Char('h')),
            key(Code::Backspace),
            ctrl(Code::Char(' ')),
            ctrl(Code::Char('z')),
        ]
    );
}

#[test]
fn what_is_no_utf_8_is_passed_over() {
    assert_eq!(decoded(&[b"\xffa\xc3"]), typed("a"));
    assert_eq!(decoded(&[b"\xc3a"]), typed("a"));
    assert_eq!(decoded(&[b"\xed\xa0\x80a"]), typed("a"));
}

/// A keyboard whose bytes the test sends.
fn keyboard() -> (mpsc::Sender<Vec<u8>>, Keyboard) {
    let (sender, bytes) = mpsc::channel(16);
    (sender, Keyboard::of(bytes))
}

#[tokio::test(start_paused = true)]
async fn the_rest_of_a_sequence_may_be_late_and_esc_comes_after_a_moment() {
    let (bytes, mut keyboard) = keyboard();
    let begun = Instant::now();
    bytes.send(b"\x1b".to_vec()).await.unwrap();
    let later = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        bytes.send(b"[D".to_vec()).await.unwrap();
    };
    let (input, ()) = tokio::join!(keyboard.next(), later);
    assert_eq!(input, Some(key(Code::Left)));

    bytes.send(b"\x1b".to_vec()).await.unwrap();
    let before = Instant::now();
    assert_eq!(keyboard.next().await, Some(key(Code::Esc)));
    assert!(
        before.elapsed() <= Duration::from_millis(100),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn no_other_key_waits() {
    let (bytes, mut keyboard) = keyboard();
    let before = Instant::now();
    for keys in [&b"a"[..], b"\x1b[D", b"\x1bOA", b"\x1ba", b"\r", "ü".as_bytes()] {
        bytes.send(keys.to_vec()).await.unwrap();
        assert!(keyboard.next().await.is_some());
    }
    assert_eq!(before.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_wait_loses_nothing_and_a_closed_terminal_is_the_end() {
    let (bytes, mut keyboard) = keyboard();
    bytes.send(b"\x1b[".to_vec()).await.unwrap();
    let short = tokio::time::timeout(Duration::from_millis(10), keyboard.next());
    assert!(short.await.is_err());
    bytes.send(b"Dq".to_vec()).await.unwrap();
    assert_eq!(keyboard.next().await, Some(key(Code::Left)));
    drop(bytes);
    assert_eq!(keyboard.next().await, Some(key(Code::Char('q'))));
    assert_eq!(keyboard.next().await, None);
    assert_eq!(keyboard.next().await, None);
}
