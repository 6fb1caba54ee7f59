//! The backend in the box, shared by all programs on one data directory.
//!
//! The program that holds the lock on `backend.lock` is the host: it opens the box's files and serves the socket file. The
//! other programs are guests: they connect to that socket, and each has a thread that waits for the lock. The operating
//! system releases the lock when the host ends, even if it is killed; then one of the guests becomes the host. Nothing
//! polls.

mod account;
mod codes;
mod error;
mod fresh;
mod handle;
mod holder;
mod host;
mod lock;
mod readiness;
mod room;
mod serve;
mod share;
mod snapshots;
mod socket;

pub use caltrack_local_backend::{server::Origins, tls};

pub use account::{
    AccountProblem, StoredAccount, account_problem, open_account, remembered_account, remove_remains,
    stored_account, with_account,
};
pub use codes::codes_file;
pub use error::EmbeddedError;
pub use fresh::{FillError, create_filled};
pub use handle::{Embedded, ShareHandle};
pub use holder::{Role, SilentHost};
pub use readiness::{HostStatus, Readiness};
pub use serve::{ServeInfo, ServeOptions, serve};
pub use snapshots::{list_snapshots, restore_snapshot};
pub use socket::endpoints;

#[cfg(test)]
mod tests;
