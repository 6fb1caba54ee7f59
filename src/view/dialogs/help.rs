//! The help.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    app::{
        dialogs::help::{Help, Line as HelpLine},
        input::keymap::Keymap,
    },
    view::{
        layout::centered,
        theme::Theme,
        widgets::{popup, text},
    },
};

pub(super) fn draw(help: Help, keymap: &Keymap, theme: &Theme, area: Rect, buf: &mut Buffer) {
    // One row less than the body, as `Help::page` assumes.
    let place = centered(area, 64, area.height.saturating_sub(1));
    let inner = popup::draw("Keys", theme, place, buf);
    let keys_room = if inner.width < 50 { 12 } else { 16 };
    let room = usize::from(inner.width).saturating_sub(keys_room + 1);
    let lines = help.lines(keymap);
    let shown = lines.iter().skip(help.scroll).map(|line| match line {
        HelpLine::Gap => Line::default(),
        HelpLine::Heading(context) => Line::styled(context.title(), theme.brand),
        HelpLine::Binding(binding) => {
            let keys: Vec<String> = binding.keys.iter().map(|key| keymap.name(*key)).collect();
            Line::from(vec![
                Span::styled(text::column(&keys.join("  "), keys_room), theme.strong),
                Span::raw(" "),
                Span::styled(text::fit(binding.meaning.title(), room), theme.text),
            ])
        }
    });
    popup::lines(shown, inner, buf);
}
