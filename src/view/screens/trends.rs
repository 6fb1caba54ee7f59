//! Weeks and months: consumed kcal against the target, weight, pace and expenditure.

use jiff::{ToSpan as _, civil::Date};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
    widgets::Widget,
};

use super::{bars, day_budget, frame, shares, spent, table, weight};
use crate::{
    app::{
        State,
        input::{action::Action, context::Context},
        log::budget::Budget,
        plan,
        tab::Tab,
    },
    view::{
        format,
        layout::{inset, take_bottom, take_top},
        theme::Theme,
        widgets::text,
    },
};

/// Rows from which the weight has a chart of its own, and from which the expenditure has one.
const TALL: u16 = 18;
const TALLEST: u16 = 28;
/// Rows from which the share by type has a bar, and the most rows of the table's types.
const SHARES: u16 = 14;
const MAX_TYPES: u16 = 8;

pub(super) fn draw(state: &State, username: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let Some(mut rest) = frame::draw(state, username, theme, area, buf) else {
        return;
    };
    let last = state.shell.today();
    let count = state.screens.trends.range.days();
    let Ok(first) = last.checked_sub((i64::from(count) - 1).days()) else {
        return;
    };
    if rest.height >= 12 {
        take_top(&mut rest, 1);
    }
    let title = inset(take_top(&mut rest, 1), 1);
    Line::from(vec![
        Span::styled(format!("{count} days"), theme.strong),
        Span::styled(format!("  {first} to {last}"), theme.muted),
    ])
    .render(title, buf);
    let mut lines = summary(state, first, last, theme);
    if rest.height < 9 {
        lines.truncate(1);
    }
    let below = take_bottom(&mut rest, u16::try_from(lines.len()).unwrap_or(3));
    for (line, y) in lines.into_iter().zip(below.y..below.bottom()) {
        line.render(
            inset(
                Rect {
                    y,
                    height: 1,
                    ..below
                },
                1,
            ),
            buf,
        );
    }
    let has_shares = rest.height >= SHARES && !state.shares.list.is_empty();
    if state.screens.trends.is_table {
        if has_shares {
            let types = u16::try_from(state.shares.list.len()).unwrap_or(MAX_TYPES);
            // Below a short range there is room for all of them.
            let room = rest.height.saturating_sub(count + 1);
            let rows = (types + 2).min(room.max(MAX_TYPES.min(rest.height / 3)));
            shares::table(state, theme, inset(take_bottom(&mut rest, rows), 1), buf);
        }
        table::draw(state, theme, rest, buf);
        return;
    }
    if has_shares {
        shares::bar(state, theme, inset(take_bottom(&mut rest, 2), 1), buf);
    }
    let in_range = |day: &Date| (first..=last).contains(day);
    if rest.height >= TALLEST
        && state
            .overview
            .expenditures
            .iter()
            .any(|spent| in_range(&spent.date))
    {
        let height = rest.height / 4;
        let mut place = inset(take_bottom(&mut rest, height), 1);
        let columns = bars::width(count, place.width);
        let unit = state.shell.display.energy.symbol();
        let heading = format!("expenditure in {unit} a day,  · the band that holds it in two of three cases");
        Line::styled(text::fit(&heading, usize::from(place.width)), theme.muted)
            .render(take_top(&mut place, 1), buf);
        place.width = columns;
        spent::draw(state, (first, last), theme, place, buf);
    }
    if rest.height >= TALL && state.overview.trend.iter().any(|day| in_range(&day.date)) {
        let height = rest.height * 2 / 5;
        let mut place = inset(take_bottom(&mut rest, height), 1);
        let measures = state.shell.display.measures;
        let goal = plan(state).goal.map(|goal| goal.kg);
        let heading = format!("weight in {}", measures.weight_symbol());
        let heading = match goal {
            None => heading,
            Some(kg) => format!("{heading},  ┄ goal {}", format::weight(kg, measures)),
        };
        Line::styled(heading, theme.muted).render(take_top(&mut place, 1), buf);
        place.width = bars::width(count, place.width);
        weight::draw(state, goal, (first, last), theme, place, buf);
    }
    let mut place = inset(rest, 1);
    let unit = state.shell.display.energy.symbol();
    let heading = text::first_fitting(
        [
            format!("consumed {unit} a day,  ━ burned,  ┈ target,  • mean of 7 days"),
            format!("consumed {unit} a day, ━ burned, ┈ target, • 7-day mean"),
            "consumed, ━ burned, ┈ target, • mean".to_owned(),
        ],
        usize::from(place.width),
    );
    Line::styled(heading, theme.muted).render(take_top(&mut place, 1), buf);
    bars::draw(state, last, count, theme, place, buf);
}

