//! What the actions of the Today screen and of the command palette do.

use caltrack_domain::Activity;

use super::{
    Effect, State,
    account::{self, ask::AccountAsk},
    action::Action,
    dialog::Dialog,
    form::Form,
    help, palette, quick,
    rows::Mark,
    save::{self, Job, Origin, Waiting},
    state::{Screen, Tone},
    today, undo,
};

/// Does it.
pub(super) fn run(state: &mut State, action: Action) -> Vec<Effect> {
    let everywhere = matches!(action, Action::Quit | Action::Suspend | Action::Help);
    if !everywhere && state.screen != Screen::Today {
        return Vec::new();
    }
    match action {
        Action::Quit => return vec![Effect::Quit],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Help => help::open(state),
        Action::Add => quick::open(state),
        Action::OpenForm => {
            let form = Form::blank(state, state.today.date);
            state.dialogs.push(Dialog::Form(Box::new(form)));
        }
        Action::Open | Action::Edit => edit(state),
        Action::Delete => return delete(state),
        Action::Undo => return undo::undo(state),
        Action::PreviousDay => return today::step(state, false),
        Action::NextDay => return today::step(state, true),
        Action::Today => return today::go_to(state, state.now.date()),
        Action::Refresh => {
            state.categories_at = None;
            return today::refresh(state);
        }
        Action::Move(motion) => today::move_by(state, motion),
        Action::Palette => palette::open(state),
        Action::SignOut => return account::sign_out(state, false),
        Action::SignOutEverywhere => return account::sign_out(state, true),
        Action::ChangePassword => account::change_password(state),
        Action::SetUpAuthenticator => return account::ask(state, AccountAsk::BeginAuthenticator),
        Action::DropAuthenticator => return account::ask(state, AccountAsk::DropAuthenticator),
        Action::StartHere
        | Action::OpenSignIn
        | Action::OpenSignUp
        | Action::OpenForgot
        | Action::Resend
        | Action::NextField
        | Action::PreviousField
        | Action::Confirm
        | Action::Back => {}
    }
    Vec::new()
}

/// The selected entry, where it can be changed.
fn selected(state: &mut State) -> Option<Activity> {
    let Some(row) = state.today.selection() else {
        state.say(Tone::Info, "nothing is selected; press a to add an entry");
        return None;
    };
    let activity = row.activity.clone();
    if save::is_busy(state, &activity.id) {
        state.say(
            Tone::Info,
            "this entry is still being saved; try again in a moment",
        );
        return None;
    }
    Some(activity)
}

fn edit(state: &mut State) {
    if let Some(activity) = selected(state) {
        let form = Form::of(state, &activity);
        state.dialogs.push(Dialog::Form(Box::new(form)));
    }
}

fn delete(state: &mut State) -> Vec<Effect> {
    if let Some(row) = state.today.selection()
        && row.mark == Mark::Saving
    {
        state.waiting = Some(Waiting::Delete(row.activity.id.clone()));
        state.say(Tone::Info, "still saving; deleted right after");
        return Vec::new();
    }
    let Some(activity) = selected(state) else {
        return Vec::new();
    };
    save::start(state, Job::Delete(activity), Origin::Key)
}
