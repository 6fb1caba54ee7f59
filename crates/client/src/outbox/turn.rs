//! The turn of a command as the sender, which is interrupted before the process is stopped.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, oneshot};

use super::channel::Signal;

/// The turns of one process. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub struct SendingTurn {
    /// To the delivery that holds the lock, if one does.
    signals: Arc<Mutex<Option<mpsc::Sender<Signal>>>>,
}

impl SendingTurn {
    /// Has lock and socket released, before the process is stopped; returns when they are free. The delivery must be polled
    /// meanwhile.
    pub async fn suspend(&self) {
        let (done, released) = oneshot::channel();
        if let Some(signals) = self.present()
            && signals.send(Signal::Suspend(done)).await.is_ok()
        {
            // An error means that the delivery has ended, which releases them as well.
            let _ = released.await;
        }
    }

    /// Lets the delivery go on after [`SendingTurn::suspend`].
    pub async fn resume(&self) {
        if let Some(signals) = self.present() {
            // An error means that it has ended.
            let _ = signals.send(Signal::Resume).await;
        }
    }

    pub(super) fn begin(&self, signals: mpsc::Sender<Signal>) {
        *self.lock() = Some(signals);
    }

    pub(super) fn end(&self) {
        *self.lock() = None;
    }

    fn present(&self) -> Option<mpsc::Sender<Signal>> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<mpsc::Sender<Signal>>> {
        self.signals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
