//! Keys as terminals send them: in pieces, late, or in another encoding.

use super::*;

/// The screens with a text in the quick line.
fn typing(data: &Path, text: &str) -> Program {
    let mut program = started(data);
    program.press("a");
    program.press(text);
    program.wait_for(text);
    program
}

#[test]
fn an_arrow_that_arrives_in_two_pieces_moves_the_cursor() {
    let data = data_dir();
    let mut program = typing(data.path(), "lunch 650");
    program.press("\x1b");
    program.press("[D");
    program.press("1");
    program.wait_for("lunch 6510");
    program.press("\x1b");
    program.wait_gone("lunch 6510");
}

#[test]
fn a_paste_whose_marks_arrive_in_two_pieces_is_pasted() {
    let data = data_dir();
    let mut program = typing(data.path(), "lunch 650 ");
    program.press("\x1b");
    program.press("[200~grilled");
    program.press(" salmon\x1b[2");
    program.press("01~");
    program.wait_for("lunch 650 grilled salmon");
}

#[test]
fn late_replies_of_the_terminal_are_not_keys() {
    let data = data_dir();
    let mut program = started(data.path());
    let replies = [
        "\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
        "\x1bP>|xterm(388)\x1b\\",
        "\x1b_Gi=31;OK\x1b\\",
    ];
    for reply in replies {
        program.press(reply);
    }
    // Keys before and after them are read as usual.
    program.press("alunch 6");
    for reply in replies {
        let (begin, rest) = reply.split_at(reply.len() / 2);
        program.press(begin);
        program.press(rest);
    }
    program.press("50\r");
    program.wait_for("consumed 650");
    let shown = program.contents();
    assert!(!shown.contains("ffff") && !shown.contains("xterm"), "{shown}");
}

#[test]
fn a_line_feed_is_enter() {
    let data = data_dir();
    let mut program = typing(data.path(), "lunch 650");
    program.press("\n");
    program.wait_for("consumed 650");
}

/// Before raw mode, the line discipline translates Enter to a line feed (ICRNL, termios(3)).
#[test]
fn enter_that_is_pressed_before_the_first_frame_counts() {
    let data = data_dir();
    let mut program = Program::screens(data.path(), 120, 40);
    program.press("\r");
    program.wait_for("● live");
}
