//! A device: a program with outbox, sender, replica and sync, which acts at random until it is killed.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use caltrack_client::{
    api::{ApiError, Client, SessionFile},
    config::DataDir,
    outbox::{ClientApi, Outbox, OutboxEvent, OutboxOwner, Sender},
    replica::Replica,
    sync::{Commands, Report, SyncDriver, Watched, start},
};
use caltrack_domain::{
    Activity, LogCommand, MAX_KCAL, Profile,
    outbox::{Command, Outcome, ProfileChange, ProfileMember, Row, Stored, WeightChange, members},
};
use futures_util::FutureExt as _;
use jiff::{Timestamp, ToSpan as _, civil::Date};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use tokio::sync::{mpsc, watch};

use super::journal::{Action, Line, SHARED};
use crate::{
    lab::{DAY, create, delete, edit, on_port},
    the_box::USER,
};

/// Days on which entries are logged.
pub(crate) const DAYS: i64 = 5;
pub(crate) const PROFILE: &str = "remote";

/// What a device needs to know, in its environment.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) directory: PathBuf,
    /// 0 or 1.
    pub(crate) device: u32,
    pub(crate) seed: u64,
    /// Distinguishes the starts of the device.
    pub(crate) start: u32,
    pub(crate) actions: usize,
    /// Whether it stays open afterwards.
    pub(crate) stays: bool,
    pub(crate) proxy: u16,
    pub(crate) host: u16,
}

/// Longer than anything takes.
pub(crate) const LONG: Duration = Duration::from_mins(2);

const NAME: &str = "CALTRACK_TEST_DEVICE";

impl Setup {
    pub(crate) fn variable(&self) -> (&'static str, String) {
        let Self {
            directory,
            device,
            seed,
            start,
            actions,
            stays,
            proxy,
            host,
        } = self;
        let text = format!(
            "{device} {seed} {start} {actions} {stays} {proxy} {host} {}",
            directory.display()
        );
        (NAME, text)
    }

    fn read() -> Self {
        let text = env::var(NAME).unwrap();
        let parts: Vec<&str> = text.splitn(8, ' ').collect();
        Self {
            device: parts[0].parse().unwrap(),
            seed: parts[1].parse().unwrap(),
            start: parts[2].parse().unwrap(),
            actions: parts[3].parse().unwrap(),
            stays: parts[4].parse().unwrap(),
            proxy: parts[5].parse().unwrap(),
            host: parts[6].parse().unwrap(),
            directory: parts[7].into(),
        }
    }

    /// What it writes when it fails.
    pub(crate) fn log(&self) -> PathBuf {
        let kind = if self.stays { "second" } else { "first" };
        self.directory.join(format!("device-{}-{kind}.log", self.device))
    }

    pub(crate) fn data(&self) -> DataDir {
        DataDir::new(self.directory.join(format!("device-{}", self.device)))
    }
}

pub(crate) fn client(data: &DataDir, port: u16) -> Client {
    Client::new(on_port(port), SessionFile::new(data.session(PROFILE))).unwrap()
}

/// All entries of the days, past the faults; the host may be down for a while.
pub(crate) async fn entries(client: &Client) -> Vec<Activity> {
    again("the entries can't be read", async || {
        let mut found = Vec::new();
        let mut token = None;
        loop {
            let page = client.entries_page(DAY, DAY + DAYS.days(), token).await?;
            found.extend(page.rows);
            token = page.next;
            if token.is_none() {
                return Ok(found);
            }
        }
    })
    .await
}

