//! What holds for a whole line: its day, time and note.

use jiff::civil::{Date, Time};

use super::{
    day_phrase::{LONGEST, day_phrase},
    kind::kind,
    known_name::known_words,
    number::{Piece, piece},
    question::Question,
    reading::{Role, Word},
    setting::Setting,
    unit::unit,
    when::{day, is_day_word, slashed, time, time_behind_at},
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
            let mut tokens = item.drain(..).peekable();
            while let Some(token) = tokens.next() {
                let clock = time_behind_at(token.lower().trim_end_matches(':'))
                    .filter(|_| can_be_time(&token, tokens.peek()));
                let at = rest.pop_if(|before| before.lower() == "at" && clock.is_some());
                match time(&token.lower()).filter(|_| token.text.starts_with('@')) {
                    Some(time) => self.set_time(&token, time?)?,
                    None => match clock.filter(|_| at.is_some()) {
                        Some(clock) => self.set_time(&token, clock)?,
                        None => rest.push(token),
                    },
                }
                self.words.extend(at.map(|at| Word {
                    span: at.span(),
                    role: Role::Filler,
                }));
            }
            drop(tokens);
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
            while let Some(taken) = self.trailing(last, setting)? {
                last.truncate(last.len() - taken);
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
        if let Some((length, found)) = phrase(item, setting) {
            self.set_phrase(item.get(..length).unwrap_or_default(), found?)?;
            return Ok(Some(length));
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

    /// Takes a day or a time at the end; returns the number of its words.
    fn trailing(&mut self, item: &[Token<'_>], setting: &Setting<'_>) -> Result<Option<usize>, Question> {
        let Some((last, before)) = item.split_last() else {
            return Ok(None);
        };
        if before.is_empty() && !self.words.is_empty() {
            return Ok(None);
        }
        let word = last.lower();
        // The last words may be a name: `capri sun`.
        let is_name = (1..=before.len().min(3)).any(|length| {
            let tail = item.get(item.len() - 1 - length..).unwrap_or_default();
            known_words(tail, setting) == tail.len()
        });
        if is_name {
            return Ok(None);
        }
        for length in (2..=before.len().min(LONGEST)).rev() {
            let tail = item.get(item.len() - length..).unwrap_or_default();
            if let Some((_, found)) = phrase(tail, setting).filter(|(words, _)| *words == length) {
                self.set_phrase(tail, found?)?;
                return Ok(Some(length));
            }
        }
        if let Some(found) = day(&word, setting.today) {
            self.set_day(last, found?)?;
            return Ok(Some(1));
        }
        if let Ok(Piece::Ratio(n, m)) = piece(&word) {
            self.set_day(last, slashed(&word, n, m, setting.today)?)?;
            return Ok(Some(1));
        }
        if let Some(found) = time(&word).filter(|_| word.ends_with('m')) {
            self.set_time(last, found?)?;
            return Ok(Some(1));
        }
        Ok(None)
    }

    /// Sets the day of several words.
    fn set_phrase(&mut self, tokens: &[Token<'_>], day: Date) -> Result<(), Question> {
        let Some((first, others)) = tokens.split_first() else {
            return Ok(());
        };
        self.set_day(first, day)?;
        self.words.extend(others.iter().map(|token| Word {
            span: token.span(),
            role: Role::Day,
        }));
        Ok(())
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

/// Whether a word behind `at` can be a time: no number of a unit, `at 8 km/h`.
fn can_be_time(token: &Token<'_>, next: Option<&Token<'_>>) -> bool {
    let next = next.map(Token::lower).unwrap_or_default();
    let is_number = token
        .text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_unit = unit(next.trim_end_matches('.')).is_some() || next.contains('/') || next.contains('%');
    !is_number || !is_unit
}

/// A day in several words at the front; none if they are a food's: `2 mai tai`.
fn phrase(item: &[Token<'_>], setting: &Setting<'_>) -> Option<(usize, Result<Date, Question>)> {
    let lower: Vec<String> = item.iter().take(LONGEST).map(Token::lower).collect();
    let words: Vec<&str> = lower.iter().map(|word| word.trim_end_matches(':')).collect();
    let (length, day) = day_phrase(&words, setting.today)?;
    let is_name =
        (1..length).any(|at| at + known_words(item.get(at..).unwrap_or_default(), setting) > length);
    (!is_name).then_some((length, day))
}
