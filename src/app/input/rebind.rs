//! Keys of `config.toml` in place of the default ones.

use caltrack_domain::{KeyLine, clean, nearest, shortened};
use strum::VariantArray as _;

use super::{
    action::{Action, Control},
    bindings::{Binding, Meaning},
    context::Context,
    key::Key,
    keymap::Keymap,
};

/// Characters of a name that a problem quotes.
const MAX_SHOWN: usize = 40;

/// A line that was understood: these keys alone have this meaning in these contexts.
struct Change {
    line: String,
    contexts: Vec<Context>,
    meaning: Meaning,
    keys: Vec<Key>,
}

impl Keymap {
    /// The default keys, changed by the lines of `config.toml`; and a sentence about each line that is ignored. A line of
    /// a section takes precedence over one of `[keys]` itself.
    pub fn rebound(lines: &[KeyLine]) -> (Self, Vec<String>) {
        let mut keymap = Self::default();
        let mut problems = Vec::new();
        let mut changes: Vec<Change> = Vec::new();
        for line in lines {
            match understood(line, &keymap) {
                Ok(change) => {
                    for general in &mut changes {
                        if general.meaning == change.meaning {
                            general
                                .contexts
                                .retain(|context| !change.contexts.contains(context));
                        }
                    }
                    changes.push(change);
                }
                Err(problem) => problems.push(problem),
            }
        }
        // All of them give up their default keys first, so that actions can exchange keys.
        let defaults = keymap.clone();
        for change in &changes {
            keymap.bind(change, &[]);
        }
        for change in &changes {
            match keymap.clash(change) {
                None => keymap.bind(change, &change.keys),
                Some(problem) => {
                    problems.push(problem);
                    keymap.restore(change, &defaults);
                }
            }
        }
        (keymap, problems)
    }

    /// Binds keys to the meaning of a change in all of its contexts.
    fn bind(&mut self, change: &Change, keys: &[Key]) {
        for context in &change.contexts {
            self.set(*context, change.meaning, keys.to_vec());
        }
    }

    /// Binds the default keys again where they are free.
    fn restore(&mut self, change: &Change, defaults: &Self) {
        for context in &change.contexts {
            let default = defaults
                .bindings(*context)
                .filter(|binding| binding.meaning == change.meaning)
                .flat_map(|binding| binding.keys.iter().copied())
                .filter(|key| self.holder(*context, *key).is_none());
            let free = default.collect();
            self.set(*context, change.meaning, free);
        }
    }

    fn set(&mut self, context: Context, meaning: Meaning, keys: Vec<Key>) {
        let mut same = self
            .table_mut()
            .iter_mut()
            .filter(|binding| binding.context == context && binding.meaning == meaning);
        match same.next() {
            Some(binding) => {
                binding.keys = keys;
                for other in same {
                    other.keys.clear();
                }
            }
            None => self.table_mut().push(Binding {
                context,
                keys,
                meaning,
                footer: None,
            }),
        }
    }

    /// What a key means in a context, or everywhere even if a context binds it.
    fn holder(&self, context: Context, key: Key) -> Option<Meaning> {
        let everywhere = self.bindings(Context::Global);
        self.bindings(context)
            .chain(everywhere)
            .find(|binding| binding.keys.contains(&key))
            .map(|binding| binding.meaning)
    }

    /// A sentence that names both meanings of a key, if a change would give it two.
    fn clash(&self, change: &Change) -> Option<String> {
        change.contexts.iter().find_map(|context| {
            let (key, holder) = change.keys.iter().find_map(|key| {
                let holder = self.holder(*context, *key)?;
                (holder != change.meaning).then_some((key, holder))
            })?;
            Some(format!(
                "{}: `{key}` is the key of `{}` on {}; the line is ignored",
                change.line,
                holder.name(),
                context.title()
            ))
        })
    }
}

