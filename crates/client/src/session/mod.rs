//! The session of the signed-in user: signing in at the user pool, and the tokens that programs on one data directory share.

mod auth;
mod cognito;
mod file;
#[cfg(test)]
mod fuzz;
mod local_account;
mod lock;
mod sign_in;
mod sign_up;
mod srp;
mod token;

pub(crate) use auth::{Auth, Credentials};
pub use file::SessionFile;
pub use local_account::LocalAccount;
pub use sign_in::{SecondFactor, SignIn, SignInChallenge, SignInChallengeKind};
pub use sign_up::SignUp;
