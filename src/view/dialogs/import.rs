//! The import of a file: choosing it, what it leaves open, a preview, the progress and the result.

use caltrack_domain::{EnergyUnit, Entry, clean};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::Line,
};

use crate::{
    app::{
        State,
        dialogs::import::{ColumnForm, ImportDialog, ImportStage},
        import::{ImportPreview, ImportQuestion, ImportReport},
        input::{action::Control, context::Context, keymap::Keymap},
        model::Progress,
        text::summary_in,
    },
    view::{
        layout::{centered, first_shown, take_bottom, take_top, under_totals},
        theme::Theme,
        widgets::{input, popup, text},
    },
};

/// Columns of what a column may have, and of its name.
const KEY: usize = 10;
const NAME: usize = 24;

/// A line with its style.
type Styled = (Style, String);

pub(super) fn draw(
    state: &State,
    dialog: &ImportDialog,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let mut inner = popup::draw("Import", theme, centered(under_totals(area), 86, 22), buf);
    let columns = usize::from(inner.width);
    let most = usize::from(inner.height / 2).max(1);
    let hint = hint(&dialog.stage, &state.shell.keymap);
    let lines = text::wrap(&hint, columns, most);
    let place = take_bottom(&mut inner, u16::try_from(lines.len()).unwrap_or(1));
    show(lines.into_iter().map(|line| (theme.muted, line)), place, buf);
    match &dialog.stage {
        ImportStage::File { found, problem } => {
            let cursor = input::draw(&dialog.path, theme.text, take_top(&mut inner, 1), buf);
            let problem = problem.iter().map(|problem| (theme.bad, problem.clone()));
            let found = found
                .iter()
                .map(|name| (theme.muted, format!("  {}", clean(name))));
            show(wrapped(problem.chain(found), columns), inner, buf);
            return Some(cursor);
        }
        ImportStage::Reading => {
            show([(theme.muted, "reading the file…".to_owned())], inner, buf);
        }
        ImportStage::Question { question, selected } => {
            let asked = text::wrap(&asked(question), columns, most);
            let top = take_top(&mut inner, u16::try_from(asked.len()).unwrap_or(1));
            show(asked.into_iter().map(|line| (theme.strong, line)), top, buf);
            choices(dialog.choices(), *selected, theme, inner, buf);
        }
        ImportStage::Columns { problem } => {
            let (style, words) = match problem {
                Some(problem) => (theme.bad, problem.as_str()),
                None => (
                    theme.strong,
                    "No tracker is known that writes these columns. Which column has what?",
                ),
            };
            let said = text::wrap(words, columns, most);
            let top = take_top(&mut inner, u16::try_from(said.len()).unwrap_or(1));
            show(said.into_iter().map(|line| (style, line)), top, buf);
            if let Some(form) = &dialog.columns {
                table(form, theme, inner, buf);
            }
        }
        ImportStage::Preview { preview, top } => {
            let lines = wrapped(summary_of(preview, theme).into_iter(), columns);
            let above = take_top(&mut inner, u16::try_from(lines.len()).unwrap_or(1));
            show(lines, above, buf);
            let list = listed(preview, state.shell.display.energy, theme)
                .into_iter()
                .skip(*top);
            show(
                list.map(|(style, line)| (style, text::fit(&line, columns))),
                inner,
                buf,
            );
        }
        ImportStage::Running {
            progress,
            is_stopping,
        } => {
            let word = if *is_stopping { "ending" } else { "importing" };
            let lines = [
                (
                    theme.strong,
                    format!("{word}: {} of {} rows", progress.done, progress.total),
                ),
                (theme.good, bar(*progress, columns)),
            ];
            show(lines, inner, buf);
        }
        ImportStage::Finished(report) => {
            show(wrapped(result(report, theme).into_iter(), columns), inner, buf);
        }
    }
    None
}

fn show(lines: impl IntoIterator<Item = Styled>, area: Rect, buf: &mut Buffer) {
    popup::lines(
        lines.into_iter().map(|(style, line)| Line::styled(line, style)),
        area,
        buf,
    );
}

/// Lines that fit into these columns.
fn wrapped(lines: impl Iterator<Item = Styled>, columns: usize) -> Vec<Styled> {
    lines
        .flat_map(|(style, line)| {
            let parts = text::wrap(&line, columns, 4);
            parts.into_iter().map(move |part| (style, part))
        })
        .collect()
}

fn hint(stage: &ImportStage, keymap: &Keymap) -> String {
    let confirm = keymap.confirm(Context::Import);
    let back = keymap.hint(Context::Import, Control::Back);
    match stage {
        ImportStage::File { .. } => format!(
            "the path of a file: csv, json, xml, xlsx or zip, as trackers export them; {} completes it, {} reads it",
            keymap.hint(Context::ImportFile, Control::NextField),
            keymap.confirm(Context::ImportFile),
        ),
        ImportStage::Reading => format!("{back} leaves it"),
        ImportStage::Question { .. } => format!("arrows choose, {confirm} decides, {back} leaves it"),
        ImportStage::Columns { .. } => format!(
            "up and down choose a row, {} another column for it; {confirm} reads the file, {back} leaves it",
            keymap.hint(Context::Import, Control::NextField)
        ),
        ImportStage::Preview { preview, .. } if preview.rows() == 0 => {
            format!("there is nothing to import; {confirm} closes it")
        }
        ImportStage::Preview { .. } => {
            format!("{confirm} imports them as one step that undo takes back; {back} leaves it")
        }
        ImportStage::Running { .. } => {
            format!("{back} ends it, and keeps what is done; the same file continues it later")
        }
        ImportStage::Finished(_) => format!("{confirm} closes it"),
    }
}

