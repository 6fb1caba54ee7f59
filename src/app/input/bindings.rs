//! The default keys.

use super::{
    action::{
        Action, Control,
        Motion::{Down, First, Last, PageDown, PageUp, Up},
    },
    context::Context,
    key::{Code, Key},
};
use crate::app::tab::Tab;

/// What a key means in a context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// It runs an action.
    Action(Action),
    /// It moves in a form, a list or a dialog.
    Control(Control),
}

impl Meaning {
    /// Its name in the help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Action(action) => action.title(),
            Self::Control(control) => control.title(),
        }
    }
}

impl Meaning {
    /// Its name in `config.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Action(action) => action.into(),
            Self::Control(control) => control.name(),
        }
    }
}

impl From<Action> for Meaning {
    fn from(action: Action) -> Self {
        Self::Action(action)
    }
}

impl From<Control> for Meaning {
    fn from(control: Control) -> Self {
        Self::Control(control)
    }
}

/// A line of the keymap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The context in which it applies.
    pub context: Context,
    /// Any of these keys; the first one is shown in hints.
    pub keys: Vec<Key>,
    /// What the keys do.
    pub meaning: Meaning,
    /// The word of the footer; none where the footer doesn't show it.
    pub footer: Option<&'static str>,
}

const UP: Key = Key::new(Code::Up);
const DOWN: Key = Key::new(Code::Down);
const LEFT: Key = Key::new(Code::Left);
const RIGHT: Key = Key::new(Code::Right);
const PAGE_UP: Key = Key::new(Code::PageUp);
const PAGE_DOWN: Key = Key::new(Code::PageDown);
const HOME: Key = Key::new(Code::Home);
const END: Key = Key::new(Code::End);
const ENTER: Key = Key::new(Code::Enter);
const ESC: Key = Key::new(Code::Esc);
const TAB: Key = Key::new(Code::Tab);
const BACK_TAB: Key = Key::new(Code::BackTab);
const DELETE: Key = Key::new(Code::Delete);
const SPACE: Key = Key::char(' ');

const fn char(c: char) -> Key {
    Key::char(c)
}

/// Keys, what they do, and the word of the footer.
type Row = (&'static [Key], Meaning, Option<&'static str>);

const fn run(keys: &'static [Key], action: Action, footer: Option<&'static str>) -> Row {
    (keys, Meaning::Action(action), footer)
}

const fn control(keys: &'static [Key], control: Control, footer: Option<&'static str>) -> Row {
    (keys, Meaning::Control(control), footer)
}

const fn step(keys: &'static [Key], motion: super::action::Motion, footer: Option<&'static str>) -> Row {
    control(keys, Control::Move(motion), footer)
}

/// The bindings of every context, in the order of the footer and the help.
pub(super) fn defaults() -> Vec<Binding> {
    Context::all()
        .flat_map(|context| {
            rows(context).iter().map(move |(keys, meaning, footer)| Binding {
                context,
                keys: keys.to_vec(),
                meaning: *meaning,
                footer: *footer,
            })
        })
        .collect()
}

const fn rows(context: Context) -> &'static [Row] {
    match context {
        Context::Tab(Tab::Today) => TODAY,
        Context::Tab(Tab::History) => HISTORY,
        Context::Tab(Tab::Trends) => TRENDS,
        Context::Tab(Tab::Suggestions) => SUGGESTIONS,
        Context::Tab(Tab::Profile) => PROFILE,
        Context::Quick => QUICK,
        Context::Picker => PICKER,
        Context::Text | Context::LibraryItem => TEXT,
        Context::Palette => PALETTE,
        Context::Help => HELP,
        Context::Queue => QUEUE,
        Context::Repeat => REPEAT,
        Context::Library => LIBRARY,
        Context::MoveTo => MOVE_TO,
        Context::ChangeType => CHANGE_TYPE,
        Context::Search => SEARCH,
        Context::Found => FOUND,
        Context::Jump => JUMP,
        Context::Themes => THEMES,
        Context::Settings => SETTINGS,
        Context::Tour => TOUR,
        Context::ImportFile => IMPORT_FILE,
        Context::Import => IMPORT,
        Context::Value => VALUE,
        Context::SignOut => SIGN_OUT,
        Context::WholeAccount => WHOLE_ACCOUNT,
        Context::Start => START,
        Context::Account => ACCOUNT,
        Context::Global => GLOBAL,
    }
}

