//! What a signed-out user sees, and the forms about the account.

pub(super) mod account;
pub(super) mod start;
