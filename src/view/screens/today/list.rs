//! The list of a day's entries.

use std::borrow::Cow;

use caltrack_domain::{Booking, EnergyUnit, Entry};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
    text::Line as TextLine,
    widgets::{Block, BorderType, Widget},
};

use crate::{
    app::{
        State,
        input::{action::Action, context::Context},
        log::{
            day::Load,
            rows::{Mark, Row},
        },
        preferences::Order,
        screens::today::{Group, Line},
        tab::Tab,
    },
    view::{
        format,
        layout::{first_shown, inset},
        theme::Theme,
        widgets::{popup, text},
    },
};

/// Columns of the kcal.
const KCAL: usize = 7;

/// Draws the list, in a frame where there is room.
pub(super) fn draw(state: &State, theme: &Theme, area: Rect, roomy: bool, buf: &mut Buffer) {
    let list = if roomy {
        framed(state, theme, area, buf)
    } else {
        area
    };
    if state.log.day.rows.is_empty() {
        placeholder(state, theme, list, buf);
    } else {
        lines(state, theme, list, buf);
    }
}

/// The frame around the list, with what it holds.
fn framed(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) -> Rect {
    let count = state.log.day.rows.len();
    let title = match (count, state.log.day.is_known) {
        (_, false) => String::new(),
        (1, true) => " 1 entry ".to_owned(),
        (_, true) => format!(" {count} entries "),
    };
    let title = match state.screens.today.marked_count() {
        0 => title,
        marked => format!("{}, {marked} marked ", title.trim_end()),
    };
    let mut block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border)
        .title(TextLine::styled(title, theme.muted))
        .title(format::unit_title(state.shell.display.energy, theme));
    let today = &state.screens.today;
    if today.lines.len() > usize::from(area.height.saturating_sub(2))
        && let Some(Line::Entry(at)) = today.lines.get(today.selected)
    {
        let place = format!(" {}/{count} ", at + 1);
        block = block.title_bottom(TextLine::styled(place, theme.muted).right_aligned());
    }
    let inner = block.inner(area);
    block.render(area, buf);
    inner
}

/// What stands in the place of rows.
fn placeholder(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut next = Vec::new();
    let (style, words) = match &state.log.day.load {
        Load::Loading if !state.log.day.is_known => (theme.muted, "Loading the day…".to_owned()),
        Load::Failed(failure) if !state.log.day.is_known => (
            theme.bad,
            format!(
                "The day can't be shown: {}; {}.",
                failure.message,
                failure.advice()
            ),
        ),
        Load::Loading | Load::Ready | Load::Failed(_) => {
            let key = |action| state.shell.keymap.hint(Context::Tab(Tab::Today), action);
            let add = key(Action::Add);
            if state.overview.has_entries() {
                next.push(format!("{} repeats a meal or a whole day.", key(Action::Repeat)));
            } else {
                let energy = state.shell.display.energy;
                next.push(format!(
                    "{} has the target, {} {} a day until you set yours.",
                    key(Action::ShowProfile),
                    energy.of_kcal(state.log.target().kcal.into()),
                    energy.symbol()
                ));
                next.push(format!(
                    "{} lists every command: `{}`, `{}`, `{}`.",
                    key(Action::Palette),
                    Action::Tour.title(),
                    Action::Import.title(),
                    Action::ScreenSettings.title()
                ));
            }
            (
                theme.muted,
                format!("Nothing logged yet. Press {add} and type: lunch 650"),
            )
        }
    };
    let place = inset(area, 2);
    let (columns, rows) = (usize::from(place.width), usize::from(place.height));
    let mut lines = text::wrap(&words, columns, rows.min(4));
    for next in next {
        if rows >= lines.len() + 3 {
            lines.push(String::new());
            lines.extend(text::wrap(&next, columns, 2));
        }
    }
    let top = area
        .height
        .saturating_sub(u16::try_from(lines.len()).unwrap_or(0))
        / 3;
    let place = Rect {
        y: place.y + top,
        height: place.height - top,
        ..place
    };
    popup::lines(
        lines
            .into_iter()
            .map(|line| TextLine::styled(line, style).centered()),
        place,
        buf,
    );
}