/// Repeats what fails while the host is down.
async fn again<T>(what: &str, mut attempt: impl AsyncFnMut() -> Result<T, ApiError>) -> T {
    let begun = Instant::now();
    loop {
        match attempt().await {
            Ok(done) => return done,
            Err(error) => assert!(begun.elapsed() < LONG, "{what}: {error:?}"),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

struct Device {
    setup: Setup,
    dice: StdRng,
    outbox: Outbox,
    owner: OutboxOwner,
    sender: Sender,
    reports: mpsc::Receiver<OutboxEvent>,
    /// The newest outcome that is in `known`.
    last: u64,
    /// Entries as the backend has them, as far as this program knows.
    known: BTreeMap<String, Activity>,
    /// Those that this program has deleted.
    deleted: BTreeSet<String>,
    profile: Profile,
    count: u32,
}

/// The program.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a program that the soak starts and kills"]
async fn program() {
    let setup = Setup::read();
    let data = setup.data();
    let (through, past) = (client(&data, setup.proxy), client(&data, setup.host));
    let sub = past.account().unwrap().sub;
    let _syncing = sync(&through, &data.path().join("cache.db"), &sub);
    let owner = OutboxOwner {
        profile: PROFILE.to_owned(),
        sub,
    };
    let outbox = Outbox::open(&data.outbox());
    // Before the backend: what is acknowledged in between is gone from the queue and from the backend alike, and its outcome
    // is read later.
    let last = outbox.last_outcome().unwrap();
    let queued = outbox.list(&owner).rows;
    let known = entries(&past).await;
    let profile = again("the profile can't be read", async || past.profile().await).await;
    let (events, reports) = mpsc::channel(64);
    let api = Arc::new(ClientApi::new(&through, &owner));
    let sender = Sender::start(&data, owner.clone(), api, events).unwrap();
    let mut device = Device {
        dice: StdRng::seed_from_u64(setup.seed ^ u64::from(setup.device * 1_000 + setup.start)),
        deleted: BTreeSet::new(),
        outbox,
        owner,
        sender,
        reports,
        last,
        known: known.into_iter().map(|entry| (entry.id.clone(), entry)).collect(),
        profile: profile.unwrap_or_else(|| Profile::new(USER)),
        count: 0,
        setup,
    };
    device.take_queued(queued);
    device.run().await;
    while device.setup.stays {
        device.hear().await;
    }
}

/// Keeps the replica up to date, as the screens do.
fn sync(client: &Client, file: &Path, sub: &str) -> impl Sized + use<> {
    let (sender, mut reports) = mpsc::channel::<Report>(64);
    let replica = Replica::open(file).unwrap().replica;
    let (replica, thread) = start(replica, PROFILE.to_owned(), sender.clone());
    let ready = Arc::new(|| async { Ok(()) }.boxed());
    let driver = SyncDriver::new(client.clone(), replica, sub.to_owned(), ready, sender);
    let watched = watch::Sender::new(Some(Watched {
        date: DAY,
        refreshes: 0,
        number: 1,
    }));
    let (changed, receiver) = mpsc::channel(16);
    tokio::spawn(driver.run(Commands {
        watched: watched.subscribe(),
        changed: receiver,
    }));
    tokio::spawn(async move { while reports.recv().await.is_some() {} });
    (thread, watched, changed)
}

fn print(line: &Line) {
    let mut out = std::io::stdout().lock();
    // A test's own output may stand before it.
    writeln!(out, "\n{}", serde_json::to_string(line).unwrap()).unwrap();
    out.flush().unwrap();
}

impl Device {
    async fn run(&mut self) {
        for _ in 0..self.setup.actions {
            if let Some((action, command)) = self.choose() {
                print(&Line::Try(action));
                self.outbox
                    .save(
                        &self.owner,
                        command.word(),
                        vec![command.clone()],
                        Timestamp::now(),
                    )
                    .unwrap();
                print(&Line::Saved);
                self.sender.request();
            }
            let wait = Duration::from_millis(self.dice.random_range(0..30));
            let _ = tokio::time::timeout(wait, self.hear()).await;
        }
        let mut last = Instant::now();
        let mut before = usize::MAX;
        loop {
            let listing = self.outbox.list(&self.owner);
            let pending = listing.rows.iter().filter(|row| row.is_pending()).count();
            if pending == 0 {
                return;
            }
            if pending != before {
                (before, last) = (pending, Instant::now());
            }
            assert!(last.elapsed() < LONG, "the queue isn't sent: {listing:#?}");
            self.sender.request();
            let _ = tokio::time::timeout(Duration::from_millis(200), self.hear()).await;
        }
    }

    /// What the user sees: what the backend has, with what is queued.
    fn take_queued(&mut self, rows: Vec<Row>) {
        for row in rows {
            match row.command {
                Command::Profile(change) => self.profile = change.applied(self.profile.clone()),
                // The backend may still have it; once the row is acknowledged, it has not.
                Command::Log(LogCommand::Delete(gone)) => {
                    self.known.remove(&gone.id);
                    self.deleted.insert(gone.id);
                }
                _ => {}
            }
        }
    }

    /// Takes one report of the sender.
    async fn hear(&mut self) {
        let report = self.reports.recv().await;
        assert!(!matches!(report, Some(OutboxEvent::Failed(_))), "{report:?}");
    }

    /// Takes the outcomes since the last time, whichever program sent the rows.
    fn catch_up(&mut self) {
        for (number, _, outcome) in self.outbox.outcomes_after(&self.owner, self.last).unwrap() {
            self.last = number;
            if let Outcome::Acknowledged(Stored::Entry(entry)) | Outcome::Collided(entry) = outcome
                // What is deleted is acknowledged too, as it was last.
                && !self.deleted.contains(&entry.id)
                && self.known.get(&entry.id).is_none_or(|known| known.rev <= entry.rev)
            {
                self.known.insert(entry.id.clone(), entry);
            }
        }
    }

    /// What the user sees: what is known, with what is queued.
    fn shown(&mut self) -> Vec<Activity> {
        // Before the outcomes: what is acknowledged in between is in both.
        let queue = self.outbox.list(&self.owner).queue();
        self.catch_up();
        let mut ids: Vec<&str> = self.known.keys().map(String::as_str).collect();
        for row in queue.rows() {
            if let Command::Log(command) = &row.command
                && !self.known.contains_key(command.id())
            {
                ids.push(command.id());
            }
        }
        ids.iter()
            .filter_map(|id| queue.projected(id, &self.owner.sub, self.known.get(*id)))
            .collect()
    }

    fn unique(&mut self) -> u32 {
        self.count += 1;
        1 + self.setup.device + 2 * (self.setup.start * 1_000 + self.count)
    }

    fn choose(&mut self) -> Option<(Action, Command)> {
        let mine = format!("d{}000000-", self.setup.device);
        let shown: Vec<Activity> = self
            .shown()
            .into_iter()
            .filter(|entry| entry.id.starts_with(&mine) || entry.id.starts_with(SHARED))
            .collect();
        let unique = self.unique();
        let kcal = 1 + unique % MAX_KCAL;
        Some(match self.dice.random_range(0..12) {
            0..=3 => {
                let owner = if self.dice.random_bool(0.4) {
                    SHARED
                } else {
                    mine.as_str()
                };
                let id = format!("{owner}0000-4000-8000-{unique:012x}");
                let Command::Log(LogCommand::Create(mut new)) = create(&id, kcal) else {
                    return None;
                };
                new.entry.date = DAY + self.dice.random_range(0..DAYS).days();
                let command = Command::Log(LogCommand::Create(new));
                (Action::Kcal { id, kcal }, command)
            }
            4..=7 if !shown.is_empty() => {
                let before = &shown[self.dice.random_range(0..shown.len())];
                // In a long run a number comes again.
                if before.entry.kcal == kcal {
                    return None;
                }
                let id = before.id.clone();
                (Action::Kcal { id, kcal }, edit(before, kcal))
            }
            8 if !shown.is_empty() => {
                let gone = shown[self.dice.random_range(0..shown.len())].clone();
                // A deletion that is on its way is known as such only here.
                self.known.remove(&gone.id);
                self.deleted.insert(gone.id.clone());
                (Action::Delete { id: gone.id.clone() }, delete(&gone))
            }
            9 | 10 => {
                let kg = 50.0 + f64::from(unique % 1_000) / 10.0;
                let date: Date = DAY + i64::from(self.setup.device).days();
                let change = WeightChange {
                    date,
                    weight: Some(kg),
                    before: None,
                };
                (Action::Weight { date, kg }, Command::Weight(change))
            }
            11 => self.profile(unique),
            _ => return None,
        })
    }

    /// Each device edits a member of its own.
    fn profile(&mut self, unique: u32) -> (Action, Command) {
        let (action, member) = if self.setup.device == 0 {
            let kcal = 1_000 + unique % 50_000;
            (Action::Target { kcal }, ProfileMember::Target(kcal))
        } else {
            let at = format!("{:02}:{:02}", unique / 60 % 12, unique % 60);
            (
                Action::DayStart { at: at.clone() },
                ProfileMember::DayStartsAt(Some(at)),
            )
        };
        let change = ProfileChange::of(&self.profile, members([member]));
        self.profile = change.applied(self.profile.clone());
        (action, Command::Profile(change))
    }
}
