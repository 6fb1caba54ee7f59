//! The steps of a random history, and the sizes of its pictures.

use std::fmt;

use proptest::prelude::*;

use crate::{
    backend::{Change, Reply},
    world::{Code, FailureKind, Key},
};

/// A key that shows itself as the help prints it, so that a failing history can be read.
#[derive(Clone, Copy)]
pub(super) struct Press(pub(super) Key);

impl fmt::Debug for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The size of a picture, in columns and rows.
#[derive(Clone, Copy)]
pub(super) struct Size(pub(super) u16, pub(super) u16);

impl fmt::Debug for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}×{}", self.0, self.1)
    }
}

pub(super) fn size() -> impl Strategy<Value = Size> {
    (20_u16..=200, 5_u16..=60).prop_map(|(width, height)| Size(width, height))
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    Press(Press),
    Paste(String),
    Resize(u16, u16),
    /// Types a line that ends with a text of its own, and Enter.
    Log(String),
    /// The same in the name of the form.
    Form,
    /// The same in the name of the selected entry.
    Edit,
    /// Answers one of the open requests.
    Answer(usize, Reply),
    /// The disk writes the first step that waits, or refuses it.
    Write(bool),
    /// The backend receives one of the rows that can be sent.
    Receive(usize, Reply),
    /// One of the keys of a day.
    Act(char),
    /// Leaves what is open.
    Close,
    /// Opens the account on this computer, if no user is signed in.
    Start,
    /// Another program writes.
    Elsewhere(Change, char, u32),
    /// A subscription publishes a write: the last one, or an earlier one late or again.
    Hear(usize),
    /// A subscription publishes totals of the day on the screen, as they were some versions ago.
    Publish(usize),
    Poll,
    Live,
    Connecting,
    Polling,
    Offline(Option<String>),
    Revoke,
    Notify(String),
    /// Time passes, in seconds.
    Wait(u32),
}

pub(super) fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), Just("\u{202e}اختبار 面包 👨‍👩‍👧".to_owned())]
}

fn press() -> impl Strategy<Value = Press> {
    let code = prop_oneof![
        6 => "[a-z0-9 ?:G]".prop_map(|s| Code::Char(s.chars().next().unwrap())),
        1 => any::<char>().prop_map(Code::Char),
        3 => Just(Code::Enter),
        2 => Just(Code::Tab),
        1 => Just(Code::Esc),
        4 => prop::sample::select(vec![
            Code::BackTab, Code::Backspace, Code::Delete, Code::Left, Code::Right, Code::Up, Code::Down,
            Code::Home, Code::End, Code::PageUp, Code::PageDown,
        ]),
    ];
    (code, prop::bool::weighted(0.1)).prop_map(|(code, ctrl)| {
        Press(Key {
            code,
            ctrl,
            alt: false,
        })
    })
}

fn reply() -> impl Strategy<Value = Reply> {
    let kind = prop::sample::select(vec![
        FailureKind::NotFound,
        FailureKind::Conflict,
        FailureKind::SignedOut,
        FailureKind::Unreachable,
        FailureKind::Rejected,
    ]);
    prop_oneof![
        8 => Just(Reply::Done),
        1 => Just(Reply::Lost),
        2 => (kind, text()).prop_map(|(kind, text)| Reply::Fails(kind, text)),
    ]
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let what = prop::sample::select(vec![Change::Created, Change::Updated, Change::Deleted]);
    prop_oneof![
        12 => press().prop_map(Step::Press),
        1 => text().prop_map(Step::Paste),
        1 => (1_u16..=200, 1_u16..=60).prop_map(|(width, height)| Step::Resize(width, height)),
        5 => "(lunch|run|coffee) [1-9][0-9]{0,3}".prop_map(Step::Log),
        1 => "(lunch|run|cofee|) ?[0-9]{0,6}".prop_map(Step::Log),
        2 => Just(Step::Form),
        2 => Just(Step::Edit),
        6 => (0_usize..4, reply()).prop_map(|(at, reply)| Step::Answer(at, reply)),
        8 => prop::bool::weighted(0.9).prop_map(Step::Write),
        8 => (0_usize..4, reply()).prop_map(|(at, reply)| Step::Receive(at, reply)),
        8 => prop::sample::select("dudujkgGhltUUQ".chars().collect::<Vec<_>>()).prop_map(Step::Act),
        4 => Just(Step::Close),
        3 => Just(Step::Start),
        3 => (what, prop::char::range('a', 'e'), 0_u32..99_999)
            .prop_map(|(what, id, kcal)| Step::Elsewhere(what, id, kcal)),
        5 => prop_oneof![4 => Just(0_usize), 1 => 0_usize..6].prop_map(Step::Hear),
        2 => (0_usize..3).prop_map(Step::Publish),
        1 => Just(Step::Poll),
        1 => Just(Step::Live),
        1 => prop::sample::select(vec![Step::Connecting, Step::Polling]),
        1 => prop::option::of(text()).prop_map(Step::Offline),
        1 => Just(Step::Revoke),
        1 => text().prop_map(Step::Notify),
        1 => (0_u32..7_200).prop_map(Step::Wait),
    ]
}
