//! Two devices and a backend in virtual time: random commands, late and lost events, a lagging index and lagging totals,
//! failed requests, reconnects and restarts. A run is determined by its seed.

mod answers;
mod commands;
mod phases;
mod world;

use caltrack_client::replica::{CopyState, DayStatus, Replica};
use caltrack_domain::ChangeKind;
use rand::{SeedableRng as _, rngs::StdRng};

use self::world::{LAST, NEWEST, PAGE, World};
use crate::{
    cloud::entry,
    model::{Copy as _, Model},
};

fn models() -> Vec<Model> {
    vec![Model::default(), Model::default()]
}

#[test]
fn two_devices_converge_with_the_backend_whatever_happens() {
    let schedules = std::env::var("CALTRACK_SCHEDULES")
        .ok()
        .and_then(|n| n.parse().ok());
    for seed in 0..schedules.unwrap_or(1_000) {
        let mut world = World::new(seed, models());
        world.play();
        world.assert_equal(seed);
        // The pages of the newest days, and nothing else.
        let pages = world
            .cloud
            .page((Some(NEWEST), None), usize::MAX, i64::MAX)
            .0
            .len()
            .div_ceil(PAGE);
        assert_eq!(world.requests_of_a_reconnect(), [pages.max(1); 2], "seed {seed}");
    }
}

/// An event without totals asks for its day.
#[test]
fn devices_that_stay_live_converge_although_publishes_are_abandoned() {
    for (seed, abandoned) in (0..200).zip([0.0, 0.5, 1.0].into_iter().cycle()) {
        let mut world = World::new(seed, models());
        world.losses = (0.0, abandoned);
        world.play_live();
        world.assert_equal(seed);
    }
}

/// A list that differs from totals is fetched again.
#[test]
fn devices_that_stay_live_converge_although_events_of_entries_are_lost() {
    for seed in 0..200 {
        let mut world = World::new(seed, models());
        world.losses = (0.5, 0.0);
        world.play_live();
        world.assert_equal(seed);
    }
}

/// The version of an erased day begins again, so that events of its next row may pass for older ones.
#[test]
fn devices_that_stay_live_converge_although_days_are_erased() {
    for seed in 0..400 {
        let mut world = World::new(seed, models());
        world.losses = (0.0, 0.0);
        world.erasures = 0.3;
        world.play_live();
        world.assert_equal(seed);
    }
}

#[test]
fn the_replicas_tables_converge_like_the_model() {
    for seed in 0..12 {
        let replicas = vec![Replica::in_memory().unwrap(), Replica::in_memory().unwrap()];
        let mut world = World::new(seed, replicas);
        world.play();
        world.assert_equal(seed);
    }
}

#[test]
fn a_schedule_is_determined_by_its_seed() {
    let requests = |seed| {
        let mut world = World::new(seed, models());
        world.play();
        world
            .devices
            .iter()
            .map(|device| device.requests)
            .collect::<Vec<_>>()
    };
    assert_eq!(requests(7), requests(7));
    assert!((0..5).any(|seed| requests(seed) != requests(7)));
}

/// Six more tries, one by the index of moments, and nothing further until the day changes.
#[test]
fn a_day_that_never_matches_becomes_unverified_and_costs_nothing_further() {
    let mut world = World::new(1, models());
    world.cloud.wrong = Some(LAST);
    let mut dice = StdRng::seed_from_u64(1);
    world.cloud.write(
        (ChangeKind::Created, entry("a", 1, LAST, 650)),
        world.now,
        &mut dice,
    );
    world.quiet = true;
    world.run(world.now + 120_000);
    world.reconnect();
    world.run(world.now + 700_000);
    // Two lists of totals, the day, six tries, and the other index.
    assert_eq!(world.devices[0].requests, 2 + 1 + 6 + 1);
    for device in &world.devices {
        assert_eq!(device.copy.state(LAST), CopyState::Unverified);
        assert_eq!(device.copy.entries(LAST).len(), 1, "it is kept");
    }
    world.reconnect();
    world.run(world.now + 3_600_000);
    assert_eq!(world.devices[0].requests, 10 + 2);
    // It changes, and the totals are right again.
    world.cloud.wrong = None;
    world.cloud.write(
        (ChangeKind::Created, entry("b", 1, LAST, 1)),
        world.now,
        &mut dice,
    );
    world.run(world.now + 120_000);
    world.reconnect();
    world.run(world.now + 3_600_000);
    world.assert_equal(1);
    assert_eq!(world.devices[0].requests, 12 + 3);
    assert_eq!(world.devices[0].copy.unsettled(), Vec::<DayStatus>::new());
}
