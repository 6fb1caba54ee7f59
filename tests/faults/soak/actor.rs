//! The processes of a device, and when they are killed.

use std::{
    collections::BTreeMap,
    env,
    fs::File,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use super::{
    device::Setup,
    journal::{Action, Journal, Line},
};

/// What each thread does, for a run that doesn't end.
pub(super) static DOING: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

pub(super) fn doing(who: &str, what: String) {
    DOING.lock().unwrap().insert(who.to_owned(), what);
}

/// Runs a device until it has done its actions; kills it now and then. A second program on its data directory follows the
/// first or sends for it, and is killed as well. Returns the number of kills.
pub(super) fn act(mut setup: Setup, actions: usize, journal: &Mutex<Journal>, calm: &AtomicBool) -> u32 {
    let mut dice = StdRng::seed_from_u64(setup.seed + 100 + u64::from(setup.device));
    let mut second = Second::start(&setup);
    let name = format!("device {}", setup.device);
    let (mut done, mut kills) = (0, 0);
    while done < actions {
        setup.start += 1;
        setup.actions = actions - done;
        let (last, last_of_second) = (dice.random_range(10..60), dice.random_range(10..60));
        let mut program = start(&setup);
        doing(
            &name,
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
        doing(&name, format!("end of {}, {done} actions", setup.start));
        let ended = program.wait().unwrap();
        if ended.success() {
            done = actions;
        } else {
            assert!(is_killed, "{}", report(&setup));
        }
    }
    // What is queued goes out without faults.
    doing(&name, "sends the rest".to_owned());
    calm.store(true, Ordering::SeqCst);
    setup.actions = 0;
    setup.start += 1;
    assert!(start(&setup).wait().unwrap().success(), "{}", report(&setup));
    kills
}

/// The second program of a device, which saves nothing.
pub(super) struct Second {
    setup: Setup,
    process: Child,
}

impl Second {
    pub(super) fn start(device: &Setup) -> Self {
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
