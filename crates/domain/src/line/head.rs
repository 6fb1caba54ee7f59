//! What holds for a whole line: its day, time and note.

use jiff::{
    Span,
    civil::{Date, Time},
};

use super::{
    day_phrase::{LONGEST, day_phrase},
    kind::kind,
    known::Closeness,
    known_name::{joined, known_words},
    number::{Piece, piece},
    question::Question,
    reading::{Role, Word},
    setting::Setting,
    unit::{Measure, Unit, unit},
    when::{day, is_day_word, is_named_time, slashed, time, time_behind_at},
    words::Token,
};
use crate::text::quoted;

/// The words of an activity's name that are looked up beside a time.
const LONGEST_ACTIVITY: usize = 3;

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
            self.take_times(item, setting)?;
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

    /// Takes the times off an item, wherever they stand: `@8`, `at 8`, `8:30`, `8 am`.
    fn take_times(&mut self, item: &mut Vec<Token<'_>>, setting: &Setting<'_>) -> Result<(), Question> {
        let mut at = 0;
        while at < item.len() {
            let Some((length, found)) = time_at(item, at, setting) else {
                at += 1;
                continue;
            };
            let found = after_noon(found?, item, at, setting);
            let is_joint = |token: &Token<'_>| is_at(&token.lower());
            let before = at.checked_sub(1).filter(|at| item.get(*at).is_some_and(is_joint));
            let mut taken = item.drain(before.unwrap_or(at)..at + length);
            if before.is_some() {
                self.words.extend(taken.next().map(|joint| Word {
                    span: joint.span(),
                    role: Role::Filler,
                }));
            }
            if let Some(token) = taken.next() {
                self.set_time(&token, found)?;
            }
            self.words.extend(taken.map(|token| Word {
                span: token.span(),
                role: Role::Time,
            }));
            at = before.unwrap_or(at);
        }
        Ok(())
    }

    /// Takes a day at the front; returns the number of its words.
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
        Ok(None)
    }

    /// Takes a day at the end; returns the number of its words.
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

/// A time that begins at a word, and the number of its words.
fn time_at(item: &[Token<'_>], at: usize, setting: &Setting<'_>) -> Option<(usize, Result<Time, Question>)> {
    let lower = |at: usize| item.get(at).map(Token::lower).unwrap_or_default();
    let word = lower(at);
    let word = word.trim_end_matches(':');
    if word.starts_with('@') {
        return time(word).map(|found| (1, found));
    }
    if !word.starts_with(|c: char| c.is_ascii_digit()) && !is_named_time(word) {
        return None;
    }
    let next = lower(at + 1);
    let before = at.checked_sub(1).map(lower).unwrap_or_default();
    // `7:30 am`, `8 o'clock`
    let half = match next.trim_end_matches(':') {
        "am" | "a.m." | "a.m" => Some("am"),
        "pm" | "p.m." | "p.m" => Some("pm"),
        "o'clock" | "o’clock" | "oclock" | "uhr" => Some(""),
        _ => None,
    };
    if let Some(half) = half {
        let found = match half {
            "" => time_behind_at(word).map(Ok),
            half => time(&format!("{word}{half}")),
        };
        return found.map(|found| (2, found));
    }
    if is_at(&before) && (before == "at" || before == "@") && can_be_time(word, &next) {
        return time_behind_at(word).map(|found| (1, Ok(found)));
    }
    let found = time(word)?;
    let is_measure = !word.ends_with('m') && measures_activity(item, at, setting);
    (!is_measure).then_some((1, found))
}

/// A time of which the hour may be of the afternoon, as lunch and dinner are: `dinner at 7`.
fn after_noon(time: Time, item: &[Token<'_>], at: usize, setting: &Setting<'_>) -> Time {
    let text = item.get(at).map_or("", |token| token.text);
    let next = item.get(at + 1).map(Token::lower).unwrap_or_default();
    let is_exact = text.starts_with(['@', '0']) || text.to_lowercase().ends_with('m') || next.ends_with('m');
    let meal = |token: &Token<'_>| kind(&token.lower(), setting.categories);
    let is_later = || {
        item.iter().filter_map(meal).any(|meal| {
            matches!(
                (meal.name.as_str(), time.hour()),
                ("Lunch", 1..=4) | ("Dinner", 4..=11)
            )
        })
    };
    if is_exact || !is_later() {
        return time;
    }
    time.wrapping_add(Span::new().hours(12))
}

/// Whether a word introduces a time.
fn is_at(word: &str) -> bool {
    matches!(word, "at" | "@" | "um" | "gegen" | "by" | "around" | "about")
}

/// Whether a number behind `at` can be a time: it has no unit behind it, as in `at 8 km/h`.
fn can_be_time(word: &str, next: &str) -> bool {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_unit = unit(next.trim_end_matches('.')).is_some() || next.contains('/') || next.contains('%');
    !is_number || !is_unit
}

/// Whether a word like `8:30` may be how long an activity took: the item names one, and nothing else says how long.
fn measures_activity(item: &[Token<'_>], at: usize, setting: &Setting<'_>) -> bool {
    let is_time = |found: Unit| matches!(found.measure, Measure::Time(_) | Measure::M);
    let others = || item.iter().enumerate().filter(|(other, _)| *other != at);
    let has_time = others().any(|(_, token)| match piece(token.text) {
        Ok(Piece::Measured(_, unit)) => is_time(unit),
        _ => unit(&token.lower()).is_some_and(is_time),
    });
    let is_activity = |words: &[Token<'_>]| {
        let named = setting.lookup.named(&joined(words));
        named
            .iter()
            .any(|found| found.closeness <= Closeness::Form && found.known.category() == "Exercise")
    };
    let parts = [item.get(..at), item.get(at + 1..)];
    !has_time
        && parts
            .into_iter()
            .flatten()
            .any(|part| (1..=LONGEST_ACTIVITY).any(|length| part.windows(length).any(is_activity)))
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
