//! The quick line, over the bottom of the screen.

use caltrack_domain::{
    EnergyUnit, clean, counted_unit,
    line::{Item, Reading},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
};

use crate::{
    app::{State, dialogs::quick::Quick},
    view::{
        format,
        layout::{first_shown, take_bottom, take_left, take_top},
        theme::Theme,
        widgets::{input, popup, text},
    },
};

/// Rows of the frame and of the text.
const FRAME_ROWS: usize = 3;
/// The fewest rows of the dialog.
const MIN_ROWS: u16 = 6;
/// The rows of the screen that stay visible above it.
const KEPT_ROWS: u16 = 3;
/// Beside what is logged.
const INDENT: &str = "     ";
/// Rows of a terminal that has room for macros.
const ROOMY: u16 = 16;
/// The most rows of a problem or a question.
const MAX_PROBLEM_ROWS: usize = 3;

pub(super) fn draw(state: &State, quick: &Quick, theme: &Theme, area: Rect, buf: &mut Buffer) -> Position {
    let columns = usize::from(area.width.saturating_sub(4));
    let (mut lines, choices) = lines(state, quick, theme, columns);
    let rows = u16::try_from(lines.len() + choices.len() + FRAME_ROWS)
        .unwrap_or(u16::MAX)
        .max(MIN_ROWS);
    let most = area.height.saturating_sub(KEPT_ROWS).max(MIN_ROWS);
    let mut area = area;
    let place = take_bottom(&mut area, rows.min(most));
    let title = if quick.date == state.shell.today() {
        "Add to today".to_owned()
    } else {
        format!("Add to {} {}", format::weekday(quick.date), quick.date)
    };
    let mut inner = popup::draw(&title, theme, place, buf);
    let mut line = take_top(&mut inner, 1);
    popup::lines([Line::from(Span::styled("›", theme.brand))], line, buf);
    take_left(&mut line, 2);
    let cursor = input::draw(&quick.field, theme.text, line, buf);
    // If there is no room for all, the readings around the chosen one are shown.
    let room = usize::from(inner.height);
    lines.truncate(room.saturating_sub(choices.len().min(1)));
    let rows = room.saturating_sub(lines.len());
    let at = quick.choices().position(|(at, _)| quick.selected == Some(at));
    let first = first_shown(at.unwrap_or(0), choices.len(), rows);
    let mut below = inner;
    take_top(&mut below, u16::try_from(lines.len()).unwrap_or(u16::MAX));
    if let Some(at) = at {
        popup::note_lines(choices.len(), first, at, theme, below);
    }
    lines.extend(choices.into_iter().skip(first).take(rows));
    popup::lines(lines, inner, buf);
    cursor
}

