//! Copied entries, which can be pasted on any day.

use caltrack_domain::{EnergyUnit, Entry, line::written};

use super::text::summary_in;

/// The most bytes of text for the terminal's clipboard: terminals ignore longer ones.
const MAX_TEXT: usize = 64 * 1024;

/// The entries that were copied last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clipboard {
    entries: Vec<Entry>,
}

impl Clipboard {
    /// Takes entries in place of those before; returns them as text, one line each.
    pub(super) fn take(&mut self, entries: Vec<Entry>) -> String {
        self.entries = entries;
        let mut text = String::new();
        for line in self.entries.iter().map(written) {
            if text.len() + line.len() >= MAX_TEXT {
                break;
            }
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// The copied entries, in the order of the log.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What was copied: `Lunch 650 kcal (soup) and 2 more`.
    pub(super) fn summary(&self, energy: EnergyUnit) -> String {
        let summary = |entry| summary_in(entry, energy);
        match self.entries.split_first() {
            None => "nothing".to_owned(),
            Some((only, [])) => summary(only),
            Some((first, others)) => format!("{} and {} more", summary(first), others.len()),
        }
    }

    /// Another user has signed in.
    pub(super) fn forget(&mut self) {
        self.entries.clear();
    }
}
