//! The outbox of the screens, as an import uses it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use caltrack_domain::outbox::Command;
use tokio::sync::{mpsc::Sender, oneshot};

use crate::{
    app::{Failure, FailureKind},
    importer::{Outlet, PartOutcome},
    runtime::outbox::Order,
};

pub(super) struct ScreenOutlet<Advance> {
    orders: Sender<Order>,
    /// The name of the steps of the history.
    name: String,
    is_stopped: Arc<AtomicBool>,
    /// Reports how many rows are done.
    advance: Advance,
    is_begun: bool,
}

impl<Advance> ScreenOutlet<Advance> {
    pub(super) fn new(
        (orders, name): (Sender<Order>, String),
        is_stopped: Arc<AtomicBool>,
        advance: Advance,
    ) -> Self {
        Self {
            orders,
            name,
            is_stopped,
            advance,
            is_begun: false,
        }
    }

    /// Has what is left sent, and the queue shown as it is.
    pub(super) async fn end(&self) {
        // An error means that the session has ended.
        let _ = self.orders.send(Order::Send).await;
    }
}

impl<Advance: AsyncFn(u64)> Outlet for ScreenOutlet<Advance> {
    type Error = Failure;

    async fn save(&mut self, commands: Vec<Command>) -> Result<Vec<PartOutcome>, Failure> {
        let (done, outcomes) = oneshot::channel();
        let order = Order::SavePart {
            name: self.name.clone(),
            commands,
            is_first: !self.is_begun,
            done,
        };
        self.is_begun = true;
        let sent = self.orders.send(order).await;
        let outcomes = match sent {
            Ok(()) => outcomes.await.ok(),
            Err(_) => None,
        };
        outcomes.unwrap_or_else(|| Err(Failure::new(FailureKind::SignedOut, "the session has ended")))
    }

    async fn drop_row(&mut self, row: u64) -> Result<(), Failure> {
        // An error means that the session has ended, which the next part reports.
        let _ = self.orders.send(Order::Drop(row)).await;
        Ok(())
    }

    async fn report(&mut self, done: usize) -> bool {
        (self.advance)(u64::try_from(done).unwrap_or(u64::MAX)).await;
        !self.is_stopped.load(Ordering::Relaxed)
    }
}
