//! Whether the backend in the box responds.

use tokio::sync::watch;

use super::{error::EmbeddedError, holder::SilentHost};

/// The state of the backend in the box, from the view of this program.
#[derive(Debug, Clone)]
pub(super) enum ShareStatus {
    /// This program or the host is opening it.
    Starting,
    /// It responds on the socket.
    Ready,
    /// Its host has the lock and doesn't respond, but may recover.
    Silent(SilentHost),
    /// It can't be used, and won't recover by itself.
    Failed(EmbeddedError),
}

/// A receiver of the state of the backend in the box.
#[derive(Debug, Clone)]
pub struct Readiness {
    status: watch::Receiver<ShareStatus>,
    /// Whether [`Readiness::next`] has returned the present state already.
    reported: bool,
}

/// A known state of the backend in the box.
#[derive(Debug, Clone)]
pub enum HostStatus {
    /// The host responds to requests.
    Ready,
    /// Its host doesn't respond, but may recover.
    Silent(SilentHost),
    /// It can't be used, and won't recover by itself.
    Failed(EmbeddedError),
}

impl Readiness {
    pub(super) const fn new(status: watch::Receiver<ShareStatus>) -> Self {
        Self {
            status,
            reported: false,
        }
    }

    /// Waits until the backend responds; for an unresponsive host, some seconds at most.
    ///
    /// # Errors
    ///
    /// Why it doesn't respond. After [`EmbeddedError::Silent`], waiting again may help.
    pub async fn wait(&mut self) -> Result<(), EmbeddedError> {
        loop {
            let status = self.status.borrow_and_update().clone();
            match status {
                ShareStatus::Ready => return Ok(()),
                ShareStatus::Failed(error) => return Err(error),
                ShareStatus::Starting => self.changed().await?,
                ShareStatus::Silent(host) => match tokio::time::timeout(host.grace(), self.changed()).await {
                    Ok(changed) => changed?,
                    Err(_) => return Err(EmbeddedError::Silent(host)),
                },
            }
        }
    }

    /// Waits until the backend responds, for as long as its host is unresponsive.
    ///
    /// # Errors
    ///
    /// Why it will never be available.
    pub async fn wait_without_limit(&mut self) -> Result<(), EmbeddedError> {
        loop {
            match self.next().await {
                HostStatus::Ready => return Ok(()),
                HostStatus::Failed(error) => return Err(error),
                HostStatus::Silent(_) => {}
            }
        }
    }

    /// The present state, once it is known; after that, each change.
    pub async fn next(&mut self) -> HostStatus {
        loop {
            if self.reported
                && let Err(error) = self.changed().await
            {
                return HostStatus::Failed(error);
            }
            self.reported = true;
            let status = self.status.borrow_and_update().clone();
            match status {
                ShareStatus::Ready => return HostStatus::Ready,
                ShareStatus::Silent(host) => return HostStatus::Silent(host),
                ShareStatus::Failed(error) => return HostStatus::Failed(error),
                ShareStatus::Starting => {}
            }
        }
    }

    async fn changed(&mut self) -> Result<(), EmbeddedError> {
        self.status.changed().await.map_err(|_| EmbeddedError::Ended)
    }
}
