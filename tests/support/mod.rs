//! What the tests and benches of the whole program share.

pub mod terminal;
