//! Two devices that act at random, behind proxies that make faults, while client, sender and host are killed at any
//! instant; at the end, replica, backend and recount are what the devices saved.
//!
//! `CALTRACK_SOAK="10000 1 2 3"` makes 10,000 actions with each of these seeds.

mod actor;
mod device;
mod host;
mod journal;

use std::{
    collections::BTreeMap,
    env,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use caltrack_client::{
    api::Client,
    outbox::{Outbox, OutboxOwner},
    replica::{CopyState, Owner, Replica},
};
use caltrack_domain::{Activity, outbox::RowState};
use jiff::ToSpan as _;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use secrecy::SecretString;
use serde_json::Value;

use self::{
    actor::{DOING, Second, act, doing},
    device::{DAYS, LONG, PROFILE, Setup, client, entries},
    host::Host,
    journal::{Journal, SHARED},
};
use crate::{
    fault_proxy::{Address, FaultProxy, Mix},
    lab::DAY,
    the_box::{PASSWORD, USER},
};

const ACTIONS: usize = 200;

#[test]
fn two_devices_with_faults_and_kills_lose_nothing_and_store_nothing_twice() {
    let soak = env::var("CALTRACK_SOAK").unwrap_or_else(|_| format!("{ACTIONS} 1"));
    let mut numbers = soak
        .split_whitespace()
        .map(|number| number.parse::<u64>().unwrap());
    let actions = usize::try_from(numbers.next().unwrap()).unwrap();
    for seed in numbers {
        let begun = Instant::now();
        let (sender, ended) = mpsc::channel();
        let running = thread::spawn(move || {
            let found = Soak::start(seed).run(actions);
            sender.send(found).unwrap();
        });
        let longest = Duration::from_secs(300 + u64::try_from(actions).unwrap());
        let found = match ended.recv_timeout(longest) {
            Ok(found) => found,
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                std::panic::resume_unwind(running.join().unwrap_err())
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {
                panic!("seed {seed} doesn't end: {:#?}", DOING.lock().unwrap())
            }
        };
        println!("seed {seed}: {found} in {:.0} s", begun.elapsed().as_secs_f64());
    }
}

struct Soak {
    directory: tempfile::TempDir,
    host: Host,
    proxies: Vec<FaultProxy>,
    seed: u64,
}

impl Soak {
    fn start(seed: u64) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let host = Host::start(&directory.path().join("host"));
        let address = Address::Tcp(([127, 0, 0, 1], host.port).into());
        let soak = Self {
            proxies: (0..2)
                .map(|_| FaultProxy::on_tcp(address.clone()).unwrap())
                .collect(),
            directory,
            host,
            seed,
        };
        runtime().block_on(soak.sign_in());
        soak
    }

    fn setup(&self, device: u32) -> Setup {
        Setup {
            directory: self.directory.path().to_owned(),
            device,
            seed: self.seed,
            start: 0,
            actions: 0,
            stays: false,
            proxy: self.proxies[device as usize].address().port(),
            host: self.host.port,
        }
    }

    fn client(&self, device: u32) -> Client {
        client(&self.setup(device).data(), self.host.port)
    }

    async fn sign_in(&self) {
        let password = SecretString::from(PASSWORD);
        for device in 0..2 {
            self.setup(device).data().prepare().unwrap();
            let client = self.client(device);
            if device == 0 {
                client.sign_up(USER, &password, None).await.unwrap();
                let codes = self.directory.path().join("host/backend/codes.jsonl");
                let codes = std::fs::read_to_string(codes).unwrap();
                let code: Value = serde_json::from_str(codes.lines().last().unwrap()).unwrap();
                client
                    .confirm_sign_up(USER, code["code"].as_str().unwrap())
                    .await
                    .unwrap();
            }
            client.sign_in(USER, &password).await.unwrap();
        }
    }

    /// Runs the devices, and kills what runs now and then; returns figures.
    fn run(mut self, actions: usize) -> String {
        let journal = Arc::new(Mutex::new(Journal::default()));
        for (proxy, salt) in self.proxies.iter().zip(1..) {
            proxy.set_mix(Some(Mix::new(StdRng::seed_from_u64(self.seed * 10 + salt), 15)));
        }
        let calm = Arc::new(AtomicBool::new(false));
        let devices: Vec<_> = (0..2)
            .map(|device| {
                let (setup, journal) = (self.setup(device), Arc::clone(&journal));
                let calm = Arc::clone(&calm);
                thread::spawn(move || act(setup, actions / 2, &journal, &calm))
            })
            .collect();
        let mut dice = StdRng::seed_from_u64(self.seed);
        let mut hosts = 0;
        // A kill of the host for about every 100 actions.
        while devices.iter().any(|device| !device.is_finished()) {
            let next = journal.lock().unwrap().saved + dice.random_range(50..150);
            while devices.iter().any(|device| !device.is_finished()) && journal.lock().unwrap().saved < next {
                thread::yield_now();
                if calm.load(Ordering::SeqCst) {
                    for proxy in &self.proxies {
                        proxy.set_mix(None);
                    }
                }
                thread::sleep(Duration::from_millis(5));
            }
            if devices.iter().any(|device| !device.is_finished()) && !calm.load(Ordering::SeqCst) {
                doing("host", "starts".to_owned());
                self.host.kill();
                doing("host", "serves".to_owned());
                hosts += 1;
            }
        }
        let kills: u32 = devices.into_iter().map(|device| device.join().unwrap()).sum();
        for proxy in &self.proxies {
            proxy.set_mix(None);
        }
        let faults: usize = self.proxies.iter().map(FaultProxy::faults).sum();
        let journal = journal.lock().unwrap();
        doing("check", "compares".to_owned());
        let entries = runtime().block_on(self.check(&journal));
        format!(
            "{} actions, {faults} faults, {kills} kills of devices, {hosts} of the host, {entries} entries, 0 differences",
            journal.saved
        )
    }

    async fn check(&self, journal: &Journal) -> usize {
        let seed = self.seed;
        let direct = self.client(0);
        let stored = entries(&direct).await;
        let kcal: BTreeMap<String, u32> = stored
            .iter()
            .map(|entry| (entry.id.clone(), entry.entry.kcal))
            .collect();
        assert_eq!(kcal.len(), stored.len(), "seed {seed}: an entry is there twice");
        let mut weights = BTreeMap::new();
        let mut days: BTreeMap<_, Vec<Activity>> = BTreeMap::new();
        for entry in &stored {
            days.entry(entry.entry.date).or_default().push(entry.clone());
        }
        for back in 0..DAYS {
            let date = DAY + back.days();
            let own = days.entry(date).or_default();
            own.sort_by(Activity::log_order);
            let recount: i64 = own.iter().map(|entry| i64::from(entry.entry.kcal)).sum();
            let begun = Instant::now();
            let totals = loop {
                let totals = direct.day(date).await.unwrap().totals;
                if totals.digest.unwrap_or_default() == caltrack_domain::digest(&*own) {
                    break totals;
                }
                assert!(begun.elapsed() < LONG, "seed {seed}: {totals:?} of {own:#?}");
                tokio::time::sleep(Duration::from_millis(10)).await;
            };
            assert_eq!(totals.calories_consumed, recount, "seed {seed}: totals of {date}");
            weights.extend(totals.weight.map(|weight| (date, weight)));
        }
        let profile = direct.profile().await.unwrap();
        for device in 0..2 {
            self.check_queue(device);
        }
        let found = journal.differences(
            &kcal,
            &weights,
            profile.as_ref().map(|profile| profile.target),
            profile
                .as_ref()
                .and_then(|profile| profile.day_starts_at.as_ref()),
        );
        assert!(found.is_empty(), "seed {seed}: {found:#?}");
        for device in 0..2 {
            self.check_device(device, &days).await;
        }
        stored.len()
    }

    /// Nothing waits, and what was rejected says why: only a change of an entry that the other device deleted can be.
    fn check_queue(&self, device: u32) {
        let owner = OutboxOwner {
            profile: PROFILE.to_owned(),
            sub: self.client(device).account().unwrap().sub,
        };
        let listing = Outbox::open(&self.setup(device).data().outbox()).list(&owner);
        assert_eq!(listing.unreadable, [0; 0]);
        for row in listing.rows {
            let id = match &row.command {
                caltrack_domain::outbox::Command::Log(command) => command.id(),
                _ => "",
            };
            assert!(
                matches!(&row.state, RowState::Rejected(rejection) if !rejection.text.is_empty() && id.starts_with(SHARED)),
                "seed {}: {row:?}",
                self.seed
            );
        }
    }

    async fn check_device(&self, device: u32, days: &BTreeMap<jiff::civil::Date, Vec<Activity>>) {
        let seed = self.seed;
        let data = self.setup(device).data();
        let sub = self.client(device).account().unwrap().sub;
        // Sync brings the copy up to date.
        let program = Second::start(&self.setup(device));
        let replica = Replica::open(&data.path().join("cache.db")).unwrap().replica;
        let copied = async {
            for (date, entries) in days.iter().filter(|(_, entries)| !entries.is_empty()) {
                while replica
                    .day(
                        Owner {
                            profile: PROFILE,
                            sub: &sub,
                        },
                        *date,
                    )
                    .unwrap()
                    .is_none_or(|day| day.state != CopyState::Complete || day.entries != *entries)
                {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
        };
        let done = tokio::time::timeout(LONG, copied).await;
        drop(program);
        assert!(done.is_ok(), "seed {seed}: the copy of device {device} differs");
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
