//! The session of the signed-in user: signing in at the user pool, and the tokens and keys that programs on one data
//! directory share.

mod api_credentials;
mod auth;
mod clock;
mod cognito;
mod file;
#[cfg(test)]
mod fuzz;
mod keys;
mod local_account;
mod lock;
mod sign_in;
mod sign_up;
mod srp;
mod token;

pub(crate) use api_credentials::{ApiCredentials, rejects_proof};
pub(crate) use auth::Auth;
pub(crate) use clock::ServerClock;
pub use file::SessionFile;
pub use local_account::LocalAccount;
pub use sign_in::{SecondFactor, SignIn, SignInChallenge, SignInChallengeKind};
pub use sign_up::SignUp;