const TODAY: &[Row] = &[
    run(&[char('a')], Action::Add, Some("add")),
    run(&[char('r')], Action::LogAgain, Some("repeat")),
    run(&[char('e')], Action::Edit, Some("edit")),
    run(&[char('d'), DELETE], Action::Delete, Some("delete")),
    run(&[char('u')], Action::Undo, Some("undo")),
    run(&[char('U'), Key::ctrl('r')], Action::Redo, None),
    run(&[char('/')], Action::Search, Some("search")),
    run(&[char('J')], Action::Jump, None),
    run(&[char('?')], Action::Help, Some("help")),
    run(&[char('q')], Action::Quit, Some("quit")),
    run(&[char('h'), LEFT], Action::PreviousDay, Some("previous day")),
    run(&[char('l'), RIGHT], Action::NextDay, Some("next day")),
    run(&[char('t')], Action::GoToToday, Some("today")),
    run(&[char('o')], Action::ChangeOrder, None),
    run(&[char('1')], Action::ShowToday, None),
    run(&[char('2')], Action::ShowHistory, Some("history")),
    run(&[char('3')], Action::ShowTrends, Some("trends")),
    run(&[char('4')], Action::ShowSuggestions, None),
    run(&[char('5')], Action::ShowProfile, None),
    run(&[char('w')], Action::NoteWeight, None),
    run(&[char(':'), Key::ctrl('p')], Action::Palette, Some("commands")),
    run(&[char('R')], Action::Repeat, None),
    run(&[char('f')], Action::Favourite, None),
    run(&[SPACE], Action::Mark, None),
    run(&[char('y')], Action::Copy, None),
    run(&[char('Y')], Action::CopyDay, None),
    run(&[char('p')], Action::Paste, None),
    run(&[char('M')], Action::MoveTo, None),
    run(&[char('c')], Action::ChangeType, None),
    control(&[ESC], Control::Back, None),
    run(&[ENTER], Action::Open, None),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, None),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
];

const HISTORY: &[Row] = &[
    run(&[ENTER], Action::OpenDay, Some("open the day")),
    run(&[char('y'), char('Y')], Action::CopyDay, None),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("choose")),
    run(&[char('t')], Action::GoToToday, Some("today")),
    run(&[char('1')], Action::ShowToday, None),
    run(&[char('2')], Action::ShowHistory, None),
    run(&[char('3')], Action::ShowTrends, Some("trends")),
    run(&[char('/')], Action::Search, Some("search")),
    run(&[char('J')], Action::Jump, None),
    run(&[char('4')], Action::ShowSuggestions, None),
    run(&[char('5')], Action::ShowProfile, None),
    run(&[char('w')], Action::NoteWeight, None),
    run(&[char('?')], Action::Help, Some("help")),
    run(&[char('q')], Action::Quit, Some("quit")),
    control(&[ESC], Control::Back, Some("back")),
    run(&[char(':'), Key::ctrl('p')], Action::Palette, Some("commands")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
];

const TRENDS: &[Row] = &[
    run(&[char('[')], Action::ShorterRange, Some("shorter")),
    run(&[char(']')], Action::LongerRange, Some("longer")),
    run(&[char('v')], Action::ChartOrTable, Some("chart or table")),
    run(&[char('1')], Action::ShowToday, None),
    run(&[char('2')], Action::ShowHistory, Some("history")),
    run(&[char('3')], Action::ShowTrends, None),
    run(&[char('/')], Action::Search, Some("search")),
    run(&[char('J')], Action::Jump, None),
    run(&[char('4')], Action::ShowSuggestions, None),
    run(&[char('5')], Action::ShowProfile, None),
    run(&[char('w')], Action::NoteWeight, None),
    run(&[char('?')], Action::Help, Some("help")),
    run(&[char('q')], Action::Quit, Some("quit")),
    control(&[ESC], Control::Back, Some("back")),
    run(&[char(':'), Key::ctrl('p')], Action::Palette, Some("commands")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, None),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
];

const SUGGESTIONS: &[Row] = &[
    run(&[ENTER], Action::LogSuggestion, Some("log it")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("choose")),
    run(&[char('[')], Action::LessSugar, Some("less sugar")),
    run(&[char(']')], Action::MoreSugar, Some("more sugar")),
    run(&[char('u')], Action::Undo, Some("undo")),
    run(&[char('U'), Key::ctrl('r')], Action::Redo, None),
    run(&[char('1')], Action::ShowToday, Some("today")),
    run(&[char('2')], Action::ShowHistory, None),
    run(&[char('3')], Action::ShowTrends, None),
    run(&[char('4')], Action::ShowSuggestions, None),
    run(&[char('5')], Action::ShowProfile, Some("profile")),
    run(&[char('w')], Action::NoteWeight, None),
    run(&[char('/')], Action::Search, None),
    run(&[char('J')], Action::Jump, None),
    run(&[char('?')], Action::Help, Some("help")),
    run(&[char('q')], Action::Quit, Some("quit")),
    control(&[ESC], Control::Back, Some("back")),
    run(&[char(':'), Key::ctrl('p')], Action::Palette, Some("commands")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
];

const PROFILE: &[Row] = &[
    run(&[ENTER, char('e')], Action::EditSetting, Some("change")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("choose")),
    run(&[char('p')], Action::AcceptProposal, Some("take the proposal")),
    run(&[char('w')], Action::NoteWeight, Some("weight")),
    run(&[char('u')], Action::Undo, Some("undo")),
    run(&[char('U'), Key::ctrl('r')], Action::Redo, None),
    run(&[char('1')], Action::ShowToday, Some("today")),
    run(&[char('2')], Action::ShowHistory, None),
    run(&[char('3')], Action::ShowTrends, None),
    run(&[char('4')], Action::ShowSuggestions, Some("suggestions")),
    run(&[char('5')], Action::ShowProfile, None),
    run(&[char('/')], Action::Search, None),
    run(&[char('J')], Action::Jump, None),
    run(&[char('?')], Action::Help, Some("help")),
    run(&[char('q')], Action::Quit, Some("quit")),
    control(&[ESC], Control::Back, Some("back")),
    run(&[char(':'), Key::ctrl('p')], Action::Palette, Some("commands")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
];

const VALUE: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("save")),
    control(&[ESC], Control::Back, Some("back")),
];

