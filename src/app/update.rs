//! The dispatch: every message to the feature that knows what it means.

use super::{Effect, Message, State};

/// Takes one message. The effects are to be performed in order.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) if key == super::Key::ctrl('c') => vec![Effect::Quit],
        Message::Terminate => vec![Effect::Quit],
        Message::Resized { width, height } => {
            state.size = (width, height);
            Vec::new()
        }
        Message::Clock(now) => {
            state.now = now;
            Vec::new()
        }
        Message::Connection(connection) => {
            state.connection = connection;
            Vec::new()
        }
        _ => Vec::new(),
    }
}
