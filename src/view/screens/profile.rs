//! The profile: targets, body, days and account, a line for each value.

use caltrack_domain::{
    Display, Measures, TargetKcal,
    weight::{Forecast, bmi_class, forecast},
};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

use super::frame;
use crate::{
    app::{
        State, calculated_need,
        input::{action::Action, context::Context},
        plan, proposed_target,
        screens::profile::{GROUPS, Item, Setting},
        setting_text,
        tab::Tab,
    },
    view::{
        format,
        layout::{first_shown, inset, take_top},
        theme::Theme,
        widgets::text,
    },
};

/// Columns of the names.
const NAME: usize = 16;
/// The most lines of a note.
const MAX_NOTE: usize = 3;

/// A line of the screen.
enum Row {
    Heading(&'static str),
    Item(usize, Item),
    Note(String),
}

pub(super) fn draw(state: &State, username: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let Some(mut rest) = frame::draw(state, username, theme, area, buf) else {
        return;
    };
    if rest.height >= 14 {
        take_top(&mut rest, 1);
    }
    let rows = rows(state, usize::from(rest.width).saturating_sub(4));
    let selected = state.screens.profile.selected;
    let at = rows
        .iter()
        .position(|row| matches!(row, Row::Item(index, _) if *index == selected));
    let at = at.unwrap_or(0);
    // The first heading is seen with its first line.
    let height = usize::from(rest.height);
    let first = first_shown(at, rows.len(), height);
    for (row, y) in rows.iter().skip(first).zip(rest.y..rest.bottom()) {
        let place = inset(Rect { y, height: 1, ..rest }, 1);
        if let Row::Item(index, _) = row {
            theme.note_line(place, *index, selected);
        }
        match row {
            Row::Heading(title) => Line::styled(*title, theme.strong).render(place, buf),
            Row::Note(words) => Line::styled(format!("  {words}"), theme.muted).render(place, buf),
            Row::Item(index, item) => {
                item_line(state, *item, *index == selected, theme, place).render(place, buf);
                if *index == selected {
                    buf.set_style(place, theme.selected);
                }
            }
        }
    }
    more(first > 0, first + height < rows.len(), theme, rest, buf);
}

/// Arrows at the right edge where lines are hidden above or below.
fn more(above: bool, below: bool, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut arrow = |is_there: bool, symbol: &'static str, y: u16| {
        if is_there && area.height > 0 {
            let place = Rect { y, height: 1, ..area };
            Line::styled(symbol, theme.muted)
                .right_aligned()
                .render(place, buf);
        }
    };
    arrow(above, "↑", area.y);
    arrow(below, "↓", area.bottom().saturating_sub(1));
}

/// The lines of the screen, with notes of at most `columns`.
fn rows(state: &State, columns: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut index = 0;
    for (title, items) in GROUPS {
        rows.push(Row::Heading(title));
        for item in items {
            rows.push(Row::Item(index, *item));
            index += 1;
        }
        let notes = notes(state, title).into_iter();
        let notes = notes.flat_map(|note| text::wrap(&note, columns, MAX_NOTE));
        rows.extend(notes.map(Row::Note));
    }
    rows
}

/// What follows from the values of a group.
fn notes(state: &State, group: &str) -> Vec<String> {
    match group {
        "Targets" => target_notes(state),
        "Body" => body_notes(state),
        _ => Vec::new(),
    }
}

fn target_notes(state: &State) -> Vec<String> {
    let mut notes = Vec::new();
    let energy = state.shell.display.energy;
    let of_kcal = |kcal: u32| energy.of_kcal(kcal.into());
    let changes = state.profile.shown().map(|profile| &profile.targets);
    let past: Vec<String> = changes
        .into_iter()
        .flatten()
        .filter(|change| change.from.year() > 0)
        .rev()
        .take(3)
        .map(|change| {
            let mean = if matches!(change.kcal, TargetKcal::Weekly(_)) {
                " on average"
            } else {
                ""
            };
            format!("{}{mean} since {}", of_kcal(change.kcal.mean()), change.from)
        })
        .collect();
    if !past.is_empty() {
        notes.push(format!("targets: {}", past.join(", ")));
    }
    let accept = state
        .shell
        .keymap
        .hint(Context::Tab(Tab::Profile), Action::AcceptProposal);
    notes.push(match proposed_target(state) {
        Some((kcal, source)) => format!(
            "proposed: {} {} a day, {source}; {accept} takes it",
            of_kcal(kcal),
            energy.symbol()
        ),
        None => "no proposal yet: log days and weights, or fill in the calculator".to_owned(),
    });
    notes
}

fn body_notes(state: &State) -> Vec<String> {
    let mut notes = Vec::new();
    let energy = state.shell.display.energy;
    let profile = state.profile.shown();
    if let Some(bmi) = profile.and_then(|profile| profile.bmi) {
        notes.push(format!("body mass index {bmi:.1}: {}", bmi_class(bmi)));
    }
    let today = state.shell.today();
    let overview = &state.overview;
    if let (Some(goal), Some(trend), Some(pace)) = (plan(state).goal, overview.trend.last(), overview.pace) {
        notes.push(match forecast(trend.trend, goal, pace, today) {
            Forecast::Reached => "the goal is reached".to_owned(),
            Forecast::On {
                day,
                earliest,
                latest,
            } => {
                let latest = latest.map_or_else(|| "an unknown day".to_owned(), |day| day.to_string());
                format!("at this pace the goal is reached on {day}, between {earliest} and {latest}")
            }
            Forecast::NotAtThisPace => "at this pace the goal is not reached".to_owned(),
        });
    }
    notes.push(match calculated_need(state) {
        Some((need, level)) => format!(
            "calculator: {:.0} {} a day (Mifflin–St Jeor × {})",
            energy.of_estimate(need),
            energy.symbol(),
            level.factor()
        ),
        None => "the calculator (Mifflin–St Jeor) needs weight, height and year of birth".to_owned(),
    });
    notes
}

