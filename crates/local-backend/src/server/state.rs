//! The state of the API's routes.

use std::sync::Arc;

use caltrack_local_appsync::{AppSync, realtime::SocketTimes};
use caltrack_local_core::authenticator::Authenticator;

use super::limits::CallerLimits;

/// The state of the API's routes.
#[derive(Clone)]
pub struct ApiState {
    /// The API that executes requests.
    pub app: AppSync,
    /// Verifies tokens and signatures.
    pub authenticator: Arc<dyn Authenticator>,
    /// Keep-alive interval and lifetime of sockets.
    pub limits: SocketTimes,
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
