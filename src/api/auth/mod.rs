//! Who is calling: the user pool's dialect, and the session that programs on one data directory share.

mod session;

pub use session::SessionFile;