fn item_line<'a>(state: &State, item: Item, selected: bool, theme: &Theme, area: Rect) -> Line<'a> {
    let mark = if selected { "> " } else { "  " };
    let room = usize::from(area.width).saturating_sub(2 + NAME);
    let (name, value, style) = match item {
        Item::Action(action) => (action.title(), String::new(), theme.text),
        Item::Setting(setting) => {
            let (value, style) = value(state, setting, theme);
            (setting.title(), value, style)
        }
    };
    if value.is_empty() {
        return Line::from(vec![Span::raw(mark), Span::styled(name, theme.text)]);
    }
    Line::from(vec![
        Span::raw(mark),
        Span::styled(text::column(name, NAME), theme.muted),
        Span::styled(text::fit(&value, room), style),
    ])
}

/// A value with its unit.
fn value(state: &State, setting: Setting, theme: &Theme) -> (String, Style) {
    let typed = setting_text(state, setting);
    if typed.is_empty() {
        let nothing = match setting {
            Setting::DayStartsAt => "midnight",
            Setting::TimeZone => "the computer's",
            _ => "–",
        };
        return (nothing.to_owned(), theme.muted);
    }
    let Display { measures, energy, .. } = state.shell.display;
    let unit = energy.symbol();
    let words = match setting {
        Setting::Target => {
            let today = state.shell.today();
            let columns = usize::from(state.shell.size.0).saturating_sub(4 + NAME);
            match state.log.target_kcal(today) {
                TargetKcal::Daily(kcal) => format!("{} {unit} a day", energy.of_kcal(kcal.into())),
                TargetKcal::Weekly(week) => {
                    let week = week.map(|kcal| energy.of_kcal(kcal.into()));
                    let (low, high) = (week.iter().min(), week.iter().max());
                    let (low, high) = (low.copied().unwrap_or(0), high.copied().unwrap_or(0));
                    text::first_fitting(
                        [
                            format!("{} {unit}", by_days(week)),
                            format!("{low} to {high} {unit} by weekday"),
                            format!("{low}–{high} by weekday"),
                        ],
                        columns,
                    )
                }
            }
        }
        Setting::Protein => grams(state, &typed, |macros| macros.protein),
        Setting::Carbohydrate => grams(state, &typed, |macros| macros.carbohydrate),
        Setting::Fat => grams(state, &typed, |macros| macros.fat),
        Setting::Weight => {
            let trend = state.overview.trend.last();
            let trend = trend.map_or_else(String::new, |day| {
                format!(", trend {}", format::weight(day.trend, measures))
            });
            format!("{typed} {}{trend}", measures.weight_symbol())
        }
        Setting::GoalWeight => format!("{typed} {}", measures.weight_symbol()),
        Setting::Height if measures == Measures::Metric => format!("{typed} cm"),
        // Feet and inches have their own marks.
        Setting::Height
        | Setting::GoalDay
        | Setting::Sex
        | Setting::BirthYear
        | Setting::Activity
        | Setting::CountExercise
        | Setting::DayStartsAt
        | Setting::TimeZone => typed,
    };
    let style = if state.profile.is_queued() {
        theme.waiting
    } else {
        theme.text
    };
    (words, style)
}

/// The figures of a week, Monday first, with neighbours that are equal together: `Mon–Fri 2000, Sat 2400, Sun 2200`.
fn by_days(week: [i64; 7]) -> String {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let named: Vec<(&str, i64)> = days.into_iter().zip(week).collect();
    let spans = named.chunk_by(|(_, before), (_, after)| before == after);
    let spans = spans.filter_map(|span| match span {
        [] => None,
        [(day, figure)] => Some(format!("{day} {figure}")),
        [(first, figure), .., (last, _)] => Some(format!("{first}–{last} {figure}")),
    });
    spans.collect::<Vec<String>>().join(", ")
}

/// Grams of the target, and those of today if that is the shown day.
fn grams(state: &State, target: &str, of: fn(caltrack_domain::Macros) -> caltrack_domain::Grams) -> String {
    let today = state.log.day.macros();
    match today.filter(|_| state.log.day.date == state.shell.today()) {
        Some(macros) => format!("{target} g a day, {} so far today", of(macros)),
        None => format!("{target} g a day"),
    }
}

#[cfg(test)]
mod tests {
    use super::by_days;

    #[test]
    fn days_with_the_same_target_are_named_together() {
        let week = [1900, 1900, 1900, 1900, 2000, 2300, 2300];
        assert_eq!(by_days(week), "Mon–Thu 1900, Fri 2000, Sat–Sun 2300");
        assert_eq!(by_days([1, 2, 1, 2, 1, 2, 1]).matches(',').count(), 6);
    }
}
