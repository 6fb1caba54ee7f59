//! Routes messages to features, and each feature's reports to the others. Only this folder uses more than one feature.

mod account_task;
mod actions;
mod context;
mod derive;
mod import;
mod keys;
mod library;
mod log;
mod marked;
mod mouse;
mod profile;
mod repeat;
mod saved;
mod saves;
mod session;
mod suggestions;

pub use context::{context, history_days};
pub use profile::{calculated_need, plan, proposed_target, setting_text};
pub use suggestions::remaining_today;

use caltrack_domain::{
    Activity, LogCommand,
    outbox::{by_entry, projected},
};

use super::{
    effect::Effect,
    message::{Configured, Message},
    shell::Tone,
    state::{Startup, State},
    text::has_words,
};

/// The state of the first frame, and the first effects.
pub fn start(startup: Startup) -> (State, Vec<Effect>) {
    let mut state = State::new(&startup);
    let mut effects = Vec::new();
    if let Some(account) = startup.account {
        effects = session::enter(&mut state, account);
        if let Some(day) = startup.day
            && state.log.take_day(day)
        {
            log::listed(&mut state, true);
        }
    }
    (state, effects)
}

/// Takes one message. The effects are to be performed in order.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    let mut effects = route(state, message);
    derive::rows(state);
    derive::overview(state);
    derive::drafts(state);
    derive::line(state);
    derive::usual(state);
    effects.extend(derive::shares(state));
    suggestions::derive(state);
    effects
}

fn route(state: &mut State, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => return keys::press(state, key),
        Message::Paste(text) => return keys::paste(state, &text),
        Message::Click(target) => return mouse::click(state, target),
        Message::Wheel(motion) => return mouse::wheel(state, motion),
        Message::Resized { width, height } => state.shell.size = (width, height),
        Message::Clock(now) => return log::clock(state, &now),
        Message::Terminate => return vec![Effect::Quit],
        Message::Account { request, result } => return session::answered(state, request, result),
        Message::Profiles(profiles) => account_task::offer(state, profiles),
        Message::TaskProgress(report) => account_task::progressed(state, report),
        Message::TaskEnded { task, result } => return account_task::ended(state, &task, &result),
        Message::SignedOut { reason } => return session::end(state, reason),
        Message::Loaded { request, result } => return log::loaded(state, request, result),
        Message::Saved { request, result } => saves::written(state, request, result),
        Message::ChangesSaved { request, result } => saves::changes_written(state, request, result),
        Message::Undone { direction, result } => saves::undone(state, direction, result),
        Message::Queue { sub, queue } => {
            return saves::take_queue(state, &sub, |outbox| outbox.take(queue));
        }
        Message::QueueChanged { sub, change } => {
            return saves::take_queue(state, &sub, |outbox| outbox.change(change));
        }
        Message::Collision(collision) => saves::collided(state, &collision),
        Message::Drafts { sub, drafts } => session::recall(state, &sub, drafts),
        Message::Names { sub, names } => {
            if state.session.is_of(&sub) {
                state.names.take(names);
            }
        }
        Message::Found { sub, text, entries } => found(state, &sub, text, entries),
        Message::ProfileSaved { sub, members } => profile::acknowledged(state, &sub, members),
        Message::Day { sub, day } => log::take_day(state, &sub, day),
        Message::UserChanged { rev } => return profile::changed(state, rev),
        Message::Library { sub, library } => saved::take(state, &sub, &library),
        Message::Days { sub, purpose, days } => {
            if state.session.is_of(&sub) {
                return repeat::read(state, purpose, days);
            }
        }
        Message::Shares { sub, parts } => {
            if state.session.is_of(&sub) {
                state.shares.take(parts);
            }
        }
        Message::DayChanged { sub, date, change } => log::change_day(state, &sub, date, change),
        Message::AllTotals { sub, days } => log::take_all_totals(state, &sub, days),
        Message::Totals { sub, totals } => log::take_totals(state, &sub, totals),
        Message::DayAnswered { sub, date } => return log::answered(state, &sub, date, Ok(())),
        Message::DayFailed { sub, date, failure } => return log::answered(state, &sub, date, Err(failure)),
        Message::SyncProgress(progress) => {
            // A first sync has brought the names of the log.
            let is_over = progress.is_none() && state.log.progress.is_some();
            state.log.progress = progress;
            return is_over.then_some(Effect::LoadNames).into_iter().collect();
        }
        Message::PathCompleted {
            typed,
            completed,
            found,
        } => import::completed(state, &typed, &completed, found),
        Message::FileRead { request, result } => import::read(state, request, result),
        Message::ImportProgress { request, progress } => import::advanced(state, request, progress),
        Message::Imported { request, result } => return import::finished(state, request, result),
        Message::Connection(connection) => return log::connected(state, connection),
        Message::Configured(configured) => configure(state, *configured),
        Message::Notice(text) => state.shell.notify(Tone::Info, text),
        Message::Problem(failure) => saves::report(state, &failure),
    }
    Vec::new()
}

/// Takes what the configuration file and the themes say now. A preview in the list of themes gives way to it.
fn configure(state: &mut State, configured: Configured) {
    let Configured {
        display,
        themes,
        keymap,
        mut problems,
    } = configured;
    state.shell.display = display;
    state.shell.themes = themes;
    state.shell.keymap = keymap.shown_in(state.shell.is_ascii);
    problems.extend(state.shell.apply_theme());
    if !problems.is_empty() {
        state.shell.notify(Tone::Problem, problems.join(" · "));
    }
}

/// Takes what the copy of the log has of the searched words, as it will be once all changes are sent.
fn found(state: &mut State, sub: &str, text: String, entries: Vec<Activity>) {
    if !state.session.is_of(sub) {
        return;
    }
    let queue = state.outbox.queue();
    let mut entries: Vec<Activity> = entries
        .into_iter()
        .filter_map(|activity| queue.projected(&activity.id, sub, Some(&activity)))
        .collect();
    // What is queued is not in the copy yet.
    for commands in by_entry(state.outbox.queued_entries()).into_values() {
        let stored = commands.first().and_then(|first| match first {
            LogCommand::Create(_) => None,
            LogCommand::Update { before, .. } | LogCommand::Delete(before) => Some(before),
        });
        let queued = projected(commands.into_iter(), sub, stored);
        let is_new = |queued: &Activity| entries.iter().all(|entry| entry.id != queued.id);
        entries.extend(queued.filter(|queued| is_new(queued) && has_words(&queued.entry, &text)));
    }
    entries.sort_by(|one, other| other.log_order(one));
    if let Some(search) = state.dialogs.search() {
        search.take(text, entries);
    }
}
