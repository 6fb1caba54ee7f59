//! The day to go to, themes, settings, and the tour.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
};
use strum::VariantArray as _;

use crate::{
    app::{
        State,
        dialogs::tools::{
            jump::Jump,
            settings::{Setting, SettingsList},
            themes::ThemeList,
            tour::Tour,
        },
    },
    view::{
        layout::{centered, first_shown, take_top, under_totals},
        theme::Theme,
        widgets::{input, popup, text},
    },
};

pub(super) fn jump(state: &State, jump: &Jump, theme: &Theme, area: Rect, buf: &mut Buffer) -> Position {
    let mut inner = popup::draw("Go to a day", theme, centered(under_totals(area), 60, 6), buf);
    let cursor = input::draw(&jump.field, theme.text, take_top(&mut inner, 1), buf);
    let (style, words) = match jump.day(state.shell.today()) {
        None => (
            theme.muted,
            "`2026-11-23`, `20 nov`, `2026-06`, `yesterday`, `mon`, `-7d`".to_owned(),
        ),
        Some(Ok(day)) => (theme.strong, day.strftime("%A %Y-%m-%d").to_string()),
        Some(Err(problem)) => (theme.waiting, problem),
    };
    let lines = text::wrap(&words, usize::from(inner.width), usize::from(inner.height));
    popup::lines(
        lines.into_iter().map(|line| Line::styled(line, style)),
        inner,
        buf,
    );
    cursor
}

pub(super) fn themes(list: &ThemeList, theme: &Theme, area: Rect, buf: &mut Buffer) {
    // At the right, so that the screen shows the theme.
    let place = centered(under_totals(area), 28, 18);
    let place = Rect {
        x: area.right().saturating_sub(place.width),
        ..place
    };
    let inner = popup::draw("Themes", theme, place, buf);
    let columns = usize::from(inner.width);
    let first = first_shown(list.selected, list.names.len(), usize::from(inner.height));
    popup::note_lines(list.names.len(), first, list.selected, theme, inner);
    let lines = list
        .names
        .iter()
        .enumerate()
        .skip(first)
        .map(|(at, name)| row(name, at == list.selected, columns, theme));
    popup::lines(lines, inner, buf);
}

pub(super) fn settings(state: &State, list: SettingsList, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let inner = popup::draw("Settings", theme, centered(under_totals(area), 52, 9), buf);
    let columns = usize::from(inner.width);
    popup::note_lines(Setting::VARIANTS.len(), 0, list.selected, theme, inner);
    let lines = Setting::VARIANTS.iter().enumerate().map(|(at, setting)| {
        let value = setting.value(&state.shell.display);
        let (_, value) = value.key_and_value();
        let words = format!("{}  {value}", text::column(setting.title(), 23));
        row(&words, at == list.selected, columns, theme)
    });
    popup::lines(lines, inner, buf);
}

pub(super) fn tour(state: &State, tour: Tour, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let pages = Tour::pages(&state.shell.keymap);
    let Some(page) = pages.get(tour.page) else {
        return;
    };
    let title = format!("Tour {} of {}", tour.page + 1, pages.len());
    let inner = popup::draw(&title, theme, centered(under_totals(area), 66, 14), buf);
    let columns = usize::from(inner.width);
    let paragraphs = page.text.iter().flat_map(|paragraph| {
        let lines = text::wrap(paragraph, columns, 6).into_iter();
        let lines = lines.map(|line| Line::styled(line, theme.text));
        std::iter::once(Line::default()).chain(lines)
    });
    let heading = std::iter::once(Line::styled(page.title, theme.brand));
    popup::lines(heading.chain(paragraphs), inner, buf);
}

fn row<'a>(words: &str, is_selected: bool, columns: usize, theme: &Theme) -> Line<'a> {
    if is_selected {
        Line::styled(text::column(&format!(" > {words}"), columns), theme.selected)
    } else {
        Line::styled(text::fit(&format!("   {words}"), columns), theme.text)
    }
}
