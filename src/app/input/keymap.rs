//! The keys of the program. Footer, help, command palette and every sentence that names a key use it.

use super::{
    action::Control,
    bindings::{self, Binding, Meaning},
    context::Context,
    key::Key,
};

/// What every key means in every context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
    /// Whether the terminal shows ASCII alone, so that arrows are named.
    is_ascii: bool,
}

impl Default for Keymap {
    fn default() -> Self {
        Self {
            bindings: bindings::defaults(),
            is_ascii: false,
        }
    }
}

impl Keymap {
    /// The same keys, for a terminal that may show ASCII alone.
    #[must_use]
    pub fn shown_in(mut self, is_ascii: bool) -> Self {
        self.is_ascii = is_ascii;
        self
    }

    /// A key as the footer, the help and sentences print it.
    pub fn name(&self, key: Key) -> String {
        if self.is_ascii {
            format!("{key:#}")
        } else {
            key.to_string()
        }
    }

    /// The bindings of one context, in the order of the footer and the help.
    pub fn bindings(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.bindings
            .iter()
            .filter(move |binding| binding.context == context && !binding.keys.is_empty())
    }

    /// All lines, those of unbound actions included.
    pub(super) const fn table_mut(&mut self) -> &mut Vec<Binding> {
        &mut self.bindings
    }

    /// What a key means in a context, or everywhere.
    pub fn meaning(&self, context: Context, key: Key) -> Option<Meaning> {
        self.bindings(context)
            .chain(self.bindings(Context::Global))
            .find(|binding| binding.keys.contains(&key))
            .map(|binding| binding.meaning)
    }

    /// The control that a key is in a context.
    pub fn control(&self, context: Context, key: Key) -> Option<Control> {
        match self.meaning(context, key) {
            Some(Meaning::Control(control)) => Some(control),
            Some(Meaning::Action(_)) | None => None,
        }
    }

    /// The first key of a meaning in a context, or everywhere; none where no key is bound to it.
    pub fn key(&self, context: Context, meaning: impl Into<Meaning>) -> Option<Key> {
        let meaning = meaning.into();
        self.bindings(context)
            .chain(self.bindings(Context::Global))
            .find(|binding| binding.meaning == meaning)
            .and_then(|binding| binding.keys.first().copied())
    }

    /// As [`Keymap::key`], as a word of a sentence; the meaning's name where no key is bound.
    pub fn hint(&self, context: Context, meaning: impl Into<Meaning>) -> String {
        let meaning = meaning.into();
        self.key(context, meaning)
            .map_or_else(|| format!("`{}`", meaning.title()), |key| self.name(key))
    }

    /// The key that confirms in a context, as a word of a sentence.
    pub fn confirm(&self, context: Context) -> String {
        self.hint(context, Control::Confirm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{input::action::Action, tab::Tab};

    #[test]
    fn no_context_binds_a_key_twice() {
        let keymap = Keymap::default();
        for context in Context::all() {
            let keys: Vec<Key> = keymap
                .bindings(context)
                .flat_map(|binding| binding.keys.iter().copied())
                .collect();
            for (at, key) in keys.iter().enumerate() {
                assert!(!keys[..at].contains(key), "{context:?} binds {key} twice");
            }
        }
    }

    #[test]
    fn every_dialog_that_takes_text_leaves_letters_to_it() {
        let keymap = Keymap::default();
        for context in [
            Context::Quick,
            Context::Picker,
            Context::Text,
            Context::Palette,
            Context::Account,
        ] {
            for binding in keymap.bindings(context) {
                assert!(
                    binding.keys.iter().all(|key| key.typed().is_none()),
                    "{context:?}"
                );
            }
        }
    }

    #[test]
    fn every_context_can_be_left_and_shows_how() {
        let keymap = Keymap::default();
        let leaves = |binding: &&Binding| {
            matches!(
                binding.meaning,
                Meaning::Control(Control::Back) | Meaning::Action(Action::Quit)
            )
        };
        for context in Context::all().filter(|context| *context != Context::Global) {
            let way_out = keymap.bindings(context).find(leaves);
            assert!(
                way_out.is_some_and(|binding| binding.footer.is_some()),
                "{context:?}"
            );
        }
    }

    #[test]
    fn every_bound_action_is_available_where_it_is_bound() {
        let keymap = Keymap::default();
        for context in Context::all() {
            for binding in keymap.bindings(context) {
                if let Meaning::Action(action) = binding.meaning {
                    assert!(action.available_in(context), "{action:?} in {context:?}");
                }
            }
        }
    }

    #[test]
    fn every_key_of_the_keymap_is_printed_and_read_back() {
        let keymap = Keymap::default();
        let keys = keymap.bindings.iter().flat_map(|binding| &binding.keys);
        for key in keys {
            assert_eq!(key.to_string().parse(), Ok(*key));
        }
    }

    #[test]
    fn other_keys_change_meanings_and_hints() {
        let mut keymap = Keymap::default();
        let today = Context::Tab(Tab::Today);
        let undo = Meaning::Action(Action::Undo);
        for binding in &mut keymap.bindings {
            if binding.context == today && binding.meaning == undo {
                binding.keys = vec!["Ctrl-U".parse().unwrap(), "u".parse().unwrap()];
            }
        }
        assert_eq!(keymap.hint(today, Action::Undo), "Ctrl-U");
        assert_eq!(keymap.meaning(today, Key::ctrl('u')), Some(undo));
        assert_eq!(keymap.meaning(today, Key::char('u')), Some(undo));
        assert_eq!(keymap.control(today, Key::char('u')), None);
    }

    #[test]
    fn arrows_have_names_where_the_terminal_shows_ascii_alone() {
        let keymap = Keymap::default().shown_in(true);
        let down = Key::new(crate::app::input::key::Code::Down);
        assert_eq!(keymap.name(down), "Down");
        assert_eq!(keymap.name(Key::ctrl('p')), "Ctrl-P");
        assert_eq!(Keymap::default().name(down), "↓");
    }

    #[test]
    fn a_sentence_names_the_first_key() {
        let keymap = Keymap::default();
        let today = Context::Tab(Tab::Today);
        assert_eq!(keymap.hint(today, Action::Delete), "d");
        assert_eq!(keymap.hint(today, Action::Suspend), "Ctrl-Z");
        assert_eq!(keymap.hint(today, Action::Refresh), "`Refresh`");
        assert_eq!(keymap.confirm(Context::Text), "Enter");
    }
}
