//! The dispatch: every message to the feature that knows what it means.

use super::{Effect, Message, State, account, categories, input, save, state::Tone, today, totals};

/// Takes one message. The effects are to be performed in order.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => input::press(state, key),
        Message::Paste(text) => input::paste(state, &text),
        Message::Resized { width, height } => {
            state.size = (width, height);
            Vec::new()
        }
        Message::Clock(now) => today::clock(state, now),
        Message::Terminate => vec![Effect::Quit],
        Message::Account { request, result } => account::answered(state, request, result),
        Message::SignedOut { reason } => account::ended(state, reason),
        Message::CategoriesLoaded(result) => categories::loaded(state, result),
        Message::TargetLoaded { request, result } => totals::target_loaded(state, request, &result),
        Message::DayCached { request, date, day } => today::cached(state, request, date, day),
        Message::DayLoaded {
            request,
            date,
            result,
        } => today::loaded(state, request, date, result),
        Message::LookAgain { request } => today::look_again(state, request),
        Message::Saved { request, result } => save::answered(state, request, result),
        Message::Connection(connection) => today::connection(state, connection),
        Message::LiveTotals { sub, totals } => today::live_totals(state, &sub, totals),
        Message::LiveActivity(kind, activity) => today::live_activity(state, kind, activity),
        Message::Look => today::look(state),
        Message::Notice(text) => {
            state.say(Tone::Info, text);
            Vec::new()
        }
    }
}
