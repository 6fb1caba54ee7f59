//! The one table that binds keys to actions, and from which footer, help and command palette are printed.

use super::{
    action::{Action, Motion},
    key::{Code, Key},
};

/// Who owns the keys: the topmost dialog, or the screen where none is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Everywhere.
    Global,
    /// The first screen.
    Start,
    /// A form about the account.
    Account,
    /// A day and its entries.
    Today,
    /// The quick line.
    Quick,
    /// A list in the form.
    Picker,
    /// A text in the form.
    Text,
    /// The help.
    Help,
    /// The command palette.
    Palette,
}

impl Context {
    /// Its name, as the help's headings have it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::Start => "Start",
            Self::Account => "Account",
            Self::Today => "Today",
            Self::Quick => "Quick line",
            Self::Picker => "Form: lists",
            Self::Text => "Form: texts",
            Self::Help => "Help",
            Self::Palette => "Commands",
        }
    }
}

/// The order of the help.
pub const CONTEXTS: [Context; 9] = [
    Context::Today,
    Context::Quick,
    Context::Picker,
    Context::Text,
    Context::Palette,
    Context::Help,
    Context::Start,
    Context::Account,
    Context::Global,
];

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// Any of these.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// The word of the footer; none: the footer doesn't show it.
    pub footer: Option<&'static str>,
}

const fn row(
    context: Context,
    keys: &'static [Key],
    action: Action,
    footer: Option<&'static str>,
) -> Binding {
    Binding {
        context,
        keys,
        action,
        footer,
    }
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

/// The table.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    row(Context::Today, &[Key::char('a')], Action::Add, Some("add")),
    row(Context::Today, &[Key::char('e')], Action::Edit, Some("edit")),
    row(Context::Today, &[Key::char('d'), DELETE], Action::Delete, Some("delete")),
    row(Context::Today, &[Key::char('u')], Action::Undo, Some("undo")),
    row(Context::Today, &[Key::char('?')], Action::Help, Some("help")),
    row(Context::Today, &[Key::char('q')], Action::Quit, Some("quit")),
    row(Context::Today, &[Key::char('h'), LEFT], Action::PreviousDay, Some("day before")),
    row(Context::Today, &[Key::char('l'), RIGHT], Action::NextDay, Some("after")),
    row(Context::Today, &[Key::char('t')], Action::Today, Some("today")),
    row(Context::Today, &[Key::char(':'), Key::ctrl('p')], Action::Palette, Some("commands")),
    row(Context::Today, &[ENTER], Action::Open, None),
    row(Context::Today, &[UP, Key::char('k')], Action::Move(Motion::Up), None),
    row(Context::Today, &[DOWN, Key::char('j')], Action::Move(Motion::Down), None),
    row(Context::Today, &[PAGE_UP], Action::Move(Motion::PageUp), None),
    row(Context::Today, &[PAGE_DOWN], Action::Move(Motion::PageDown), None),
    row(Context::Today, &[Key::char('g'), HOME], Action::Move(Motion::First), None),
    row(Context::Today, &[Key::char('G'), END], Action::Move(Motion::Last), None),
    row(Context::Quick, &[ENTER], Action::Confirm, Some("log it")),
    row(Context::Quick, &[TAB], Action::OpenForm, Some("form")),
    row(Context::Quick, &[ESC], Action::Back, Some("back")),
    row(Context::Picker, &[UP], Action::Move(Motion::Up), None),
    row(Context::Picker, &[DOWN], Action::Move(Motion::Down), Some("choose")),
    row(Context::Picker, &[PAGE_UP], Action::Move(Motion::PageUp), None),
    row(Context::Picker, &[PAGE_DOWN], Action::Move(Motion::PageDown), None),
    row(Context::Picker, &[HOME], Action::Move(Motion::First), None),
    row(Context::Picker, &[END], Action::Move(Motion::Last), None),
    row(Context::Picker, &[ENTER], Action::Confirm, Some("pick")),
    row(Context::Picker, &[TAB], Action::NextField, Some("next field")),
    row(Context::Picker, &[BACK_TAB], Action::PreviousField, None),
    row(Context::Picker, &[ESC], Action::Back, Some("back")),
    row(Context::Text, &[ENTER], Action::Confirm, Some("save")),
    row(Context::Text, &[TAB, DOWN], Action::NextField, Some("next field")),
    row(Context::Text, &[BACK_TAB, UP], Action::PreviousField, None),
    row(Context::Text, &[ESC], Action::Back, Some("back")),
    row(Context::Palette, &[UP], Action::Move(Motion::Up), None),
    row(Context::Palette, &[DOWN], Action::Move(Motion::Down), Some("choose")),
    row(Context::Palette, &[PAGE_UP], Action::Move(Motion::PageUp), None),
    row(Context::Palette, &[PAGE_DOWN], Action::Move(Motion::PageDown), None),
    row(Context::Palette, &[ENTER], Action::Confirm, Some("run")),
    row(Context::Palette, &[ESC, Key::ctrl('p')], Action::Back, Some("back")),
    row(Context::Help, &[UP, Key::char('k')], Action::Move(Motion::Up), None),
    row(Context::Help, &[DOWN, Key::char('j')], Action::Move(Motion::Down), Some("scroll")),
    row(Context::Help, &[PAGE_UP], Action::Move(Motion::PageUp), None),
    row(Context::Help, &[PAGE_DOWN, Key::char(' ')], Action::Move(Motion::PageDown), Some("page")),
    row(Context::Help, &[Key::char('g'), HOME], Action::Move(Motion::First), None),
    row(Context::Help, &[Key::char('G'), END], Action::Move(Motion::Last), None),
    row(Context::Help, &[ESC, Key::char('?'), Key::char('q'), ENTER], Action::Back, Some("back")),
    row(Context::Start, &[ENTER], Action::Confirm, Some("start")),
    row(Context::Start, &[Key::char('s')], Action::OpenSignIn, Some("sign in")),
    row(Context::Start, &[Key::char('n')], Action::OpenSignUp, Some("new account")),
    row(Context::Start, &[Key::char('f')], Action::OpenForgot, Some("forgot")),
    row(Context::Start, &[UP, Key::char('k')], Action::Move(Motion::Up), None),
    row(Context::Start, &[DOWN, Key::char('j')], Action::Move(Motion::Down), Some("choose")),
    row(Context::Start, &[Key::char('?')], Action::Help, Some("help")),
    row(Context::Start, &[Key::char('q')], Action::Quit, Some("quit")),
    row(Context::Account, &[ENTER], Action::Confirm, Some("go on")),
    row(Context::Account, &[TAB, DOWN], Action::NextField, Some("next field")),
    row(Context::Account, &[BACK_TAB, UP], Action::PreviousField, None),
    row(Context::Account, &[ESC], Action::Back, Some("back")),
    row(Context::Account, &[Key::ctrl('r')], Action::Resend, Some("new code")),
    row(Context::Global, &[Key::ctrl('z')], Action::Suspend, None),
    row(Context::Global, &[Key::ctrl('c')], Action::Quit, None),
];

