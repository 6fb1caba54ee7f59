//! The hints at the bottom, printed from the keymap.

use ratatui::{buffer::Buffer, layout::Rect, text::Line, text::Span, widgets::Widget};

use super::text;
use crate::{
    app::{
        input::{
            action::{Action, Control},
            bindings::Meaning,
            context::Context,
            keymap::Keymap,
        },
        shell::Notice,
    },
    view::theme::Theme,
};

/// Columns from which the header names the screens with their keys.
pub(in crate::view) const WITH_TABS: u16 = 74;

/// A key and what it does.
type Hint = (String, &'static str);

/// As many hints as fit, the most important first, and only for what is offered now. In a narrow terminal the last ones lead to
/// the other screens and to the help, or out of the dialog.
pub(in crate::view) fn draw(
    keymap: &Keymap,
    context: Context,
    is_offered: impl Fn(Meaning) -> bool,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let back = Meaning::Control(Control::Back);
    let last = match context {
        Context::Tab(_) if area.width < WITH_TABS => ways_out(keymap, context),
        Context::Tab(_) => Vec::new(),
        _ if is_offered(back) => way_back(keymap, context).into_iter().collect(),
        _ => Vec::new(),
    };
    let offered = keymap
        .bindings(context)
        .filter(|binding| is_offered(binding.meaning));
    let is_last = |meaning: Meaning| match context {
        Context::Tab(_) => meaning == Meaning::Action(Action::Help) || is_screen(meaning),
        _ => meaning == back,
    };
    let offered = offered.filter(|binding| last.is_empty() || !is_last(binding.meaning));
    let hints = offered.filter_map(|binding| Some((keymap.name(*binding.keys.first()?), binding.footer?)));
    let mut room = usize::from(area.width).saturating_sub(1);
    let reserved: usize = last.iter().map(|hint| GAP.len() + width(hint)).sum();
    let mut line = Line::raw(" ");
    room = room.saturating_sub(reserved);
    for hint in hints {
        let gap = if line.spans.len() > 1 { GAP } else { "" };
        let needed = gap.len() + width(&hint);
        if needed > room {
            break;
        }
        room -= needed;
        push(&mut line, gap, hint, theme);
    }
    for hint in last {
        let gap = if line.spans.len() > 1 { GAP } else { "" };
        push(&mut line, gap, hint, theme);
    }
    line.render(area, buf);
}

const GAP: &str = "  ";

fn width((key, word): &Hint) -> usize {
    text::width(key) + 1 + text::width(word)
}

fn push(line: &mut Line<'_>, gap: &'static str, (key, word): Hint, theme: &Theme) {
    line.push_span(gap);
    line.push_span(Span::styled(key, theme.strong));
    line.push_span(Span::styled(format!(" {word}"), theme.muted));
}

const fn is_screen(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Action(
            Action::ShowToday
                | Action::ShowHistory
                | Action::ShowTrends
                | Action::ShowSuggestions
                | Action::ShowProfile
        )
    )
}

/// The key that leaves a dialog.
fn way_back(keymap: &Keymap, context: Context) -> Option<Hint> {
    let back = Meaning::Control(Control::Back);
    let binding = keymap.bindings(context).find(|binding| binding.meaning == back)?;
    Some((keymap.name(*binding.keys.first()?), binding.footer?))
}

/// The keys of the screens as one hint, and the help's.
fn ways_out(keymap: &Keymap, context: Context) -> Vec<Hint> {
    let first = keymap.key(context, Action::ShowToday);
    let last = keymap.key(context, Action::ShowProfile);
    let help = keymap.key(context, Action::Help);
    let screens = first
        .zip(last)
        .map(|(first, last)| (format!("{}…{}", keymap.name(first), keymap.name(last)), "screens"));
    let help = help.map(|key| (keymap.name(key), "help"));
    screens.into_iter().chain(help).collect()
}

/// A notice in the place of the hints.
pub(in crate::view) fn notice(notice: &Notice, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = usize::from(area.width).saturating_sub(1);
    Line::styled(
        format!(" {}", text::fit(&notice.text, columns)),
        theme.tone(notice.tone),
    )
    .render(area, buf);
}
