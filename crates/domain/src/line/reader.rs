//! Reads a line: its day, time and note, its items, and the ways to understand them.

use jiff::civil::{Date, Time};

use super::{
    item::{Draft, drafts, known_words},
    kind::{Kind, kind},
    number::{Piece, piece},
    question::Question,
    reading::{Item, Reading, Role, Word},
    setting::Setting,
    when::{day, is_day_word, slashed, time},
    words::{Parts, Token, split},
};
use crate::{checked_note, text::quoted};

/// The most readings of a line.
pub const MAX_READINGS: usize = 8;
/// The longest line in characters.
const LONGEST_LINE: usize = 2_000;
const MOST_ITEMS: usize = 40;

/// The ways to understand a line, likeliest first; at least one. If the first one has a question, none is certain enough to
/// log. The further readings differ from it in one item, or are matches of a search for a user to choose from.
pub fn read(line: &str, setting: &Setting<'_>) -> Vec<Reading> {
    readings(line, setting, MAX_READINGS)
}

/// The likeliest way to understand a line, as in [`read`], without a search for others.
pub fn read_first(line: &str, setting: &Setting<'_>) -> Reading {
    let first = readings(line, setting, 0).into_iter().next();
    first.unwrap_or_else(|| failed(Question::Empty, Vec::new()))
}

/// The readings of a line, with up to `suggestions` found by search.
fn readings(line: &str, setting: &Setting<'_>, suggestions: usize) -> Vec<Reading> {
    if line.chars().nth(LONGEST_LINE).is_some() {
        return vec![failed(Question::TooLong, Vec::new())];
    }
    let Parts { items, note } = split(line);
    let mut head = Head::default();
    let mut items = items;
    if let Err(question) = head.take(&mut items, setting) {
        return vec![failed(question, head.words)];
    }
    if let Some(note) = note {
        let span = note.span();
        let text = note.text.trim_start_matches('#');
        match checked_note(text.trim()) {
            Ok(text) => head.note = text,
            Err(error) => return vec![failed(error.into(), head.words)],
        }
        head.words.push(Word {
            span,
            role: Role::Note,
        });
    }
    // A comma behind the last item, or behind the day, is no empty item.
    let last_is_empty = items.last().is_some_and(Vec::is_empty);
    if last_is_empty && items.len() > 1 {
        items.pop();
    }
    while items.first().is_some_and(Vec::is_empty) && items.len() > 1 && head.has_when() {
        items.remove(0);
    }
    if items.iter().all(Vec::is_empty) {
        return vec![failed(Question::Empty, head.words)];
    }
    if items.iter().any(Vec::is_empty) {
        return vec![failed(Question::EmptyItem, head.words)];
    }
    // Food goes by the clock: that of the line, if it has a time.
    let setting = Setting {
        hour: head.time.map_or(setting.hour, Time::hour),
        ..*setting
    };
    let read = each_item(&items, &setting, suggestions);
    if read.len() > MOST_ITEMS {
        return vec![failed(Question::TooLong, head.words)];
    }
    combined(&head, &read)
}

/// An item's words and its readings.
struct ReadItem<'a> {
    tokens: Vec<Token<'a>>,
    drafts: Vec<Draft>,
}

/// Reads the items in their order: a meal is the type of the items behind it, too.
fn each_item<'a>(items: &[Vec<Token<'a>>], setting: &Setting<'_>, suggestions: usize) -> Vec<ReadItem<'a>> {
    let mut meal: Option<Kind> = None;
    let mut read = Vec::new();
    for (index, tokens) in items.iter().enumerate() {
        let is_last = index + 1 == items.len();
        let suggestions = if is_last { suggestions } else { 0 };
        if let Some(usual) = usual(tokens, setting) {
            read.extend(usual);
            meal = last_meal(&read).or(meal);
            continue;
        }
        let found = drafts(tokens, meal.as_ref(), setting, suggestions);
        if found.is_unknown
            && let Some(parts) = parted(tokens, meal.as_ref(), setting)
        {
            read.extend(parts);
            meal = last_meal(&read).or(meal);
            continue;
        }
        read.push(ReadItem {
            tokens: tokens.clone(),
            drafts: found.drafts,
        });
        meal = last_meal(&read).or(meal);
    }
    read
}