fn understood(line: &KeyLine, keymap: &Keymap) -> Result<Change, String> {
    let name = shortened(&clean(&line.name), MAX_SHOWN);
    let label = match &line.section {
        Some(section) => format!("[keys.{}] {name}", shortened(&clean(section), MAX_SHOWN)),
        None => format!("[keys] {name}"),
    };
    let refused = |why: String| format!("{label}: {why}; the line is ignored");
    let section = match &line.section {
        None => None,
        Some(section) => Some(context(section).map_err(&refused)?),
    };
    let meaning = meaning(&line.name).map_err(&refused)?;
    let keys = line
        .keys
        .as_ref()
        .ok_or_else(|| refused("the value must be a list of keys, such as `[\"r\"]`".to_owned()))?
        .iter()
        .map(|key| key.parse::<Key>().map_err(|error| refused(error.to_string())))
        .collect::<Result<Vec<Key>, String>>()?;
    let contexts: Vec<Context> = match section {
        Some(context) => vec![context],
        None => general(meaning, keymap),
    };
    if let Some(context) = contexts
        .iter()
        .find(|context| !is_possible(meaning, **context, keymap))
    {
        return Err(refused(format!(
            "`{}` does nothing on {}",
            meaning.name(),
            context.title()
        )));
    }
    for context in &contexts {
        if let Some(key) = keys
            .iter()
            .find(|key| key.typed().is_some() && context.takes_text())
        {
            return Err(refused(format!(
                "`{key}` is typed as a text on {}",
                context.title()
            )));
        }
    }
    Ok(Change {
        line: label,
        contexts,
        meaning,
        keys,
    })
}

/// Whether a meaning can be bound in a context: an action that is available, or a control that is used there.
fn is_possible(meaning: Meaning, context: Context, keymap: &Keymap) -> bool {
    match meaning {
        Meaning::Action(action) => context == Context::Global || action.available_in(context),
        Meaning::Control(_) => keymap.bindings(context).any(|binding| binding.meaning == meaning),
    }
}

/// The contexts of a line without a section: those that bind the meaning, else those in which the action is available.
fn general(meaning: Meaning, keymap: &Keymap) -> Vec<Context> {
    let binds = |context: &Context| {
        keymap
            .bindings(*context)
            .any(|binding| binding.meaning == meaning)
    };
    let local = || Context::all().filter(|context| *context != Context::Global);
    let bound: Vec<Context> = local().filter(binds).collect();
    if !bound.is_empty() {
        return bound;
    }
    if binds(&Context::Global) {
        return vec![Context::Global];
    }
    match meaning {
        Meaning::Action(action) => local()
            .filter(|context| action.available_in(*context) && !context.takes_text())
            .collect(),
        Meaning::Control(_) => Vec::new(),
    }
}

fn context(section: &str) -> Result<Context, String> {
    Context::all()
        .find(|context| context.section() == section)
        .ok_or_else(|| {
            let sections: Vec<String> = Context::all().map(Context::section).collect();
            let near = nearest(section, sections.iter().map(String::as_str));
            unknown("is no part of the screens", near)
        })
}

fn meaning(name: &str) -> Result<Meaning, String> {
    let actions = Action::VARIANTS.iter().copied().map(Meaning::Action);
    let all = || actions.clone().chain(Control::all().map(Meaning::Control));
    all().find(|meaning| meaning.name() == name).ok_or_else(|| {
        let near = nearest(name, all().map(Meaning::name));
        unknown("is no action", near)
    })
}

