//! The account on this computer: an ordinary user of the box's pool with a stored random password.

mod automatic;
mod created;
mod file;
mod open;
mod password;
mod problem;
mod removed;
mod stored;

#[cfg(test)]
pub(super) use automatic::automatic_account;
pub(super) use automatic::known_account;
pub use automatic::{remembered_account, with_account};
pub(super) use created::create;
pub use open::open_account;
pub use problem::AccountProblem;
pub use removed::remove_remains;
pub use stored::{StoredAccount, account_problem, stored_account};

#[cfg(test)]
mod tests;
