//! A list to choose from, narrowed by typing.

use caltrack_domain::search;

use super::{
    action::Motion,
    key::{Code, Key},
};

/// How far a page key moves.
const PAGE: usize = 5;

/// A list to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picker {
    options: Vec<String>,
    filter: String,
    /// The chosen option, among those that match.
    at: usize,
}

impl Picker {
    /// A list of `options` with `value` chosen, which is added if it is not among them.
    pub fn new(mut options: Vec<String>, value: Option<&str>) -> Self {
        if let Some(value) = value
            && !options.iter().any(|option| option == value)
        {
            options.push(value.to_owned());
        }
        let at = options
            .iter()
            .position(|option| Some(option.as_str()) == value)
            .unwrap_or(0);
        Self {
            options,
            filter: String::new(),
            at,
        }
    }

    /// The letters that narrow the list.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// The options that match the text, best first, and the index of the chosen one.
    pub fn matches(&self) -> (Vec<&str>, usize) {
        let matches: Vec<&str> = search(&self.filter, &self.options)
            .into_iter()
            .filter_map(|index| self.options.get(index).map(String::as_str))
            .collect();
        let at = self.at.min(matches.len().saturating_sub(1));
        (matches, at)
    }

    /// The chosen option; none if no option matches.
    pub fn value(&self) -> Option<&str> {
        let (matches, at) = self.matches();
        matches.get(at).copied()
    }

    /// Every option, whether it matches or not.
    pub fn options(&self) -> &[String] {
        &self.options
    }

    /// Shows the whole list again, with the same choice.
    pub fn settle(&mut self) {
        if let Some(value) = self.value().map(str::to_owned) {
            self.at = self
                .options
                .iter()
                .position(|option| *option == value)
                .unwrap_or(0);
            self.filter.clear();
        }
    }

    /// Moves the choice among the options that match.
    pub fn move_by(&mut self, motion: Motion) {
        let last = self.matches().0.len().saturating_sub(1);
        self.at = motion.from(self.at, PAGE, last);
    }

    /// Narrows the list by a typed character, or widens it. Returns whether the key did that.
    pub fn press(&mut self, key: Key) -> bool {
        if let Some(c) = key.typed() {
            if self.filter.chars().count() < 40 {
                self.filter.push(c);
                self.at = 0;
            }
            return true;
        }
        if key.code == Code::Backspace {
            self.filter.pop();
            self.at = 0;
            return true;
        }
        false
    }
}
