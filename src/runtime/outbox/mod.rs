//! The outbox of the signed-in user, as a task: saves what the screens change, sends it, and reports what becomes of it.

mod carry_out;
mod disk;
mod import;
mod order;
mod part;
mod reported;
mod sender_reports;
mod task;
mod undo;

use tokio::{
    sync::{
        mpsc::{self, Sender},
        oneshot,
    },
    task::JoinHandle,
};

pub(super) use self::order::Order;
use self::task::Task;
use super::{context::Context, event::Event};
use caltrack_client::{outbox::OutboxOwner, replica::DayStatus};

/// Orders that may wait.
const MAX_ORDERS: usize = 256;

#[derive(Debug)]
struct Running {
    owner: OutboxOwner,
    orders: Sender<Order>,
    task: JoinHandle<()>,
}

/// The task of the signed-in user's outbox.
#[derive(Debug, Default)]
pub(super) struct OutboxTask {
    running: Option<Running>,
}

impl OutboxTask {
    /// Starts for the signed-in user, or goes on for the same one.
    pub(super) fn start(
        &mut self,
        context: &Context,
        events: &Sender<Event>,
        sync: Option<Sender<Vec<DayStatus>>>,
    ) {
        let Some(owner) = context.owner() else {
            return;
        };
        if let Some(running) = &self.running
            && running.owner == owner
        {
            // If there is no room, the next start follows.
            let _ = running.orders.try_send(Order::Follow(sync));
            return;
        }
        let (orders, inbox) = mpsc::channel(MAX_ORDERS);
        let task = Task::new(context.clone(), owner.clone(), events.clone(), sync);
        self.running = Some(Running {
            owner,
            orders,
            task: tokio::spawn(task.run(inbox)),
        });
    }

    /// Gives an order; returns it if no task takes it.
    pub(super) fn order(&self, order: Order) -> Result<(), Order> {
        match &self.running {
            Some(running) => running
                .orders
                .try_send(order)
                .map_err(mpsc::error::TrySendError::into_inner),
            None => Err(order),
        }
    }

    /// Where orders go, for a task that gives many.
    pub(super) fn orders(&self) -> Option<Sender<Order>> {
        self.running.as_ref().map(|running| running.orders.clone())
    }

    /// Has lock and socket of the sender released; completes when they are.
    pub(super) async fn suspend(&self) {
        let (done, released) = oneshot::channel();
        if let Some(running) = &self.running
            && running.orders.send(Order::Suspend(done)).await.is_ok()
        {
            // An error means that it has ended, which releases them as well.
            let _ = released.await;
        }
    }

    /// Takes part again.
    pub(super) async fn resume(&self) {
        if let Some(running) = &self.running {
            // An error means that it has ended.
            let _ = running.orders.send(Order::Resume).await;
        }
    }

    /// Ends, once every order is carried out and what is on its way is answered, up to a second.
    pub(super) async fn end(self) {
        if let Some(Running { orders, task, .. }) = self.running {
            drop(orders);
            // An error means that it has failed, which is logged.
            let _ = task.await;
        }
    }

    /// Ends in the background: the session has ended.
    pub(super) fn stop(&mut self) {
        self.running = None;
    }
}
