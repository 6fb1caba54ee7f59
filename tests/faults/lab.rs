//! A user's outbox, and the box behind a proxy.

use std::{path::Path, sync::Arc, time::Duration};

use caltrack_client::{
    api::{Client, Endpoints, SessionFile},
    config::DataDir,
    outbox::{ClientApi, Delivery, Outbox, OutboxEvent, OutboxOwner, Saved, Sender, deliver},
};
use caltrack_domain::{
    Activity, DailyTotals, Entry, LogCommand, NewActivity,
    outbox::{Command, Outcome, RowState},
};
use caltrack_local_backend::account;
use jiff::{
    Timestamp,
    civil::{Date, date},
};
use tokio::sync::mpsc;

use crate::{
    fault_proxy::{Address, FaultProxy},
    the_box::TheBox,
};

pub(crate) const DAY: Date = date(2026, 11, 23);
const PROFILE: &str = "remote";

/// Longer than anything takes.
const LONG: Duration = Duration::from_mins(1);

/// By which way the program reaches the proxy. On a socket file the client itself retries, since another program may host
/// the box within moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Socket,
    Tcp,
}

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Deliver,
    Sender,
}

pub(crate) struct Lab {
    pub(crate) the_box: TheBox,
    pub(crate) proxy: FaultProxy,
    /// Through the proxy.
    pub(crate) client: Client,
    /// Past it.
    pub(crate) direct: Client,
    pub(crate) data: DataDir,
    pub(crate) owner: OutboxOwner,
}

impl Lab {
    pub(crate) async fn start(way: Way) -> Self {
        let the_box = TheBox::start().await;
        let directory = the_box.directory.path();
        let target = Address::Socket(the_box.socket.clone());
        let (proxy, endpoints) = match way {
            Way::Socket => {
                let socket = directory.join("proxy.sock");
                let endpoints = Endpoints::on_socket(&socket, account::POOL_ID, account::CLIENT_ID);
                (FaultProxy::on_socket(&socket, target).unwrap(), endpoints)
            }
            Way::Tcp => {
                let proxy = FaultProxy::on_tcp(target).unwrap();
                let endpoints = on_port(proxy.address().port());
                (proxy, endpoints)
            }
        };
        let direct = the_box.signed_in("lab", &the_box.socket).await;
        let session = SessionFile::new(directory.join("session-lab.json"));
        let client = Client::new(endpoints, session).unwrap();
        let data = DataDir::new(directory.join("data"));
        data.prepare().unwrap();
        let owner = OutboxOwner {
            profile: PROFILE.to_owned(),
            sub: direct.account().unwrap().sub,
        };
        Self {
            the_box,
            proxy,
            client,
            direct,
            data,
            owner,
        }
    }

    pub(crate) fn outbox(&self) -> Outbox {
        Outbox::open(&self.data.outbox())
    }

    pub(crate) fn save(&self, command: Command) -> Saved {
        self.outbox()
            .save(&self.owner, command.word(), vec![command], Timestamp::now())
            .unwrap()
    }

    pub(crate) fn api(&self) -> Arc<ClientApi> {
        Arc::new(ClientApi::new(&self.client, &self.owner))
    }

    pub(crate) async fn deliver(&self, saved: &Saved) -> Delivery {
        let delivered = deliver(&self.data, self.outbox(), &self.owner, saved, self.api());
        tokio::time::timeout(LONG, delivered).await.unwrap().unwrap()
    }

    /// Whether anything waits.
    fn is_pending(&self) -> bool {
        let rows = self.outbox().list(&self.owner).rows;
        rows.iter().any(|row| !matches!(row.state, RowState::Rejected(_)))
    }

    /// Sends a command, again and again if need be, and returns what was reported.
    pub(crate) async fn send(&self, command: Command, by: By) -> Vec<OutboxEvent> {
        let saved = self.save(command);
        let mut reported = Vec::new();
        match by {
            By::Deliver => {
                for _ in 0..5 {
                    reported.extend(self.deliver(&saved).await.events);
                    if !self.is_pending() {
                        return reported;
                    }
                }
            }
            By::Sender => {
                let (events, mut reports) = mpsc::channel(64);
                let sender = Sender::start(&self.data, self.owner.clone(), self.api(), events).unwrap();
                let waiting = async {
                    while self.is_pending() {
                        let event = reports.recv().await.unwrap();
                        if matches!(
                            event,
                            OutboxEvent::Outcome {
                                outcome: Outcome::Waiting(_),
                                ..
                            }
                        ) {
                            sender.request();
                        }
                        reported.push(event);
                    }
                };
                tokio::time::timeout(LONG, waiting).await.unwrap();
                sender.end().await;
                while let Ok(event) = reports.try_recv() {
                    reported.push(event);
                }
                return reported;
            }
        }
        panic!("it still waits: {:?}", self.outbox().list(&self.owner));
    }

    pub(crate) async fn entry(&self, id: &str) -> Option<Activity> {
        self.direct.activity(id).await.unwrap()
    }

    /// The totals of the day once they are those of its entries.
    pub(crate) async fn totals(&self) -> DailyTotals {
        let settled = async {
            loop {
                let day = self.direct.day(DAY).await.unwrap();
                if day.totals.digest == Some(caltrack_domain::digest(&day.activities)) {
                    return day.totals;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LONG, settled).await.unwrap()
    }
}

/// The addresses of a backend on a port of this computer.
pub(crate) fn on_port(port: u16) -> Endpoints {
    Endpoints {
        graphql: format!("http://127.0.0.1:{port}/graphql"),
        realtime: format!("ws://127.0.0.1:{port}/graphql/realtime"),
        cognito: format!("http://127.0.0.1:{port}"),
        socket: None,
        ..Endpoints::on_socket(Path::new("/nowhere"), account::POOL_ID, account::CLIENT_ID)
    }
}

pub(crate) fn entry(kcal: u32) -> Entry {
    let moment = "2026-11-23T12:00:00Z".parse().unwrap();
    Entry::new(DAY, moment, "Food", "Lunch", kcal)
}

pub(crate) fn create(id: &str, kcal: u32) -> Command {
    Command::Log(LogCommand::Create(NewActivity::new(id.to_owned(), entry(kcal))))
}

pub(crate) fn edit(before: &Activity, kcal: u32) -> Command {
    let mut after = before.entry.clone();
    after.kcal = kcal;
    Command::Log(LogCommand::Update {
        before: before.clone(),
        patch: after.patch_from(&before.entry).unwrap(),
    })
}

pub(crate) fn delete(activity: &Activity) -> Command {
    Command::Log(LogCommand::Delete(activity.clone()))
}
