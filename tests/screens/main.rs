//! The screens without a terminal: keys and answers in, effects and pictures out.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken assumption ends a test"
)]

mod account;
mod account_pictures;
mod backend;
mod bad_lines;
mod chaos;
mod day;
mod drafts;
mod entries;
mod every_key;
mod failures;
mod form;
mod history;
mod import;
mod journeys;
mod library;
mod live;
mod marks;
mod mouse;
mod pictures;
mod pool;
mod profile;
mod queue;
mod quick_line;
mod regions;
mod repeat;
mod roles;
mod settings;
mod sign_in;
mod styles;
mod suggestions;
mod themes;
mod today;
mod tools;
mod trends;
mod typing;
mod undo;
mod whole_account;
mod world;