const QUICK: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("log it")),
    step(&[UP], Up, None),
    step(&[DOWN], Down, Some("choose")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    run(&[TAB], Action::AddByForm, Some("form")),
    control(&[ESC], Control::Back, Some("back")),
];

const PICKER: &[Row] = &[
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

const TEXT: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("save")),
    control(&[TAB, DOWN], Control::NextField, Some("next field")),
    control(&[BACK_TAB, UP], Control::PreviousField, None),
    control(&[ESC], Control::Back, Some("back")),
];

const PALETTE: &[Row] = &[
    step(&[UP], Up, None),
    step(&[DOWN], Down, Some("choose")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    control(&[ENTER], Control::Confirm, Some("run")),
    control(&[ESC, Key::ctrl('p')], Control::Back, Some("back")),
];

const HELP: &[Row] = &[
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("scroll")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN, SPACE], PageDown, Some("page")),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
    control(&[ESC, char('?'), char('q'), ENTER], Control::Back, Some("back")),
];

const QUEUE: &[Row] = &[
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

const REPEAT: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("log it")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("choose")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
    control(&[ESC, char('q')], Control::Back, Some("back")),
];

const LIBRARY: &[Row] = &[
    control(&[ENTER, char('e')], Control::Confirm, Some("edit")),
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

const MOVE_TO: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("move")),
    control(&[ESC], Control::Back, Some("back")),
];

const CHANGE_TYPE: &[Row] = &[
    step(&[UP], Up, None),
    step(&[DOWN], Down, Some("choose")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    control(&[ENTER], Control::Confirm, Some("pick")),
    control(&[ESC], Control::Back, Some("back")),
];

const SEARCH: &[Row] = &[
    step(&[DOWN, TAB], Down, Some("list")),
    step(&[UP], Up, None),
    control(&[ENTER], Control::Confirm, Some("open the day")),
    control(&[ESC], Control::Back, Some("back")),
];

const FOUND: &[Row] = &[
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

const JUMP: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("go there")),
    control(&[ESC], Control::Back, Some("back")),
];

const THEMES: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("keep it")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("try")),
    step(&[PAGE_UP], PageUp, None),
    step(&[PAGE_DOWN], PageDown, None),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
    control(&[ESC, char('q')], Control::Back, Some("as before")),
];

const SETTINGS: &[Row] = &[
    control(&[ENTER, SPACE, RIGHT], Control::Confirm, Some("change")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("choose")),
    step(&[char('g'), HOME], First, None),
    step(&[char('G'), END], Last, None),
    control(&[ESC, char('q')], Control::Back, Some("back")),
];

const TOUR: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("next")),
    step(&[LEFT, UP, PAGE_UP], Up, Some("previous")),
    step(&[RIGHT, DOWN, PAGE_DOWN], Down, None),
    step(&[HOME], First, None),
    step(&[END], Last, None),
    control(&[ESC, char('q')], Control::Back, Some("end")),
];

const IMPORT_FILE: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("read it")),
    control(&[TAB], Control::NextField, Some("complete")),
    control(&[ESC], Control::Back, Some("back")),
];

const IMPORT: &[Row] = &[
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

const SIGN_OUT: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("sign out")),
    control(&[ESC, char('q')], Control::Back, Some("back")),
];

const WHOLE_ACCOUNT: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("confirm")),
    step(&[UP], Up, None),
    step(&[DOWN], Down, None),
    control(&[ESC], Control::Back, Some("back")),
];

const START: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("start")),
    run(&[char('s')], Action::SignIn, Some("sign in")),
    run(&[char('n')], Action::SignUp, Some("new account")),
    run(&[char('f')], Action::ResetPassword, Some("forgot")),
    step(&[UP, char('k')], Up, None),
    step(&[DOWN, char('j')], Down, Some("choose")),
    run(&[char('?')], Action::Help, Some("help")),
    run(&[char('q')], Action::Quit, Some("quit")),
];

const ACCOUNT: &[Row] = &[
    control(&[ENTER], Control::Confirm, Some("submit")),
    control(&[TAB, DOWN], Control::NextField, Some("next field")),
    control(&[BACK_TAB, UP], Control::PreviousField, None),
    control(&[ESC], Control::Back, Some("back")),
    run(&[Key::ctrl('r')], Action::ResendCode, Some("new code")),
];

const GLOBAL: &[Row] = &[
    run(&[Key::ctrl('z')], Action::Suspend, None),
    run(&[Key::ctrl('c')], Action::Quit, None),
];
