//! Limits per caller of a port, so that one caller can't exhaust it.
//!
//! AppSync has only quotas of a whole API, but a single user could exhaust a computer.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use async_trait::async_trait;
use caltrack_local_appsync::realtime::{Admission, SocketLimitError, SocketPermit};
use caltrack_local_core::identity::Identity;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::serve::{BusyGuard, Place};

/// AppSync rejects larger request bodies.
pub(super) const MAX_BODY_BYTES: usize = 1 << 20;
/// Maximum number of concurrent requests of a caller; more wait.
const REQUESTS: usize = 32;
/// Maximum number of sockets of a caller; more are rejected.
const SOCKETS: usize = 10;

/// The active callers of a port. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct CallerLimits(Arc<Mutex<HashMap<String, Weak<CallerSlots>>>>);

#[derive(Debug)]
struct CallerSlots {
    requests: Arc<Semaphore>,
    sockets: Arc<Semaphore>,
}

/// A caller's request or socket, counted until it is dropped.
#[derive(Debug)]
pub(crate) struct LimitPermit {
    _caller: Arc<CallerSlots>,
    _permit: OwnedSemaphorePermit,
}

impl CallerLimits {
    /// Waits until a caller's request may be executed; meanwhile its connection may be closed in favour of another.
    pub(super) async fn request(&self, identity: &Identity, place: Option<&Place>) -> Option<LimitPermit> {
        let caller = self.caller(identity);
        let requests = Arc::clone(&caller.requests);
        let permit = match Arc::clone(&requests).try_acquire_owned() {
            Ok(permit) => Ok(permit),
            Err(_) => match place {
                Some(place) => place.idle_while(requests.acquire_owned()).await,
                None => requests.acquire_owned().await,
            },
        };
        Some(LimitPermit {
            _caller: caller,
            // An error means that the semaphore was closed, which never happens.
            _permit: permit.ok()?,
        })
    }

    /// A WebSocket of a caller; `None` if it has too many.
    fn socket(&self, identity: &Identity) -> Option<LimitPermit> {
        let caller = self.caller(identity);
        let permit = Arc::clone(&caller.sockets).try_acquire_owned().ok()?;
        Some(LimitPermit {
            _caller: caller,
            _permit: permit,
        })
    }

    fn caller(&self, identity: &Identity) -> Arc<CallerSlots> {
        let mut callers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(caller) = callers.get(identity.key()).and_then(Weak::upgrade) {
            return caller;
        }
        callers.retain(|_, caller| caller.strong_count() > 0);
        let caller = Arc::new(CallerSlots {
            requests: Arc::new(Semaphore::new(REQUESTS)),
            sockets: Arc::new(Semaphore::new(SOCKETS)),
        });
        callers.insert(identity.key().to_owned(), Arc::downgrade(&caller));
        caller
    }
}

/// Admits a WebSocket once its caller is authenticated.
#[derive(Debug, Clone, Default)]
pub(crate) struct PortAdmission {
    limits: Option<CallerLimits>,
    place: Option<Place>,
}

/// What an admitted socket holds until it ends.
#[derive(Debug)]
struct SocketOfPort {
    _busy: Option<BusyGuard>,
    _socket: Option<OwnedSemaphorePermit>,
    _counted: Option<LimitPermit>,
}

impl PortAdmission {
    pub(super) fn new(limits: Option<CallerLimits>, place: Option<Place>) -> Self {
        Self { limits, place }
    }
}

#[async_trait]
impl Admission for PortAdmission {
    fn admit(&self, identity: &Identity) -> Result<SocketPermit, SocketLimitError> {
        let counted = match &self.limits {
            Some(limits) => Some(limits.socket(identity).ok_or(SocketLimitError::Caller(SOCKETS))?),
            None => None,
        };
        let socket = match &self.place {
            Some(place) => Some(place.socket().ok_or(SocketLimitError::Server)?),
            None => None,
        };
        Ok(Box::new(SocketOfPort {
            _busy: self.place.as_ref().map(Place::busy),
            _socket: socket,
            _counted: counted,
        }))
    }

    async fn evicted(&self) {
        match &self.place {
            Some(place) => place.evicted().await,
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use caltrack_local_core::identity::CognitoIdentity;
    use futures_util::FutureExt as _;

    use super::*;

    const ME: &str = "00000000-0000-4000-8000-00000000000a";
    const YOU: &str = "00000000-0000-4000-8000-00000000000b";

    fn user(sub: &str) -> Identity {
        Identity::Cognito(CognitoIdentity {
            sub: sub.to_owned(),
            username: "someone".to_owned(),
            issuer: "http://localhost/pool".to_owned(),
            groups: None,
            claims: serde_json::Map::new(),
            source_ip: Vec::new(),
        })
    }

    #[test]
    fn the_33rd_request_of_a_user_waits_for_another_of_the_same_user_only() {
        let limits = CallerLimits::default();
        let request = |sub: &str| {
            let (limits, identity) = (limits.clone(), user(sub));
            async move { limits.request(&identity, None).await.unwrap() }
        };
        let mut mine: Vec<LimitPermit> = (0..32).map(|_| request(ME).now_or_never().unwrap()).collect();
        let mut waiting = std::pin::pin!(request(ME));
        assert!(waiting.as_mut().now_or_never().is_none());
        let _yours = request(YOU).now_or_never().expect("another user doesn't wait");
        assert!(waiting.as_mut().now_or_never().is_none());
        mine.pop();
        assert!(waiting.now_or_never().is_some());
    }

    #[test]
    fn the_11th_socket_of_a_user_is_refused_and_another_users_is_not() {
        let admission = PortAdmission::new(Some(CallerLimits::default()), None);
        let admit = |sub: &str| admission.admit(&user(sub));
        let mut mine: Vec<SocketPermit> = (0..10).map(|_| admit(ME).unwrap()).collect();
        assert_eq!(admit(ME).unwrap_err(), SocketLimitError::Caller(10));
        admit(YOU).unwrap();
        mine.pop();
        admit(ME).unwrap();
    }

    #[test]
    fn callers_that_are_gone_leave_nothing_behind() {
        let limits = CallerLimits::default();
        for number in 0..1_000 {
            limits.socket(&user(&format!("user {number}"))).unwrap();
        }
        assert!(limits.0.lock().unwrap().len() <= 1);
    }
}