/// The figures in words.
fn summary<'a>(state: &State, first: Date, last: Date, theme: &Theme) -> Vec<Line<'a>> {
    let columns = usize::from(state.shell.size.0).saturating_sub(2);
    let logged: Vec<_> = state
        .overview
        .days
        .range(first..=last)
        .filter_map(|(day, _)| day_budget::of(state, *day))
        .collect();
    let count = i64::try_from(logged.len()).unwrap_or(0);
    let energy = state.shell.display.energy;
    let mean = |figure: fn(&Budget) -> i64| {
        let sum: i64 = logged.iter().map(figure).sum();
        energy.of_kcal(sum.checked_div(count).unwrap_or(0))
    };
    let mut texts = vec![if count == 0 {
        let add = state.shell.keymap.hint(Context::Tab(Tab::Trends), Action::Add);
        text::first_fitting(
            [
                format!("nothing logged in these days; {add} adds an entry"),
                format!("nothing logged; {add} adds an entry"),
            ],
            columns,
        )
    } else {
        let (consumed, burned) = (mean(|budget| budget.consumed), mean(|budget| budget.burned));
        let net = if logged.iter().all(|budget| budget.queued.is_nothing()) {
            // As it follows from the figures beside it.
            consumed - burned
        } else {
            mean(|budget| budget.net)
        };
        let (unit, days) = (energy.symbol(), state.screens.trends.range.days());
        let figures = format!("consumed {consumed}, burned {burned}, net {net}");
        text::first_fitting(
            [
                format!("a day: {figures} {unit}  ({count} of {days} days logged)"),
                format!("a day: {figures}  ({count}/{days} days)"),
                format!("a day: {figures}"),
                format!("a day: {consumed} − {burned} = {net} {unit}"),
            ],
            columns,
        )
    }];
    let overview = &state.overview;
    let measures = state.shell.display.measures;
    texts.push(match (overview.trend.last(), overview.pace) {
        (None, _) => {
            let note = Context::Tab(Tab::Trends);
            let note = state.shell.keymap.hint(note, Action::NoteWeight);
            format!("no weight noted yet; {note} notes one")
        }
        (Some(day), None) => format!("weight trend {}", format::weight(day.trend, measures)),
        (Some(day), Some(pace)) => format!(
            "weight trend {}, {} ± {:.1} {} a week",
            format::weight(day.trend, measures),
            format::signed(measures.of_kg(pace.kg_per_week)),
            measures.of_kg(pace.deviation),
            measures.weight_symbol(),
        ),
    });
    texts.push(match overview.expenditure() {
        None => "spent: needs logged days and weigh-ins".to_owned(),
        Some(spent) => {
            let figures = format!(
                "spent {:.0} ± {:.0} {} a day",
                energy.of_estimate(spent.kcal),
                energy.of_estimate(spent.deviation),
                energy.symbol(),
            );
            let (logged, weigh_ins) = (spent.logged, spent.weigh_ins);
            let s = if weigh_ins == 1 { "" } else { "s" };
            text::first_fitting(
                [
                    format!("{figures}  ({logged} of 28 days, {weigh_ins} weigh-in{s})"),
                    figures,
                ],
                columns,
            )
        }
    });
    texts
        .into_iter()
        .map(|line| Line::styled(text::fit(&line, columns), theme.text))
        .collect()
}
