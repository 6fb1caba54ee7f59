//! Sync of the signed-in user, as a task.

use std::sync::Arc;

use caltrack_client::{
    replica::DayStatus,
    sync::{Commands, Readiness, SyncDriver, Watched},
};
use futures_util::FutureExt as _;
use jiff::civil::Date;
use tokio::{
    sync::{
        mpsc::{self, Sender},
        watch,
    },
    task::JoinSet,
};

use super::{context::Context, event::Event};

/// Acknowledged changes that may wait for sync.
const MAX_CHANGES: usize = 16;

/// The task that follows the backend, and the day that it keeps current.
#[derive(Debug)]
pub(super) struct SyncTask {
    task: JoinSet<()>,
    watched: watch::Sender<Option<Watched>>,
    changed: Option<Sender<Vec<DayStatus>>>,
}

impl SyncTask {
    pub(super) fn new() -> Self {
        Self {
            task: JoinSet::new(),
            watched: watch::Sender::new(None),
            changed: None,
        }
    }

    /// Starts over for the signed-in user.
    pub(super) fn start(&mut self, context: &Context, events: Sender<Event>) {
        self.task.abort_all();
        let Some(sub) = context.sub() else { return };
        let (sender, changed) = mpsc::channel(MAX_CHANGES);
        let driver = SyncDriver::new(
            context.client.clone(),
            context.replica.clone(),
            sub,
            readiness(context),
            events,
        );
        self.task.spawn(driver.run(Commands {
            watched: self.watched.subscribe(),
            changed,
        }));
        self.changed = Some(sender);
    }

    /// Stops, and forgets the day.
    pub(super) fn stop(&mut self) {
        self.task.abort_all();
        self.changed = None;
        self.watched.send_replace(None);
    }

    /// Ends, and waits for it.
    pub(super) async fn end(mut self) {
        self.task.shutdown().await;
    }

    /// Keeps a day current.
    pub(super) fn watch(&self, date: Date, fresh: bool) {
        self.watched.send_modify(|watched| {
            let (refreshes, number) = watched.map_or((0, 0), |watched| (watched.refreshes, watched.number));
            *watched = Some(Watched {
                date,
                refreshes: refreshes + u64::from(fresh),
                number: number + 1,
            });
        });
    }

    /// Where acknowledged changes are noted.
    pub(super) fn changed(&self) -> Option<Sender<Vec<DayStatus>>> {
        self.changed.clone()
    }
}

/// Waits for the box. The watch of its host reports if it doesn't respond; once it does, this continues.
pub(super) fn readiness(context: &Context) -> Readiness {
    let share = context.share.clone();
    Arc::new(move || {
        let share = share.clone();
        async move {
            match share {
                Some(share) => {
                    let ready = share.readiness().wait_without_limit().await;
                    ready.map_err(|error| error.to_string())
                }
                None => Ok(()),
            }
        }
        .boxed()
    })
}
