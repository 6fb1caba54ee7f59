//! The question before a sign-out that leaves changes in the queue.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use crate::{
    app::{dialogs::sign_out::SignOutQuestion, input::context::Context, input::keymap::Keymap},
    view::{
        layout::{centered, under_totals},
        theme::Theme,
        widgets::{popup, text},
    },
};

pub(super) fn draw(
    question: SignOutQuestion,
    username: &str,
    keymap: &Keymap,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let inner = popup::draw("Sign out?", theme, centered(under_totals(area), 60, 7), buf);
    let confirm = keymap.confirm(Context::SignOut);
    let what = match question.queued {
        1 => "1 change is queued. It stays".to_owned(),
        queued => format!("{queued} changes are queued. They stay"),
    };
    let words = format!(
        "{what} on this computer, sent when {username} signs in here again, and never as another user. {confirm} signs out."
    );
    let lines = text::wrap(&words, usize::from(inner.width), usize::from(inner.height));
    popup::lines(
        lines.into_iter().map(|line| Line::styled(line, theme.text)),
        inner,
        buf,
    );
}
