//! Arithmetic on rectangles, safe on the smallest of them.

use ratatui::layout::Rect;

/// All but the last row, and the last row.
pub(super) fn body_and_footer(area: Rect) -> (Rect, Rect) {
    let height = area.height.saturating_sub(1);
    let body = Rect { height, ..area };
    let foot = Rect {
        y: area.y + height,
        height: area.height.min(1),
        ..area
    };
    (body, foot)
}

/// Takes `rows` from the top of `area`, as many as there are.
pub(super) fn take_top(area: &mut Rect, rows: u16) -> Rect {
    let height = rows.min(area.height);
    let top = Rect { height, ..*area };
    area.y += height;
    area.height -= height;
    top
}

/// Takes `rows` from the bottom of `area`, as many as there are.
pub(super) fn take_bottom(area: &mut Rect, rows: u16) -> Rect {
    let height = rows.min(area.height);
    area.height -= height;
    Rect {
        y: area.bottom(),
        height,
        ..*area
    }
}

/// Takes `columns` from the left of `area`, as many as there are.
pub(super) fn take_left(area: &mut Rect, columns: u16) {
    let columns = columns.min(area.width);
    area.x += columns;
    area.width -= columns;
}

/// Takes `columns` from the right of `area`, as many as there are.
pub(super) fn take_right(area: &mut Rect, columns: u16) -> Rect {
    let width = columns.min(area.width);
    area.width -= width;
    Rect {
        x: area.right(),
        width,
        ..*area
    }
}

/// A rectangle of at most this size in the middle of `area`.
pub(super) fn centered(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}

/// `area` without `columns` on either side.
pub(super) fn inset(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width / 2);
    Rect {
        x: area.x + columns,
        width: area.width - 2 * columns,
        ..area
    }
}

/// The first line to show so that line `at` of `count` is in the middle of `rows`, if possible.
pub(super) fn first_shown(at: usize, count: usize, rows: usize) -> usize {
    at.saturating_sub(rows / 2).min(count.saturating_sub(rows))
}

/// The room for dialogs: under the day's totals, which stay visible if there is room.
pub(super) fn under_totals(area: Rect) -> Rect {
    let mut rest = area;
    if area.height >= 22 {
        take_top(&mut rest, 5);
    }
    rest
}