fn lines(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let today = &state.screens.today;
    let first = first_shown(today.selected, today.lines.len(), usize::from(area.height));
    let order = state.shell.preferences.order;
    let columns = Columns::of(usize::from(area.width), order);
    let energy = state.shell.display.energy;
    for ((at, line), y) in today
        .lines
        .iter()
        .enumerate()
        .skip(first)
        .zip(area.y..area.bottom())
    {
        let place = Rect { y, height: 1, ..area };
        let pen = Pen {
            is_selected: at == today.selected,
            theme,
            area: place,
        };
        theme.note_line(place, at, today.selected);
        match line {
            Line::Group(group) => heading(group, &pen, energy, buf),
            Line::Entry(at) => {
                if let Some(row) = state.log.day.rows.get(*at) {
                    entry(state, row, &columns, &pen, buf);
                }
            }
        }
        if pen.is_selected {
            // Drawn last, over the whole line.
            buf.set_style(place, theme.selected);
        }
    }
}

/// Writes on a line of the list, in the styles of a selected line if it is.
struct Pen<'a> {
    is_selected: bool,
    theme: &'a Theme,
    area: Rect,
}

impl Pen<'_> {
    /// Writes at most `columns` from column `x` of the line. A selected line has one colour.
    fn write(&self, x: usize, words: &str, columns: usize, style: Style, buf: &mut Buffer) {
        let room = usize::from(self.area.width).saturating_sub(x).min(columns);
        let style = if self.is_selected { self.theme.text } else { style };
        if let Ok(x) = u16::try_from(x) {
            buf.set_stringn(self.area.x.saturating_add(x), self.area.y, words, room, style);
        }
    }

    /// Writes a figure that ends at column `end` of the line.
    fn write_right(&self, end: usize, figure: &str, style: Style, buf: &mut Buffer) {
        let width = text::width(figure);
        self.write(end.saturating_sub(width), figure, width, style, buf);
    }

    fn mark(&self, is_marked: bool, buf: &mut Buffer) {
        let words = match (self.is_selected, is_marked) {
            (true, true) => "*> ",
            (true, false) => " > ",
            (false, true) => "*  ",
            (false, false) => return,
        };
        self.write(0, words, 3, self.theme.text, buf);
    }
}

fn heading(group: &Group, pen: &Pen<'_>, energy: EnergyUnit, buf: &mut Buffer) {
    let theme = pen.theme;
    pen.mark(false, buf);
    let width = usize::from(pen.area.width);
    let room = width.saturating_sub(3 + KCAL + 3);
    pen.write(3, &text::fit(&group.key.title, room), room, theme.strong, buf);
    let (sign, hue) = signed(group.key.booking, theme);
    let sign = if group.kcal == 0 { "" } else { sign };
    let subtotal = energy.of_kcal(i64::try_from(group.kcal).unwrap_or(i64::MAX));
    let subtotal = format!("{sign}{subtotal}");
    pen.write_right(width - 2, &subtotal, hue.add_modifier(Modifier::BOLD), buf);
}

/// The sign and the style of kcal.
const fn signed(booking: Booking, theme: &Theme) -> (&'static str, Style) {
    match booking {
        Booking::Consumed => ("", theme.consumed),
        Booking::Burned => ("-", theme.burned),
        Booking::Nothing => ("", theme.muted),
    }
}

/// The columns of entries: their first cells and widths. The kcal end two cells before the line does.
struct Columns {
    time: Option<usize>,
    kind: Option<(usize, usize)>,
    category: Option<(usize, usize)>,
    name: (usize, usize),
    quantity: Option<(usize, usize)>,
    kcal_end: usize,
}

