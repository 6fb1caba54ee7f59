//! The meals and days that can be logged again.

use caltrack_domain::{Booking, EnergyUnit, clean, repeat::Meal};
use jiff::civil::Date;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    app::{State, dialogs::repeat::Repeat},
    view::{
        format,
        layout::{centered, first_shown, take_bottom, under_totals},
        theme::Theme,
        widgets::{popup, text},
    },
};

/// The widths of the columns of the type, the day and the kcal.
const KIND: usize = 10;
const DAY: usize = 9;
const KCAL: usize = 6;

pub(super) fn draw(state: &State, repeat: &Repeat, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let title = if repeat.date == state.shell.today() {
        "Repeat".to_owned()
    } else {
        format!("Repeat on {}", repeat.date)
    };
    let mut inner = popup::draw(&title, theme, centered(under_totals(area), 76, 18), buf);
    let columns = usize::from(inner.width);
    if let Some(problem) = &repeat.problem {
        let lines = text::wrap(problem, columns, 2);
        let place = take_bottom(&mut inner, u16::try_from(lines.len()).unwrap_or(1));
        let lines = lines.into_iter().map(|line| Line::styled(line, theme.bad));
        popup::lines(lines, place, buf);
    }
    let meals = match &repeat.meals {
        None => return popup::lines([Line::styled("Reading the last days…", theme.muted)], inner, buf),
        Some(meals) if meals.is_empty() => {
            let words = "Nothing was logged in the last two weeks.";
            return popup::lines([Line::styled(words, theme.muted)], inner, buf);
        }
        Some(meals) => meals,
    };
    let first = first_shown(repeat.selected, meals.len(), usize::from(inner.height));
    popup::note_lines(meals.len(), first, repeat.selected, theme, inner);
    let energy = state.shell.display.energy;
    let lines = meals.iter().enumerate().skip(first).map(|(at, meal)| {
        let selected = at == repeat.selected;
        let line = line(meal, energy, (selected, columns), state.shell.today(), theme);
        if selected {
            line.style(theme.selected)
        } else {
            line
        }
    });
    popup::lines(lines, inner, buf);
}

fn line<'a>(
    meal: &Meal,
    energy: EnergyUnit,
    (selected, columns): (bool, usize),
    today: Date,
    theme: &Theme,
) -> Line<'a> {
    let muted = if selected { theme.text } else { theme.muted };
    let kind = meal.kind.as_deref().map_or_else(|| "Whole day".to_owned(), clean);
    let day = match format::relative_day(meal.date, today) {
        "" => format!(
            "{} {}",
            format::short_weekday(meal.date),
            meal.date.strftime("%m-%d")
        ),
        word => word.to_owned(),
    };
    let room = columns.saturating_sub(3 + KIND + 1 + DAY + 1 + KCAL + 2);
    Line::from(vec![
        Span::raw(if selected { " > " } else { "   " }),
        Span::styled(text::column(&kind, KIND) + " ", theme.text),
        Span::styled(text::column(&day, DAY) + " ", muted),
        Span::styled(format!("{:>KCAL$}  ", energy.of_kcal(kcal(meal))), theme.text),
        Span::styled(text::fit(&names(meal), room), muted),
    ])
}

/// What the meal adds to the day's net kcal.
fn kcal(meal: &Meal) -> i64 {
    let each = meal.entries.iter();
    each.map(|entry| match Booking::of(&entry.category) {
        Booking::Consumed => i64::from(entry.kcal),
        Booking::Burned => -i64::from(entry.kcal),
        Booking::Nothing => 0,
    })
    .sum()
}

fn names(meal: &Meal) -> String {
    let each = meal.entries.iter();
    let names: Vec<String> = each
        .map(|entry| clean(entry.name.as_deref().unwrap_or(&entry.kind)))
        .collect();
    names.join(", ")
}
