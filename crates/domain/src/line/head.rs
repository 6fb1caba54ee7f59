//! What holds for a whole line: its day, time and note.

use jiff::civil::{Date, Time};

use super::{
    item::known_words,
    kind::kind,
    number::{Piece, piece},
    question::Question,
    reading::{Role, Word},
    setting::Setting,
    when::{day, is_day_word, slashed, time},
    words::Token,
};
use crate::text::quoted;

/// What holds for the whole line.
#[derive(Default)]
pub(super) struct Head {
    pub(super) day: Option<Date>,
    pub(super) time: Option<Time>,
    pub(super) note: Option<String>,
    pub(super) words: Vec<Word>,
    /// The texts of the day and the time.
    texts: (String, String),
}

impl Head {
    pub(super) fn has_when(&self) -> bool {
        self.day.is_some() || self.time.is_some()
    }

    /// Takes days and times off the line's ends, and `@…` and `at 7:30` from everywhere.
    pub(super) fn take(
        &mut self,
        items: &mut [Vec<Token<'_>>],
        setting: &Setting<'_>,
    ) -> Result<(), Question> {
        for item in items.iter_mut() {
            let mut rest: Vec<Token<'_>> = Vec::new();
            for token in item.drain(..) {
                let at = rest.pop_if(|before| before.lower() == "at" && is_clock(&token));
                match time(&token.lower()).filter(|_| token.text.starts_with('@') || at.is_some()) {
                    Some(time) => self.set_time(&token, time?)?,
                    None => rest.push(token),
                }
                self.words.extend(at.map(|at| Word {
                    span: at.span(),
                    role: Role::Filler,
                }));
            }
            *item = rest;
        }
        for first in items.iter_mut() {
            while let Some(taken) = self.leading(first, setting)? {
                first.drain(..taken);
            }
            // `yesterday, 2 eggs`
            if !(first.is_empty() && self.has_when()) {
                break;
            }
        }
        if let Some(last) = items.last_mut() {
            while self.trailing(last, setting)? {
                last.pop();
            }
        }
        Ok(())
    }

    /// Takes a day or a time at the front; returns the number of its words.
    fn leading(&mut self, item: &[Token<'_>], setting: &Setting<'_>) -> Result<Option<usize>, Question> {
        let Some(first) = item.first() else {
            return Ok(None);
        };
        let word = first.lower();
        let word = word.trim_end_matches(':');
        // `sunday roast` is a food, `sunday dinner` a day and a type.
        let is_meal =
            |token: &Token<'_>| kind(&token.lower(), setting.categories).is_some_and(|kind| kind.is_meal());
        let is_typed = is_day_word(word) && item.get(1).is_some_and(is_meal);
        if !is_typed && known_words(item, setting) > 1 {
            return Ok(None);
        }
        if let Some(found) = day(word, setting.today) {
            self.set_day(first, found?)?;
            return Ok(Some(1));
        }
        if let Ok(Piece::Ratio(n, m)) = piece(word) {
            let is_fraction = n > 0 && n < m && m <= 16 && item.len() > 1;
            if !is_fraction {
                self.set_day(first, slashed(word, n, m, setting.today)?)?;
                return Ok(Some(1));
            }
            return Ok(None);
        }
        // `7:30 am`
        let half = item
            .get(1)
            .map(Token::lower)
            .filter(|half| half == "am" || half == "pm");
        if let Some((half, token)) = half.zip(item.get(1))
            && let Some(found) = time(&format!("{word}{half}"))
        {
            self.set_time(first, found?)?;
            self.words.push(Word {
                span: token.span(),
                role: Role::Time,
            });
            return Ok(Some(2));
        }
        if let Some(found) = time(word) {
            self.set_time(first, found?)?;
            return Ok(Some(1));
        }
        Ok(None)
    }

    /// Takes a day or a time at the end.
    fn trailing(&mut self, item: &[Token<'_>], setting: &Setting<'_>) -> Result<bool, Question> {
        let Some((last, before)) = item.split_last() else {
            return Ok(false);
        };
        if before.is_empty() && !self.words.is_empty() {
            return Ok(false);
        }
        let word = last.lower();
        // The last words may be a name: `capri sun`.
        let is_name = (1..=before.len().min(3)).any(|length| {
            let tail = item.get(item.len() - 1 - length..).unwrap_or_default();
            known_words(tail, setting) == tail.len()
        });
        if is_name {
            return Ok(false);
        }
        if let Some(found) = day(&word, setting.today) {
            self.set_day(last, found?)?;
            return Ok(true);
        }
        if let Ok(Piece::Ratio(n, m)) = piece(&word) {
            self.set_day(last, slashed(&word, n, m, setting.today)?)?;
            return Ok(true);
        }
        if let Some(found) = time(&word).filter(|_| word.ends_with('m')) {
            self.set_time(last, found?)?;
            return Ok(true);
        }
        Ok(false)
    }

    fn set_day(&mut self, token: &Token<'_>, day: Date) -> Result<(), Question> {
        if self.day.replace(day).is_some() {
            return Err(Question::TwoDays(self.texts.0.clone(), quoted(token.text)));
        }
        self.texts.0 = quoted(token.text);
        self.words.push(Word {
            span: token.span(),
            role: Role::Day,
        });
        Ok(())
    }

    fn set_time(&mut self, token: &Token<'_>, time: Time) -> Result<(), Question> {
        if self.time.replace(time).is_some() {
            return Err(Question::TwoDays(self.texts.1.clone(), quoted(token.text)));
        }
        self.texts.1 = quoted(token.text);
        self.words.push(Word {
            span: token.span(),
            role: Role::Time,
        });
        Ok(())
    }
}

/// Whether a word can only be a time: `7:30`, `8am`.
fn is_clock(token: &Token<'_>) -> bool {
    let word = token.lower();
    (word.contains(':') || word.ends_with("am") || word.ends_with("pm")) && matches!(time(&word), Some(Ok(_)))
}