impl Columns {
    fn of(width: usize, order: Order) -> Self {
        let is_by_type = order == Order::ByType;
        // Below their heading entries are indented, if there is room.
        let mut x = if is_by_type && width >= 48 { 5 } else { 3 };
        let mut take = |columns: usize, gap: usize| {
            let start = x;
            x += columns + gap;
            (start, columns)
        };
        let time = (width >= 36).then(|| take(5, 2).0);
        let (kind, category) = match (order, width) {
            (Order::ByType, _) => (None, None),
            (Order::ByTime, 0..=47) => (Some(10), None),
            (Order::ByTime, 48..=69) => (Some(11), None),
            (Order::ByTime, 70..=99) => (Some(12), Some(10)),
            (Order::ByTime, _) => (Some(16), Some(14)),
        };
        let kind = kind.map(|columns| take(columns, 2));
        let category = category.map(|columns| take(columns, 2));
        let kcal_end = width.saturating_sub(2);
        let quantity = match width {
            0..=47 => 0,
            48..=69 => 10,
            70.. => 12,
        };
        let end = kcal_end.saturating_sub(KCAL + 1);
        let quantity_start = end.saturating_sub(quantity);
        let name_end = if quantity > 0 {
            quantity_start.saturating_sub(2)
        } else {
            end
        };
        Self {
            time,
            kind,
            category,
            name: (x, name_end.saturating_sub(x)),
            quantity: (quantity > 0).then_some((quantity_start, quantity)),
            kcal_end,
        }
    }
}

fn entry(state: &State, row: &Row, columns: &Columns, pen: &Pen<'_>, buf: &mut Buffer) {
    let theme = pen.theme;
    let logged = &row.activity.entry;
    let (sign, hue) = signed(Booking::of(&logged.category), theme);
    let name = match columns.kind {
        Some(_) => logged.name.as_deref().unwrap_or_default().into(),
        None => under_heading(logged),
    };
    // Where a word has little room, a blank separates it.
    let has_name = !name.is_empty() && columns.name.1 >= 16;
    let (mark, fade) = match row.mark {
        Mark::Saved => ("", None),
        Mark::Saving => ("saving… ", Some(theme.muted)),
        Mark::Queued if has_name => ("queued · ", Some(theme.muted)),
        Mark::Queued => ("queued ", Some(theme.muted)),
        Mark::Rejected if has_name => ("rejected · ", Some(theme.bad)),
        Mark::Rejected => ("rejected ", Some(theme.bad)),
        Mark::Deleting => ("deleting… ", Some(theme.deleted)),
    };
    let paint = |style: Style| fade.unwrap_or(style);
    pen.mark(state.screens.today.is_marked(&row.activity.id), buf);
    if let Some(x) = columns.time {
        let time = format::time(logged.moment, state.shell.now.time_zone());
        pen.write(x, &time, 5, paint(theme.muted), buf);
    }
    if let Some((x, width)) = columns.kind {
        pen.write(x, &text::fit(&logged.kind, width), width, paint(theme.text), buf);
    }
    if let Some((x, width)) = columns.category {
        pen.write(
            x,
            &text::fit(&logged.category, width),
            width,
            paint(theme.muted),
            buf,
        );
    }
    let (x, width) = columns.name;
    pen.write(x, mark, width, theme.waiting, buf);
    let taken = text::width(mark);
    let room = width.saturating_sub(taken);
    pen.write(x + taken, &text::fit(&name, room), room, paint(theme.text), buf);
    if let (Some((x, width)), Some(quantity)) = (columns.quantity, logged.quantity) {
        let amount = format::quantity(quantity, logged.unit.as_deref());
        pen.write(x, &text::fit(&amount, width), width, paint(theme.muted), buf);
    }
    let energy = state.shell.display.energy;
    let kcal = format!("{sign}{}", energy.of_kcal(logged.kcal.into()));
    pen.write_right(columns.kcal_end, &kcal, paint(hue), buf);
}

/// What an entry is called under the heading of its type, or of exercise.
fn under_heading(entry: &Entry) -> Cow<'_, str> {
    match (&entry.name, Booking::of(&entry.category)) {
        (None, _) => entry.kind.as_str().into(),
        (Some(name), Booking::Burned) if !name.eq_ignore_ascii_case(&entry.kind) => {
            format!("{} · {name}", entry.kind).into()
        }
        (Some(name), Booking::Consumed | Booking::Burned | Booking::Nothing) => name.as_str().into(),
    }
}
