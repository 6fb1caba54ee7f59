//! What the routes of the API work on.

use std::sync::Arc;

use caltrack_local_appsync::{AppSync, realtime::Limits};
use caltrack_local_core::authenticator::Authenticator;

use super::limits::CallerLimits;

/// What the API's routes work on.
#[derive(Clone)]
pub struct ApiState {
    /// The API.
    pub app: AppSync,
    /// Who callers are.
    pub authenticator: Arc<dyn Authenticator>,
    /// Times of real-time connections.
    pub limits: Limits,
    /// Limits per caller; `None`: unlimited.
    pub callers: Option<CallerLimits>,
}

impl std::fmt::Debug for ApiState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiState")
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}
