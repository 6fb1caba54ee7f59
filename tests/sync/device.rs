//! A device: replica and sync, and commands as the screens send them.

use std::{path::PathBuf, sync::Arc, time::Duration};

use caltrack_client::{
    api::{Client, ConnectionState},
    replica::{Change, CopyState, DayStatus, Replica},
    sync::{Commands, ReplicaHandle, Report, SyncDriver, Watched, start_on_clock},
};
use caltrack_domain::{Activity, ActivityPatch, ChangeKind, NewActivity};
use futures_util::FutureExt as _;
use jiff::civil::Date;
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

use crate::{clock::ManualClock, proxy::Proxy, the_box::TheBox};

/// How far the clock is advanced whenever a test finds that what it waits for has not happened yet.
const TICK: Duration = Duration::from_millis(100);
/// Longer than the pause before any request but those of a day that differs.
const QUIET_TICKS: u32 = 900;

pub(crate) struct Device {
    pub(crate) client: Client,
    pub(crate) sub: String,
    pub(crate) proxy: Proxy,
    pub(crate) clock: Arc<ManualClock>,
    replica: ReplicaHandle<Report>,
    file: PathBuf,
    connection: watch::Receiver<Option<ConnectionState>>,
    changed: mpsc::Sender<Vec<DayStatus>>,
    _watched: watch::Sender<Option<Watched>>,
    _tasks: JoinSet<()>,
}

/// Waits for what must come.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), what)
        .await
        .expect("in time")
}

impl Device {
    /// Starts a device that shows `date`, on the files of an earlier one of the name if there was one.
    pub(crate) async fn start(the_box: &TheBox, name: &str, date: Date) -> Self {
        let directory = the_box.directory.path();
        let socket = directory.join(format!("{name}-{}.sock", rand::random::<u16>()));
        let proxy = Proxy::start(&socket, the_box.socket.clone());
        let client = the_box.signed_in(name, &socket).await;
        proxy.reset();
        let sub = client.account().unwrap().sub;
        let file = directory.join(format!("{name}.db"));
        let (sender, mut reports) = mpsc::channel(64);
        let replica = Replica::open(&file).unwrap().replica;
        let clock = Arc::new(ManualClock::new());
        let (replica, _thread) = start_on_clock(
            replica,
            "local".to_owned(),
            sender.clone(),
            Arc::clone(&clock) as _,
        );
        let (state, connection) = watch::channel(None);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            while let Some(report) = reports.recv().await {
                if let Report::Connection(now, _) = report {
                    state.send_replace(Some(now));
                }
            }
        });
        let ready = Arc::new(|| async { Ok(()) }.boxed());
        let driver = SyncDriver::new(client.clone(), replica.clone(), sub.clone(), ready, sender);
        let watched = watch::Sender::new(Some(Watched {
            date,
            refreshes: 0,
            number: 1,
        }));
        let (changed, receiver) = mpsc::channel(16);
        tasks.spawn(driver.run(Commands {
            watched: watched.subscribe(),
            changed: receiver,
        }));
        Self {
            client,
            sub,
            proxy,
            clock,
            replica,
            file,
            connection,
            changed,
            _watched: watched,
            _tasks: tasks,
        }
    }

    pub(crate) async fn until(&mut self, state: ConnectionState) {
        let reached = self.connection.wait_for(|now| *now == Some(state));
        soon(reached).await.unwrap();
    }

    async fn acknowledged(&self, kind: ChangeKind, activity: Activity) -> Activity {
        let change = Change::Entry(kind, activity.clone());
        let days = self.replica.apply(&self.sub, vec![change]).await;
        self.changed.send(days).await.unwrap();
        activity
    }

    pub(crate) async fn create(&self, new: &NewActivity) -> Activity {
        let created = self.client.create_activity(new).await.unwrap();
        self.acknowledged(ChangeKind::Created, created).await
    }

    /// Edits an entry, unless another device was faster.
    pub(crate) async fn update(&self, before: &Activity, patch: &ActivityPatch) {
        if let Ok(updated) = self
            .client
            .update_activity(&before.id, patch, Some(before.rev))
            .await
        {
            self.acknowledged(ChangeKind::Updated, updated).await;
        }
    }

    pub(crate) async fn delete(&self, activity: &Activity) {
        if let Ok(deleted) = self.client.delete_activity(&activity.id, None).await {
            self.acknowledged(ChangeKind::Deleted, deleted).await;
        }
    }

    /// The entries of a day in the replica, and how far they can be trusted.
    pub(crate) async fn day(&self, date: Date) -> (Vec<Activity>, CopyState) {
        let read = self
            .replica
            .run(&self.sub, move |replica, owner| replica.day(owner, date));
        let day = read.await.unwrap();
        day.map_or((Vec::new(), CopyState::Absent), |day| (day.entries, day.state))
    }

    /// Lets time pass on the clock of sync, and the tasks run.
    pub(crate) async fn tick(&self) {
        self.clock.advance(TICK);
        tokio::task::yield_now().await;
    }

    /// Lets so much time pass that every request that waits for a time is sent, and no day differs afterwards.
    pub(crate) async fn rest(&self) {
        soon(async {
            let mut quiet = 0;
            while quiet < QUIET_TICKS {
                let before = self.proxy.requests();
                self.until_settled().await;
                self.tick().await;
                let is_quiet = self.proxy.in_flight() == 0 && self.proxy.requests() == before;
                quiet = if is_quiet { quiet + 1 } else { 0 };
            }
        })
        .await;
    }

    /// Waits until the copy of a day is complete and has these entries.
    pub(crate) async fn until_day(&self, date: Date, expected: &[Activity]) {
        let reached = async {
            while self.day(date).await != (expected.to_vec(), CopyState::Complete) {
                self.tick().await;
            }
        };
        let what = tokio::time::timeout(Duration::from_mins(1), reached).await;
        if what.is_err() {
            assert_eq!(
                self.day(date).await,
                (expected.to_vec(), CopyState::Complete),
                "{date}"
            );
        }
    }

    /// The days that can't be verified.
    pub(crate) async fn unverified(&self) -> Vec<Date> {
        let read = self
            .replica
            .run(&self.sub, |replica, owner| replica.unverified(owner));
        read.await.unwrap()
    }

    /// Waits until no day differs from its totals.
    pub(crate) async fn until_settled(&self) {
        soon(async {
            loop {
                let unsettled = self
                    .replica
                    .run(&self.sub, |replica, owner| replica.unsettled(owner));
                if unsettled.await.unwrap().is_empty() {
                    return;
                }
                self.tick().await;
            }
        })
        .await;
    }

    /// Another connection to the replica's file.
    pub(crate) fn file(&self) -> Replica {
        Replica::open(&self.file).unwrap().replica
    }
}
