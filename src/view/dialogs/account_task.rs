//! What is done with the whole account.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
};

use crate::{
    app::{
        dialogs::account_task::{TaskDialog, TaskStage},
        effect::AccountTask,
        input::{context::Context, keymap::Keymap},
    },
    view::{
        layout::{centered, first_shown, take_bottom, take_top, under_totals},
        theme::Theme,
        widgets::{input, popup, text},
    },
};

/// How a profile is made where there is none.
const NO_PROFILE: &str = "There is no other profile to copy to yet. At a shell:\n\
    1. deploy the stack (docs/deploy.md)\n\
    2. caltrack-tui configure cloud --stack-outputs FILE\n\
    3. caltrack-tui --profile cloud sign-in USER\n\
    Then open this again.";

pub(super) fn draw(
    dialog: &TaskDialog,
    keymap: &Keymap,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let confirm = keymap.confirm(Context::WholeAccount);
    let (title, words) = match &dialog.stage {
        TaskStage::Profile(picker) if picker.options().is_empty() => {
            ("Move to the cloud", format!("{NO_PROFILE} {confirm} closes it"))
        }
        TaskStage::Profile(_) => (
            "Move to the cloud",
            format!("Step 1 of 2: the profile with the other account. {confirm} picks"),
        ),
        TaskStage::Copy(profile) => (
            "Move to the cloud",
            format!(
                "Step 2 of 2: all entries, weights, the profile and the library are copied to the account on {profile}. \
                 Here everything stays. {confirm} copies"
            ),
        ),
        TaskStage::Delete => (
            "Delete the account",
            format!(
                "All entries, weights, the profile, the library and the account {} are deleted, here and in the backend. \
                 It can't be undone; `caltrack-tui backup FILE` keeps a copy. {confirm} continues",
                dialog.username
            ),
        ),
        TaskStage::Name(_) => (
            "Delete the account",
            format!(
                "Type the user name {} and press {confirm} to delete it for good",
                dialog.username
            ),
        ),
        TaskStage::Running(AccountTask::CopyTo(profile), reported) => (
            "Move to the cloud",
            format!("copying to {profile} … {reported}\nThis dialog can be left: the copy continues"),
        ),
        TaskStage::Running(AccountTask::Delete, reported) => {
            ("Delete the account", format!("deleting … {reported}"))
        }
        TaskStage::Done(report) => ("Done", report.clone()),
        TaskStage::Failed(report) => ("Not done", format!("{report}. Repeating it continues")),
    };
    let mut inner = popup::draw(title, theme, centered(under_totals(area), 64, 12), buf);
    let columns = usize::from(inner.width);
    let (style, words) = match &dialog.problem {
        Some(problem) => (theme.bad, problem.clone()),
        None => (theme.text, words),
    };
    let wrapped: Vec<String> = words
        .lines()
        .flat_map(|line| text::wrap(line, columns, 8))
        .collect();
    let rows = u16::try_from(wrapped.len()).unwrap_or(u16::MAX);
    let place = match &dialog.stage {
        TaskStage::Profile(picker) if !picker.options().is_empty() => take_bottom(&mut inner, rows),
        _ => take_top(&mut inner, rows),
    };
    popup::lines(
        wrapped.into_iter().map(|line| Line::styled(line, style)),
        place,
        buf,
    );
    match &dialog.stage {
        TaskStage::Name(field) => {
            take_top(&mut inner, 1);
            Some(input::draw(field, theme.text, take_top(&mut inner, 1), buf))
        }
        TaskStage::Profile(picker) => {
            let (matches, at) = picker.matches();
            let first = first_shown(at, matches.len(), usize::from(inner.height));
            let lines = matches.iter().enumerate().skip(first).map(|(index, profile)| {
                if index == at {
                    Line::styled(text::column(&format!(" > {profile}"), columns), theme.selected)
                } else {
                    Line::styled(text::fit(&format!("   {profile}"), columns), theme.text)
                }
            });
            popup::lines(lines, inner, buf);
            None
        }
        _ => None,
    }
}