fn asked(question: &ImportQuestion) -> String {
    match question {
        ImportQuestion::DayOrder(date) if date.is_empty() => {
            "Some dates have the day first, others the month. How are they read?".to_owned()
        }
        ImportQuestion::DayOrder(date) => format!("How is {} read?", clean(date)),
        ImportQuestion::Decimal(number) => format!("How is {} read?", clean(number)),
        ImportQuestion::WeightUnit(count) => format!("The file has {count} weights without a unit. It is"),
        ImportQuestion::Columns { .. } => String::new(),
    }
}

fn choices(
    words: impl Iterator<Item = &'static str>,
    selected: usize,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let columns = usize::from(area.width);
    let lines = words.enumerate().map(|(at, words)| {
        if at == selected {
            (theme.selected, text::column(&format!(" > {words}"), columns))
        } else {
            (theme.text, text::fit(&format!("   {words}"), columns))
        }
    });
    show(lines, area, buf);
}

/// What each column has, with the first text of it.
fn table(form: &ColumnForm, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = usize::from(area.width);
    let first = first_shown(form.selected(), form.rows().len(), usize::from(area.height));
    let rows = form.rows().enumerate().skip(first);
    let lines = rows.map(|(at, (key, column))| {
        let (name, sample) = column.map_or(("–", ""), |column| {
            let name = if column.name.is_empty() {
                "(no name)"
            } else {
                &column.name
            };
            (name, column.sample.as_str())
        });
        let mark = if at == form.selected() { " > " } else { "   " };
        let line = format!(
            "{mark}{} {} {}",
            text::column(key, KEY),
            text::column(&clean(name), NAME),
            clean(sample)
        );
        match (at == form.selected(), column) {
            (true, _) => (theme.selected, text::column(&line, columns)),
            (false, Some(_)) => (theme.text, text::fit(&line, columns)),
            (false, None) => (theme.muted, text::fit(&line, columns)),
        }
    });
    show(lines, area, buf);
}

fn counted(count: usize, one: &str, several: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {several}")),
    }
}

fn summary_of(preview: &ImportPreview, theme: &Theme) -> Vec<Styled> {
    let parts = [
        counted(preview.entries, "entry", "entries"),
        counted(preview.weights, "weight", "weights"),
        counted(preview.foods, "own food", "own foods"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let days = match preview.days {
        Some((from, to)) if from == to => format!(" of {from}"),
        Some((from, to)) => format!(" from {from} to {to}"),
        None => String::new(),
    };
    let first = if parts.is_empty() {
        "nothing new".to_owned()
    } else {
        format!("new: {}{days}", parts.join(", "))
    };
    let second = format!(
        "{}: {} rows read, {} already logged, {} left out",
        preview.sources.join(", "),
        preview.read,
        preview.already,
        preview.left_out
    );
    let warnings = preview.warnings.iter();
    [(theme.strong, first), (theme.muted, second)]
        .into_iter()
        .chain(warnings.map(|warning| (theme.waiting, clean(warning))))
        .collect()
}

/// The first new entries, then the first rows that are left out.
fn listed(preview: &ImportPreview, energy: EnergyUnit, theme: &Theme) -> Vec<Styled> {
    let entry = |entry: &Entry| {
        let words = summary_in(entry, energy);
        (theme.text, format!("  {}  {words}", entry.date))
    };
    let reason =
        |(line, reason): &(u64, String)| (theme.muted, format!("  left out, line {line}: {}", clean(reason)));
    let entries = preview.first.iter().map(entry);
    entries.chain(preview.reasons.iter().map(reason)).collect()
}

fn bar(progress: Progress, columns: usize) -> String {
    let whole = u64::try_from(columns).unwrap_or(0);
    let done = progress.done.min(progress.total);
    let filled = whole.saturating_mul(done) / progress.total.max(1);
    "█".repeat(usize::try_from(filled).unwrap_or(0))
}

fn result(report: &ImportReport, theme: &Theme) -> Vec<Styled> {
    let rows = if report.imported == 1 { "row" } else { "rows" };
    let mut lines = vec![(
        theme.strong,
        format!(
            "{} {rows} imported, {} already logged",
            report.imported, report.already
        ),
    )];
    if report.is_stopped {
        lines.push((
            theme.waiting,
            "It was ended; the same file continues it.".to_owned(),
        ));
    }
    if let Some((count, reason)) = &report.waiting {
        lines.push((
            theme.waiting,
            format!("{count} wait in the outbox: {}", clean(reason)),
        ));
    }
    if let Some(rejected) = &report.rejected {
        lines.push((theme.bad, format!("A row was rejected: {}", clean(rejected))));
    }
    if report.imported > 0 {
        lines.push((theme.muted, "Undo takes all of it back.".to_owned()));
    }
    lines
}