/// What stands below the text: why it isn't logged, or what is logged; and the readings to choose from.
fn lines(
    state: &State,
    quick: &Quick,
    theme: &Theme,
    columns: usize,
) -> (Vec<Line<'static>>, Vec<Line<'static>>) {
    let mut lines = Vec::new();
    let mut say = |start: &str, words: &str, style: Style| {
        let indent = text::width(start);
        let wrapped = text::wrap(words, columns.saturating_sub(indent), MAX_PROBLEM_ROWS);
        for (index, line) in wrapped.into_iter().enumerate() {
            let start = if index == 0 {
                start.to_owned()
            } else {
                " ".repeat(indent)
            };
            lines.push(Line::styled(format!("{start}{line}"), style));
        }
    };
    let is_blank = quick.field.is_blank();
    if let Some(problem) = &quick.problem {
        say("", problem, theme.bad);
    } else if let Some(question) = quick.question().filter(|_| quick.chosen().is_none()) {
        say("", &question.to_string(), theme.waiting);
    } else if is_blank && quick.choices().next().is_none() {
        let examples = "`lunch 650`, `2 eggs, toast`, `run 30m`, or kcal alone: `650`";
        say("", examples, theme.muted);
    }
    if let Some(reading) = quick.chosen().filter(|_| quick.problem.is_none()) {
        if is_blank {
            say("", "usual at this hour", theme.muted);
        }
        let place = place(state, quick, reading);
        if !place.is_empty() {
            say(INDENT, &place, theme.good);
        }
        let has_room = state.shell.size.1 >= ROOMY;
        let energy = state.shell.display.energy;
        for (index, item) in reading.items.iter().enumerate() {
            let start = if index == 0 { "logs " } else { "   + " };
            say(start, &logged(item, energy, has_room), theme.good);
        }
        if quick.lacks_weight {
            say(INDENT, "burned by 70 kg, until a weight is noted", theme.muted);
        }
    }
    let choices: Vec<(usize, &Reading)> = quick.choices().collect();
    let is_choice = choices.len() > 1 || quick.selected.is_none();
    let energy = state.shell.display.energy;
    let choices = choices.into_iter().filter(|_| is_choice);
    let choices = choices.map(|(at, reading)| {
        let kcal: u32 = reading.items.iter().map(|item| item.kcal).sum();
        let figures = format!(" {} {}", energy.of_kcal(kcal.into()), energy.symbol());
        let room = columns.saturating_sub(2 + text::width(&figures));
        let named = text::column(&clean(&name(quick, at, reading)), room);
        let (mark, style) = if quick.selected == Some(at) {
            ("▸ ", theme.selected)
        } else {
            ("  ", theme.muted)
        };
        Line::styled(format!("{mark}{named}{figures}"), style)
    });
    let choices = choices.collect();
    (lines, choices)
}

/// A reading as a line; of a further one with several items, those that differ from the first reading.
fn name(quick: &Quick, at: usize, reading: &Reading) -> String {
    let first = quick
        .readings
        .first()
        .filter(|_| at > 0 && reading.items.len() > 1);
    let first = first.filter(|first| first.items.len() == reading.items.len());
    let Some(first) = first else {
        return reading.line();
    };
    let pairs = reading.items.iter().zip(&first.items);
    let other = pairs.filter(|(item, first)| item != first);
    let texts: Vec<&str> = other.map(|(item, _)| item.text.as_str()).collect();
    format!("… {}", texts.join(", "))
}

/// An item: `143 kcal · Lunch · Food · Eggs · 2 eggs`.
fn logged(item: &Item, energy: EnergyUnit, with_macros: bool) -> String {
    let mut parts = vec![
        format!("{} {}", energy.of_kcal(item.kcal.into()), energy.symbol()),
        item.kind.clone(),
        item.category.clone(),
    ];
    parts.extend(item.name.clone());
    let unit = item.unit.as_deref().unwrap_or_default();
    let quantity = item.quantity.map(|quantity| {
        format!("{quantity} {}", counted_unit(quantity, unit))
            .trim_end()
            .to_owned()
    });
    parts.extend(quantity);
    let macros = [("p", item.protein), ("f", item.fat), ("c", item.carbohydrate)];
    let macros: Vec<String> = macros
        .iter()
        .filter_map(|(letter, grams)| Some(format!("{letter}{}", (*grams)?)))
        .collect();
    if with_macros && !macros.is_empty() {
        parts.push(macros.join(" "));
    }
    clean(&parts.join(" · "))
}

/// Day, time and note of a reading, as far as they differ from the present ones.
fn place(state: &State, quick: &Quick, reading: &Reading) -> String {
    let mut parts = Vec::new();
    let date = reading.day.unwrap_or(quick.date);
    if date != state.shell.today() {
        parts.push(format!("on {} {date}", format::weekday(date)));
    }
    parts.extend(reading.time.map(|time| format!("at {}", time.strftime("%H:%M"))));
    parts.extend(reading.note.as_ref().map(|note| format!("note: {note}")));
    clean(&parts.join(" · "))
}