/// What a key means to whoever owns the keys.
pub fn action(context: Context, key: Key) -> Option<Action> {
    bindings(context)
        .chain(bindings(Context::Global))
        .find(|binding| binding.keys.contains(&key))
        .map(|binding| binding.action)
}

/// The rows of one context.
pub fn bindings(context: Context) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.context == context)
}

/// The keys of an action on the Today screen, for the command palette.
pub fn keys_of(action: Action) -> &'static [Key] {
    BINDINGS
        .iter()
        .filter(|binding| matches!(binding.context, Context::Today | Context::Global))
        .find(|binding| binding.action == action)
        .map_or(&[], |binding| binding.keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_context_binds_a_key_twice() {
        for context in CONTEXTS {
            let keys: Vec<Key> = bindings(context)
                .flat_map(|binding| binding.keys)
                .copied()
                .collect();
            for (at, key) in keys.iter().enumerate() {
                assert!(!keys[..at].contains(key), "{context:?} binds {key} twice");
            }
        }
    }

    #[test]
    fn every_dialog_that_takes_text_leaves_letters_to_it() {
        for context in [
            Context::Quick,
            Context::Picker,
            Context::Text,
            Context::Palette,
            Context::Account,
        ] {
            for binding in bindings(context) {
                assert!(
                    binding.keys.iter().all(|key| key.typed().is_none()),
                    "{context:?}"
                );
            }
        }
    }

    #[test]
    fn every_context_can_be_left_and_shows_how() {
        for context in CONTEXTS {
            if context != Context::Global {
                let leaves = |binding: &&Binding| matches!(binding.action, Action::Back | Action::Quit);
                assert!(
                    bindings(context)
                        .find(leaves)
                        .is_some_and(|binding| binding.footer.is_some()),
                    "{context:?}"
                );
            }
        }
    }
}
