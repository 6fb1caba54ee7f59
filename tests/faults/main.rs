//! Changes through the outbox, on the box, behind a proxy that makes faults: whatever happens, each is stored once.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken assumption ends a test"
)]

mod answers;
#[path = "../support/fault_proxy/mod.rs"]
#[expect(dead_code, reason = "the tests of sync use the rest")]
mod fault_proxy;
mod killed;
mod lab;
mod refusals;
mod soak;
#[path = "../sync/the_box.rs"]
#[expect(dead_code, reason = "the tests of sync use the rest")]
mod the_box;
