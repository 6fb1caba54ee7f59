//! The form.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use crate::{
    app::{
        dialogs::form::{
            Form,
            fields::{FIELDS, Field},
        },
        input::{context::Context, keymap::Keymap, picker::Picker},
    },
    view::{
        layout::{centered, first_shown, take_bottom, take_top, under_totals},
        theme::Theme,
        widgets::{input, popup, text},
    },
};

const LABEL: u16 = 11;
/// Rows of a list below the fields, with its gap, and the rows from which on there is room for it.
const LIST: u16 = 5;
const LIST_AND_FIELDS: u16 = 12;

pub(super) fn draw(
    form: &Form,
    keymap: &Keymap,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let title = if form.editing.is_some() {
        "Edit entry"
    } else {
        "Add an entry"
    };
    let mut inner = popup::draw(title, theme, centered(under_totals(area), 66, 18), buf);
    let picker = match form.focus {
        Field::Category => Some(&form.fields.category),
        Field::Kind => Some(&form.fields.kind),
        _ => None,
    };
    let (style, words) = match &form.problem {
        Some((_, problem)) => (theme.bad, problem.clone()),
        None => (theme.muted, hint(form, keymap)),
    };
    let tight = inner.height <= 7 && form.problem.is_none();
    let lines = text::wrap(&words, usize::from(inner.width), if tight { 1 } else { 2 });
    let place = take_bottom(&mut inner, u16::try_from(lines.len()).unwrap_or(1));
    popup::lines(
        lines.into_iter().map(|line| Line::styled(line, style)),
        place,
        buf,
    );
    // If there is no room for every field, those around the focus are shown.
    let list = match picker {
        Some(_) if inner.height >= LIST_AND_FIELDS => LIST,
        Some(_) => 1,
        None => 0,
    };
    let rows = usize::from(inner.height.saturating_sub(list)).min(FIELDS.len());
    let at = FIELDS.iter().position(|field| *field == form.focus).unwrap_or(0);
    let mut cursor = None;
    for field in FIELDS
        .into_iter()
        .skip(first_shown(at, FIELDS.len(), rows))
        .take(rows)
    {
        let row = take_top(&mut inner, 1);
        cursor = cursor.or(draw_field(form, field, theme, row, buf));
    }
    if let Some(picker) = picker {
        options(picker, theme, inner, buf);
    }
    cursor
}

fn hint(form: &Form, keymap: &Keymap) -> String {
    let save = keymap.confirm(Context::Text);
    match form.focus {
        Field::Category | Field::Kind => {
            let pick = keymap.confirm(Context::Picker);
            format!("arrows choose, letters narrow, {pick} picks")
        }
        Field::Kcal => format!("eaten, or burned by exercise; {save} saves"),
        Field::Name => format!("what it was, if you like; {save} saves"),
        Field::Quantity => {
            let unit = form.fields.energy.symbol();
            format!("how many units; {unit} and macros follow; {save} saves")
        }
        Field::Unit => format!("what is counted: g, ml, portion, min, km; {save} saves"),
        Field::Protein | Field::Fat | Field::Carbohydrate => format!("grams, if you like; {save} saves"),
        Field::Date => format!("the day it counts for, YYYY-MM-DD; {save} saves"),
        Field::Time if form.editing.is_some() => format!("HH:MM, blank keeps it; {save} saves"),
        Field::Time => format!("HH:MM, blank for now; {save} saves"),
        Field::Note => format!("a note, if you like; {save} saves"),
    }
}

fn draw_field(form: &Form, field: Field, theme: &Theme, row: Rect, buf: &mut Buffer) -> Option<Position> {
    let focused = form.focus == field;
    let wrong = matches!(&form.problem, Some((Some(wrong), _)) if *wrong == field);
    let label = match field {
        Field::Category => "Category",
        Field::Kind => "Type",
        Field::Kcal => form.fields.energy.symbol(),
        Field::Name => "Name",
        Field::Quantity => "Quantity",
        Field::Unit => "Unit",
        Field::Protein => "Protein",
        Field::Fat => "Fat",
        Field::Carbohydrate => "Carbs",
        Field::Date => "Day",
        Field::Time => "Time",
        Field::Note => "Note",
    };
    let style = if wrong {
        theme.bad
    } else if focused {
        theme.strong
    } else {
        theme.muted
    };
    let mark = if focused { "> " } else { "  " };
    Line::from(vec![Span::raw(mark), Span::styled(label, style)]).render(row, buf);
    let label = LABEL.min(row.width);
    let value = Rect {
        x: row.x + label,
        width: row.width - label,
        ..row
    };
    let typed = match (field, form.fields.text(field)) {
        (Field::Kind, _) => return picked(&form.fields.kind, focused, theme, value, buf),
        (_, None) => return picked(&form.fields.category, focused, theme, value, buf),
        (_, Some(typed)) => typed,
    };
    if focused {
        return Some(input::draw(typed, theme.text, value, buf));
    }
    Line::styled(text::fit(typed.value(), usize::from(value.width)), theme.text).render(value, buf);
    None
}

/// The choice; while the list is narrowed, the typed letters too.
fn picked(picker: &Picker, focused: bool, theme: &Theme, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let columns = usize::from(area.width);
    let chosen = picker.value().unwrap_or("–");
    if !focused {
        Line::styled(text::fit(chosen, columns), theme.text).render(area, buf);
        return None;
    }
    let typed = text::fit(picker.filter(), columns.saturating_sub(1));
    let column = u16::try_from(text::width(&typed)).unwrap_or(0);
    let chosen = if typed.is_empty() {
        chosen.to_owned()
    } else {
        format!("  {chosen}")
    };
    let room = columns.saturating_sub(usize::from(column));
    Line::from(vec![
        Span::styled(typed, theme.strong),
        Span::styled(text::fit(&chosen, room), theme.muted),
    ])
    .render(area, buf);
    Some(Position {
        x: (area.x + column).min(area.right().saturating_sub(1)),
        y: area.y,
    })
}

/// The options, one below the other, or in one line if there is no room.
fn options(picker: &Picker, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let (matches, at) = picker.matches();
    let rows = usize::from(area.height);
    if rows >= 3 {
        let mut area = area;
        take_top(&mut area, 1);
        let columns = usize::from(area.width);
        let first = first_shown(at, matches.len(), rows - 1);
        popup::note_lines(matches.len(), first, at, theme, area);
        let lines = matches.iter().enumerate().skip(first).map(|(index, option)| {
            if index == at {
                Line::styled(text::column(&format!(" > {option}"), columns), theme.selected)
            } else {
                Line::styled(text::fit(&format!("   {option}"), columns), theme.text)
            }
        });
        popup::lines(lines, area, buf);
        return;
    }
    let mut line = Line::default();
    for (index, option) in matches.iter().enumerate().skip(at.saturating_sub(1)) {
        if index == at {
            line.push_span(Span::styled(
                format!(">{}", text::fit(option, 20)),
                theme.selected,
            ));
        } else {
            line.push_span(Span::styled(format!(" {}", text::fit(option, 20)), theme.text));
        }
        line.push_span(" ");
    }
    line.render(area, buf);
}