/// The items of `usual breakfast`; none if the words are something else, or nothing is usual.
fn usual<'a>(tokens: &[Token<'a>], setting: &Setting<'_>) -> Option<Vec<ReadItem<'a>>> {
    let [first, second] = tokens else { return None };
    let meal = kind(&second.lower(), setting.categories).filter(Kind::is_meal)?;
    if first.lower() != "usual" {
        return None;
    }
    let found = setting.lookup.usual(&meal.name);
    if found.is_empty() {
        return None;
    }
    // The words belong to the first item.
    let words = std::iter::once(tokens.to_vec()).chain(std::iter::repeat_with(Vec::new));
    let items = found.into_iter().zip(words).map(|(own, tokens)| ReadItem {
        tokens,
        drafts: vec![Draft {
            item: Some(Item::of(own)),
            question: None,
            roles: vec![Role::Filler, Role::Kind],
            meal: Some(meal.clone()),
        }],
    });
    Some(items.collect())
}

fn last_meal(read: &[ReadItem<'_>]) -> Option<Kind> {
    read.last()?.drafts.first()?.meal.clone()
}

/// Two or more items that `and`, `&` or `+` parts, if each is certain.
fn parted<'a>(tokens: &[Token<'a>], meal: Option<&Kind>, setting: &Setting<'_>) -> Option<Vec<ReadItem<'a>>> {
    let is_joint =
        |token: &Token<'_>| matches!(token.text.to_lowercase().as_str(), "and" | "&" | "+" | "plus");
    if !tokens.iter().any(is_joint) {
        return None;
    }
    let mut meal = meal.cloned();
    let mut read: Vec<ReadItem<'a>> = Vec::new();
    for part in tokens.split(is_joint) {
        if part.is_empty() {
            return None;
        }
        let found = drafts(part, meal.as_ref(), setting, 0);
        let first = found.drafts.first()?;
        if first.question.is_some() {
            return None;
        }
        meal = first.meal.clone().or(meal);
        read.push(ReadItem {
            tokens: part.to_vec(),
            drafts: found.drafts,
        });
    }
    Some(read)
}

/// The best reading of every item, then the other readings of one item at a time, the last item's first.
fn combined(head: &Head, read: &[ReadItem<'_>]) -> Vec<Reading> {
    let firsts: Vec<&Draft> = read.iter().filter_map(|item| item.drafts.first()).collect();
    let mut readings = vec![reading(head, read, &firsts)];
    for (at, item) in read.iter().enumerate().rev() {
        for draft in item.drafts.iter().skip(1) {
            if readings.len() >= MAX_READINGS {
                return readings;
            }
            let mut chosen = firsts.clone();
            if let Some(place) = chosen.get_mut(at) {
                *place = draft;
            }
            let reading = reading(head, read, &chosen);
            if !readings.iter().any(|other| other.items == reading.items) {
                readings.push(reading);
            }
        }
    }
    readings
}

fn reading(head: &Head, read: &[ReadItem<'_>], chosen: &[&Draft]) -> Reading {
    let mut words = head.words.clone();
    for (item, draft) in read.iter().zip(chosen) {
        let roles = item.tokens.iter().zip(&draft.roles);
        words.extend(roles.map(|(token, role)| Word {
            span: token.span(),
            role: *role,
        }));
    }
    words.sort_by_key(|word| word.span.start);
    Reading {
        day: head.day,
        time: head.time,
        items: chosen.iter().filter_map(|draft| draft.item.clone()).collect(),
        note: head.note.clone(),
        words,
        question: chosen.iter().find_map(|draft| draft.question.clone()),
    }
}

fn failed(question: Question, mut words: Vec<Word>) -> Reading {
    words.sort_by_key(|word| word.span.start);
    Reading {
        day: None,
        time: None,
        items: Vec::new(),
        note: None,
        words,
        question: Some(question),
    }
}

/// What holds for the whole line.
#[derive(Default)]
struct Head {
    day: Option<Date>,
    time: Option<Time>,
    note: Option<String>,
    words: Vec<Word>,
    /// The texts of the day and the time.
    texts: (String, String),
}

impl Head {
    fn has_when(&self) -> bool {
        self.day.is_some() || self.time.is_some()
    }

    /// Takes days and times off the line's ends, and `@…` from everywhere.
    fn take(&mut self, items: &mut [Vec<Token<'_>>], setting: &Setting<'_>) -> Result<(), Question> {
        for item in items.iter_mut() {
            let mut rest = Vec::new();
            for token in item.drain(..) {
                match time(&token.lower()).filter(|_| token.text.starts_with('@')) {
                    Some(time) => self.set_time(&token, time?)?,
                    None => rest.push(token),
                }
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
