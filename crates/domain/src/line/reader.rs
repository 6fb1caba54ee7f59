//! Reads a line: its day, time and note, its items, and the ways to understand them.

use jiff::civil::Time;

use super::{
    energy::MOST_PORTIONS,
    head::Head,
    item::{Draft, drafts},
    kind::{Kind, kind},
    number::{Piece, piece},
    question::Question,
    reading::{Item, Reading, Role, Word},
    setting::Setting,
    several::{ReadItem, counts_the_first, joined_items, side_by_side},
    unit::{Measure, unit},
    without::without,
    words::{Parts, Token, split},
};
use crate::checked_note;

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
    join_kcal(&mut items);
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

/// Joins kcal that stand alone to the item in front of them, if it has no number: `pizza, 800`.
fn join_kcal(items: &mut Vec<Vec<Token<'_>>>) {
    let pieces = |item: &[Token<'_>]| -> Vec<Piece> {
        let found = item.iter().map(|token| piece(token.text).unwrap_or(Piece::Word));
        found.collect()
    };
    let is_kcal = |piece: &Piece| matches!(piece, Piece::Measured(_, unit) if matches!(unit.measure, Measure::Energy(_)));
    let is_energy_unit = |token: &Token<'_>| {
        unit(&token.lower()).is_some_and(|unit| matches!(unit.measure, Measure::Energy(_)))
    };
    // A mark alone is none: `: , 31`.
    let is_word = |token: &Token<'_>| {
        piece(token.text) == Ok(Piece::Word) && token.text.contains(char::is_alphanumeric)
    };
    let mut at = 1;
    while let (Some(before), Some(item)) = (items.get(at - 1), items.get(at)) {
        let stands_alone = match (pieces(item).as_slice(), &item[..]) {
            ([Piece::Number(number)], _) => *number > MOST_PORTIONS,
            ([Piece::Sum(_)], _) => true,
            ([piece], _) => is_kcal(piece),
            ([Piece::Number(_), Piece::Word], [_, unit]) => is_energy_unit(unit),
            _ => false,
        };
        let is_counted = |piece: &Piece| matches!(piece, Piece::Number(_) | Piece::Sum(_)) || is_kcal(piece);
        // The first number may be one of portions: `2 eggs, 140`.
        let is_few = |found: &Piece| matches!(found, Piece::Number(number) if *number <= MOST_PORTIONS);
        let found = pieces(before);
        let first_is_few = usize::from(found.first().is_some_and(is_few));
        let is_bare = !found.iter().skip(first_is_few).any(is_counted)
            && before.iter().any(is_word)
            && !before.iter().any(is_energy_unit);
        if stands_alone && is_bare {
            let kcal = items.remove(at);
            if let Some(before) = items.get_mut(at - 1) {
                before.extend(kcal);
            }
        } else {
            at += 1;
        }
    }
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
        let has_question = found.drafts.first().is_some_and(|draft| draft.question.is_some());
        if (found.is_unknown || has_question)
            && let Some(kept) = without(tokens, setting)
        {
            let tokens = tokens.get(..kept).unwrap_or_default();
            read.push(ReadItem {
                tokens: tokens.to_vec(),
                drafts: drafts(tokens, meal.as_ref(), setting, suggestions).drafts,
            });
            meal = last_meal(&read).or(meal);
            continue;
        }
        if (found.is_unknown || has_question || counts_the_first(tokens, setting))
            && let Some(parts) = joined_items(tokens, meal.as_ref(), setting)
                .or_else(|| side_by_side(tokens, meal.as_ref(), setting))
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
            labelled: None,
            is_labelled: false,
            roles: vec![Role::Filler, Role::Kind],
            meal: Some(meal.clone()),
        }],
    });
    Some(items.collect())
}

fn last_meal(read: &[ReadItem<'_>]) -> Option<Kind> {
    read.last()?.drafts.first()?.meal.clone()
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
    let label = chosen.iter().find(|draft| draft.is_labelled);
    let label = label.and_then(|draft| Some(draft.item.as_ref()?.kind.as_str()));
    let items = chosen.iter().filter_map(|draft| {
        let item = draft.item.clone()?;
        let is_another = label.is_some_and(|label| label != item.kind);
        let labelled = draft.labelled.clone().filter(|_| is_another);
        Some(match labelled {
            Some(text) => Item { text, ..item },
            None => item,
        })
    });
    Reading {
        day: head.day,
        time: head.time,
        items: items.collect(),
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
