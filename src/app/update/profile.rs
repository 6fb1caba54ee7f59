//! The profile, the plan and weights: what is shown of them, and how they are edited.

use caltrack_domain::{
    Profile, TargetKcal,
    library::Plan,
    outbox::{Members, ProfileMember, members},
    weight::{ActivityLevel, Proposal, energy_need, propose},
};
use jiff::civil::Date;

use crate::app::{
    dialogs::{
        Dialog,
        value::{ValueDialog, present},
    },
    effect::Effect,
    input::action::Action,
    measures,
    profile::Followed,
    screens::profile::{Item, Setting},
    shell::Tone,
    state::State,
    tab::Tab,
};

/// Takes the profile as the backend has it.
pub(super) fn take(state: &mut State, profile: Option<Profile>) {
    let username = username(state);
    state
        .profile
        .take(profile, state.outbox.queued_others(), &username);
    if state.profile.shown().is_some() {
        apply(state);
    }
}

/// The profile or the library was written: both are queried, unless this version of them is known.
pub(super) fn changed(state: &mut State, rev: u32) -> Vec<Effect> {
    if state.session.account().is_none() || state.profile.has(rev) {
        return Vec::new();
    }
    vec![state.log.load_settings(&mut state.shell)]
}

/// Takes members that the backend has just acknowledged.
pub(super) fn acknowledged(state: &mut State, sub: &str, members: Members) {
    if state.session.is_of(sub) {
        let username = username(state);
        state.profile.acknowledged(members, &username);
    }
}

/// Applies what is queued; returns the query of the profile if its edits are done.
pub(super) fn follow_queue(state: &mut State) -> Vec<Effect> {
    let username = username(state);
    match state.profile.follow(state.outbox.queued_others(), &username) {
        Followed::Same => Vec::new(),
        Followed::Changed => {
            apply(state);
            Vec::new()
        }
        Followed::Settled => {
            apply(state);
            vec![state.log.load_settings(&mut state.shell)]
        }
    }
}

/// The budgets follow the profile that is shown.
fn apply(state: &mut State) {
    let targets = state.profile.targets(state.shell.today());
    state.log.take_settings(targets, state.profile.counts_exercise());
}

fn username(state: &State) -> String {
    state
        .session
        .account()
        .map_or_else(String::new, |account| account.username.clone())
}

/// The value of a setting as it is typed.
pub fn setting_text(state: &State, setting: Setting) -> String {
    let today = state.shell.today();
    let display = &state.shell.display;
    let target = state.profile.targets(today).present(today);
    if setting == Setting::Weight {
        let noted = state.overview.weight_on(today);
        if let Some(kg) = noted {
            return measures::typed_weight(kg, display.measures);
        }
    }
    let plan = Plan::of(state.saved.library());
    present(setting, state.profile.shown(), plan, target, display)
}

/// What the user plans.
pub fn plan(state: &State) -> Plan {
    Plan::of(state.saved.library())
}

/// kcal a day that the calculator gives, once it knows enough.
pub fn calculated_need(state: &State) -> Option<(f64, ActivityLevel)> {
    let plan = plan(state);
    let profile = state.profile.shown();
    let trend = state.overview.trend.last().map(|day| day.trend);
    let kg = trend.or_else(|| profile?.weight)?;
    let cm = profile?.height?;
    let age = state.shell.today().year() - plan.birth_year?;
    let level = plan.activity.unwrap_or(ActivityLevel::Sedentary);
    let age = u8::try_from(age).ok()?;
    Some((energy_need(plan.sex, kg, cm, age, level), level))
}

/// The target that is proposed: by the expenditure, or by the calculator where that is too uncertain.
pub fn proposed_target(state: &State) -> Option<(u32, &'static str)> {
    let plan = plan(state);
    let by_expenditure = state.overview.expenditure().and_then(|expenditure| {
        let trend = state.overview.trend.last()?.trend;
        match propose(expenditure, trend, plan.goal, state.shell.today()) {
            Proposal::Target { kcal, .. } => Some((kcal, "by what you spend")),
            Proposal::Uncertain => None,
        }
    });
    by_expenditure.or_else(|| {
        let (need, _) = calculated_need(state)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few thousand kcal"
        )]
        let kcal = ((need / 10.0).round() * 10.0) as u32;
        Some((kcal, "by the calculator"))
    })
}

/// The action of the selected line, if it is one of the account.
pub(super) fn account_action(state: &State) -> Option<Action> {
    match state.screens.profile.item()? {
        Item::Action(action) => Some(action),
        Item::Setting(_) => None,
    }
}

/// Edits the selected value.
pub(super) fn edit(state: &mut State) -> Vec<Effect> {
    match state.screens.profile.item() {
        Some(Item::Setting(Setting::CountExercise)) => {
            let counts = state.profile.counts_exercise();
            let patch = members([ProfileMember::CountExercise(!counts)]);
            let word = if counts { "not counted" } else { "counted" };
            let name = format!("exercise {word}");
            vec![state.profile.saving(name, &username(state), patch)]
        }
        Some(Item::Setting(Setting::Weight)) => {
            note_weight(state);
            Vec::new()
        }
        Some(Item::Setting(setting)) => {
            let today = state.shell.today();
            let text = setting_text(state, setting);
            state
                .dialogs
                .open(Dialog::Value(ValueDialog::new(setting, today, &text, None)));
            Vec::new()
        }
        Some(Item::Action(_)) | None => Vec::new(),
    }
}

/// Opens the line for the weight of the day that is shown or selected.
pub(super) fn note_weight(state: &mut State) {
    let today = state.shell.today();
    let date: Date = match state.screens.tab {
        Tab::Today => state.log.day.date,
        Tab::History => state.screens.history.selected(super::history_days(state), today),
        Tab::Trends | Tab::Suggestions | Tab::Profile => today,
    };
    let before = state.overview.weight_on(date);
    let measures = state.shell.display.measures;
    let text = before
        .map(|kg| measures::typed_weight(kg, measures))
        .unwrap_or_default();
    let dialog = ValueDialog::new(Setting::Weight, date, &text, before);
    state.dialogs.open(Dialog::Value(dialog));
}

/// Takes the proposed target from today on.
pub(super) fn accept_proposal(state: &mut State) -> Vec<Effect> {
    let Some((kcal, _)) = proposed_target(state) else {
        let text = "no target is proposed yet: log days and weights, or fill in the calculator's lines";
        state.shell.notify(Tone::Info, text);
        return Vec::new();
    };
    let today = state.shell.today();
    let targets = state
        .profile
        .targets(today)
        .changed(today, TargetKcal::Daily(kcal));
    let energy = state.shell.display.energy;
    let name = format!("target {} {}", energy.of_kcal(kcal.into()), energy.symbol());
    let patch = members([
        ProfileMember::Target(kcal),
        ProfileMember::Targets(targets.changes().to_vec()),
    ]);
    vec![state.profile.saving(name, &username(state), patch)]
}