fn unknown(what: &str, near: Option<String>) -> String {
    let hint = near.map_or_else(
        || "`caltrack-tui keys` lists them".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    format!("it {what} ({hint})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::tab::Tab;

    const TODAY: Context = Context::Tab(Tab::Today);

    fn line(section: Option<&str>, name: &str, keys: &[&str]) -> KeyLine {
        KeyLine {
            section: section.map(str::to_owned),
            name: name.to_owned(),
            keys: Some(keys.iter().map(|key| (*key).to_owned()).collect()),
        }
    }

    fn key(text: &str) -> Key {
        text.parse().unwrap()
    }

    fn means(keymap: &Keymap, context: Context, text: &str, action: Action) -> bool {
        keymap.meaning(context, key(text)) == Some(Meaning::Action(action))
    }

    #[test]
    fn a_line_of_a_section_binds_an_action_there() {
        let (keymap, problems) = Keymap::rebound(&[line(Some("today"), "relog", &["C-x", "A-r", "S-tab"])]);
        assert_eq!(problems, Vec::<String>::new());
        for text in ["Ctrl-X", "Alt-r", "Shift-Tab"] {
            assert!(means(&keymap, TODAY, text, Action::LogAgain), "{text}");
        }
        assert_eq!(keymap.meaning(TODAY, key("r")), None);
        assert_eq!(keymap.hint(TODAY, Action::LogAgain), "Ctrl-X");
    }

    #[test]
    fn an_empty_list_unbinds_and_leaves_the_way_out_that_works_everywhere() {
        let (keymap, problems) = Keymap::rebound(&[line(None, "quit", &[])]);
        assert_eq!(problems, Vec::<String>::new());
        for context in Context::all().filter(|context| !context.takes_text()) {
            assert!(!means(&keymap, context, "q", Action::Quit), "{context:?}");
            assert!(means(&keymap, context, "Ctrl-C", Action::Quit), "{context:?}");
        }
    }

    #[test]
    fn actions_exchange_their_keys_and_a_section_precedes_the_general_line() {
        let (keymap, problems) = Keymap::rebound(&[
            line(None, "help", &["a"]),
            line(None, "add", &["?"]),
            line(Some("history"), "help", &["F"]),
        ]);
        assert_eq!(problems, Vec::<String>::new());
        assert!(means(&keymap, TODAY, "a", Action::Help));
        assert!(means(&keymap, TODAY, "?", Action::Add));
        assert!(means(&keymap, Context::Tab(Tab::History), "F", Action::Help));
        assert!(!means(&keymap, Context::Tab(Tab::History), "a", Action::Help));
    }

    #[test]
    fn a_clash_names_both_actions_and_drops_only_its_line() {
        let (keymap, problems) = Keymap::rebound(&[
            line(Some("today"), "relog", &["a"]),
            line(Some("today"), "undo", &["z"]),
            line(Some("today"), "delete", &["z", "C-c"]),
        ]);
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(
            problems[0].contains("relog") && problems[0].contains("`add`"),
            "{problems:?}"
        );
        assert!(
            problems[1].contains("delete") && problems[1].contains("`undo`"),
            "{problems:?}"
        );
        assert!(means(&keymap, TODAY, "a", Action::Add));
        assert!(means(&keymap, TODAY, "r", Action::LogAgain));
        assert!(means(&keymap, TODAY, "z", Action::Undo));
        assert!(means(&keymap, TODAY, "d", Action::Delete));
        let (_, problems) = Keymap::rebound(&[line(None, "undo", &["C-c"])]);
        assert!(problems[0].contains("`quit`"), "{problems:?}");
    }

    #[test]
    fn a_line_that_can_not_be_understood_is_ignored_with_a_hint() {
        for (bad, says) in [
            (line(None, "relgo", &["x"]), "did you mean `relog`?"),
            (line(Some("todya"), "relog", &["x"]), "did you mean `today`?"),
            (line(Some("today"), "relog", &["Hyper-x"]), "is not a key"),
            (line(Some("help"), "relog", &["x"]), "does nothing on Help"),
            (line(Some("quick-line"), "confirm", &["x"]), "is typed as a text"),
            (
                KeyLine {
                    keys: None,
                    ..line(None, "add", &[])
                },
                "must be a list of keys",
            ),
        ] {
            let (keymap, problems) = Keymap::rebound(std::slice::from_ref(&bad));
            assert!(problems[0].contains(says), "{problems:?}");
            assert!(problems[0].ends_with("the line is ignored"), "{problems:?}");
            assert_eq!(keymap, Keymap::default(), "{bad:?}");
        }
    }

    #[test]
    fn an_action_without_a_default_key_gets_one_where_it_is_available() {
        let (keymap, problems) = Keymap::rebound(&[line(None, "refresh", &["F"])]);
        assert_eq!(problems, Vec::<String>::new());
        for tab in Tab::VARIANTS {
            assert!(
                means(&keymap, Context::Tab(*tab), "F", Action::Refresh),
                "{tab:?}"
            );
        }
    }

    #[test]
    fn names_of_actions_and_sections_are_unique() {
        let mut names: Vec<&str> = Action::VARIANTS
            .iter()
            .map(|action| Meaning::Action(*action).name())
            .chain(Control::all().map(|control| Meaning::Control(control).name()))
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        let sections: std::collections::BTreeSet<String> = Context::all().map(Context::section).collect();
        assert_eq!(sections.len(), Context::all().count());
        assert!(sections.contains("today") && sections.contains("quick-line"));
    }
}
