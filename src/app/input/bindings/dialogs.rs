//! The default keys of the dialogs.

use super::row::{
    BACK_TAB, DELETE, DOWN, END, ENTER, ESC, HOME, LEFT, PAGE_DOWN, PAGE_UP, RIGHT, Row, SPACE, TAB, UP,
    char, control, run, step,
};
use crate::app::input::{
    action::{
        Action, Control,
        Motion::{Down, First, Last, PageDown, PageUp, Up},
    },
    key::Key,
};

pub(super) const VALUE: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("save")),
    control(&[ESC], Control::Back, Some("back")),
];

pub(super) const QUICK: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("log it")),
    step(&[UP], Up, None),
    step(&[DOWN], Down, Some("choose")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    run(&[TAB], Action::AddByForm, Some("form")),
    control(&[ESC], Control::Back, Some("back")),
];

pub(super) const PICKER: &[Row] = &[
    step(&[UP], Up, None),
    step(&[DOWN], Down, Some("choose")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[HOME], First, None),
    step(&[END], Last, None),
    control(&[ENTER], Control::Confirm, Some("pick")),
    control(&[TAB], Control::NextField, Some("next field")),
    control(&[BACK_TAB], Control::PreviousField, None),
    control(&[ESC], Control::Back, Some("back")),
];

pub(super) const TEXT: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("save")),
    control(&[TAB, DOWN], Control::NextField, Some("next field")),
    control(&[BACK_TAB, UP], Control::PreviousField, None),
    control(&[ESC], Control::Back, Some("back")),
];

pub(super) const PALETTE: &[Row] = &[
    step(&[UP], Up, None),
    step(&[DOWN], Down, Some("choose")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    control(&[ENTER], Control::Confirm, Some("run")),
    control(&[ESC, Key::ctrl('p')], Control::Back, Some("back")),
];

pub(super) const HELP: &[Row] = &[
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("scroll")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN, SPACE], PageDown, Some("page")),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
    control(&[ESC, char('?'), char('q'), ENTER], Control::Back, Some("back")),
];

pub(super) const QUEUE: &[Row] = &[
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("choose")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
    control(&[ENTER, char('e')], Control::Confirm, Some("edit")),
    run(&[char('r')], Action::Retry, Some("send again")),
    run(&[char('d'), DELETE], Action::Drop, Some("drop")),
    control(&[ESC, char('q')], Control::Back, Some("back")),
];

pub(super) const REPEAT: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("log it")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("choose")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
    control(&[ESC, char('q')], Control::Back, Some("back")),
];

pub(super) const LIBRARY: &[Row] = &[
    control(&[ENTER, char('e')], Control::Confirm, Some("edit")),
    run(&[char('r')], Action::LogAgain, Some("log it")),
    run(&[char('n')], Action::NewFood, Some("new")),
    run(&[char('d'), DELETE], Action::RemoveSaved, Some("remove")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("choose")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
    control(&[ESC, char('q')], Control::Back, Some("back")),
];

pub(super) const MOVE_TO: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("move")),
    control(&[ESC], Control::Back, Some("back")),
];

pub(super) const CHANGE_TYPE: &[Row] = &[
    step(&[UP], Up, None),
    step(&[DOWN], Down, Some("choose")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    control(&[ENTER], Control::Confirm, Some("pick")),
    control(&[ESC], Control::Back, Some("back")),
];

pub(super) const SEARCH: &[Row] = &[
    step(&[DOWN, TAB], Down, Some("list")),
    step(&[UP], Up, None),
    control(&[ENTER], Control::Confirm, Some("open the day")),
    control(&[ESC], Control::Back, Some("back")),
];

pub(super) const FOUND: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("open the day")),
    run(&[char('r')], Action::LogAgain, Some("repeat")),
    run(&[char('/'), TAB], Action::Search, Some("words")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("choose")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[HOME], First, None),
    step(&[END], Last, None),
    control(&[ESC], Control::Back, Some("back")),
];

pub(super) const JUMP: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("go there")),
    control(&[ESC], Control::Back, Some("back")),
];

pub(super) const THEMES: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("keep it")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("try")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
    control(&[ESC, char('q')], Control::Back, Some("as before")),
];

pub(super) const SETTINGS: &[Row] = &[
    control(&[ENTER, SPACE, RIGHT], Control::Confirm, Some("change")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("choose")),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
    control(&[ESC, char('q')], Control::Back, Some("back")),
];

pub(super) const TOUR: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("next")),
    step(&[LEFT, UP, PAGE_UP], Up, Some("previous")),
    step(&[RIGHT, DOWN, PAGE_DOWN], Down, None),
    step(&[HOME], First, None),
    step(&[END], Last, None),
    control(&[ESC, char('q')], Control::Back, Some("end")),
];

pub(super) const SIGN_OUT: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("sign out")),
    control(&[ESC, char('q')], Control::Back, Some("back")),
];

pub(super) const WHOLE_ACCOUNT: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("confirm")),
    step(&[UP], Up, None),
    step(&[DOWN], Down, None),
    control(&[ESC], Control::Back, Some("back")),
];

pub(super) const IMPORT_FILE: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("read it")),
    control(&[TAB], Control::NextField, Some("complete")),
    control(&[ESC], Control::Back, Some("back")),
];

pub(super) const IMPORT: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("go on")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("move")),
    control(&[RIGHT, TAB], Control::NextField, Some("next column")),
    control(&[LEFT, BACK_TAB], Control::PreviousField, None),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
    control(&[ESC], Control::Back, Some("back")),
];
