//! Two devices that act at random, behind proxies that make faults, while client, sender and host are killed at any
//! instant; at the end, replica, backend and recount are what the devices saved.
//!
//! `CALTRACK_SOAK="10000 1 2 3"` makes 10,000 actions with each of these seeds.

mod device;
mod journal;

use std::{
    collections::BTreeMap,
    env,
    fs::File,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
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
    device::{DAYS, LONG, PROFILE, Setup, client, entries},
    journal::{Action, Journal, Line, SHARED},
};
use crate::{
    fault_proxy::{Address, FaultProxy, Mix},
    lab::DAY,
    the_box::{PASSWORD, USER},
};

const ACTIONS: usize = 200;

/// What each thread does, for a run that doesn't end.
static DOING: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

fn doing(who: impl ToString, what: impl ToString) {
    DOING.lock().unwrap().insert(who.to_string(), what.to_string());
}

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
        let longest = Duration::from_secs(300 + actions as u64);
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

/// The box in a process of its own.
struct Host {
    directory: PathBuf,
    port: u16,
    process: Child,
}

impl Host {
    fn start(directory: &Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        Self {
            directory: directory.to_owned(),
            port,
            process: Self::serve(directory, port),
        }
    }

    fn serve(directory: &Path, port: u16) -> Child {
        let mut process = Command::new(env!("CARGO_BIN_EXE_caltrack-tui"))
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data-dir"])
            .arg(directory)
            .env_remove("CALTRACK_PROFILE")
            .env_remove("CALTRACK_CONFIG")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It prints a line once it listens.
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(line.contains("graphqlEndpoint"), "{line}");
        process
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process = Self::serve(&self.directory, self.port);
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
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
                doing("host", "starts");
                self.host.kill();
                doing("host", "serves");
                hosts += 1;
            }
        }
        let kills: u32 = devices.into_iter().map(|device| device.join().unwrap()).sum();
        for proxy in &self.proxies {
            proxy.set_mix(None);
        }
        let faults: usize = self.proxies.iter().map(FaultProxy::faults).sum();
        let journal = journal.lock().unwrap();
        doing("check", "compares");
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

/// Runs a device until it has done its actions; kills it now and then. A second program on its data directory follows the
/// first or sends for it, and is killed as well. Returns the number of kills.
fn act(mut setup: Setup, actions: usize, journal: &Mutex<Journal>, calm: &AtomicBool) -> u32 {
    let mut dice = StdRng::seed_from_u64(setup.seed + 100 + u64::from(setup.device));
    let mut second = Second::start(&setup);
    let (mut done, mut kills) = (0, 0);
    while done < actions {
        setup.start += 1;
        setup.actions = actions - done;
        let (last, last_of_second) = (dice.random_range(10..60), dice.random_range(10..60));
        let mut program = start(&setup);
        doing(
            setup.device,
            format!("start {} as process {}", setup.start, program.id()),
        );
        let out = BufReader::new(program.stdout.take().unwrap());
        let (mut tried, mut lines): (Option<Action>, usize) = (None, 0);
        let mut is_killed = false;
        for line in out.lines().map_while(Result::ok) {
            let Ok(line) = serde_json::from_str::<Line>(&line) else {
                continue;
            };
            match line {
                Line::Try(action) => {
                    journal.lock().unwrap().try_out(&action);
                    tried = Some(action);
                }
                Line::Saved => {
                    journal.lock().unwrap().save(&tried.take().expect("tried before"));
                    done += 1;
                }
            }
            lines += 1;
            if done < actions && (lines == last || lines == last_of_second) {
                // At any instant of what follows.
                for _ in 0..dice.random_range(0..200_000) {
                    std::hint::spin_loop();
                }
                kills += 1;
                if lines == last {
                    program.kill().unwrap();
                    is_killed = true;
                } else {
                    second = second.killed();
                }
            }
        }
        doing(setup.device, format!("end of {}, {done} actions", setup.start));
        let ended = program.wait().unwrap();
        if ended.success() {
            done = actions;
        } else {
            assert!(is_killed, "{}", report(&setup));
        }
    }
    // What is queued goes out without faults.
    doing(setup.device, "sends the rest");
    calm.store(true, Ordering::SeqCst);
    setup.actions = 0;
    setup.start += 1;
    assert!(start(&setup).wait().unwrap().success(), "{}", report(&setup));
    kills
}

/// The second program of a device, which saves nothing.
struct Second {
    setup: Setup,
    process: Child,
}

impl Second {
    fn start(device: &Setup) -> Self {
        let setup = Setup {
            stays: true,
            actions: 0,
            ..device.clone()
        };
        Self {
            process: start(&setup),
            setup,
        }
    }

    /// Kills it, and starts the next one.
    fn killed(mut self) -> Self {
        assert!(
            self.process.try_wait().unwrap().is_none(),
            "{}",
            report(&self.setup)
        );
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        Self::start(&self.setup)
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a device wrote before it failed.
fn report(setup: &Setup) -> String {
    let log = std::fs::read_to_string(setup.log()).unwrap_or_default();
    format!("seed {}: device {} failed: {log}", setup.seed, setup.device)
}

fn start(setup: &Setup) -> Child {
    let (name, value) = setup.variable();
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "soak::device::program", "--ignored", "--nocapture"])
        .env(name, value)
        .stdout(Stdio::piped())
        .stderr(File::create(setup.log()).unwrap())
        .spawn()
        .unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
