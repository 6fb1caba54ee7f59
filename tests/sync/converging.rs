//! Whatever two devices do, both replicas become what the backend has.

use std::collections::BTreeMap;

use caltrack_client::{api::ConnectionState, replica::CopyState};
use caltrack_domain::{Activity, ActivityPatch, Entry, NewActivity, digest};
use jiff::{ToSpan as _, civil::Date};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use crate::{
    device::{Device, soon},
    the_box::TheBox,
};

pub(crate) const LAST: Date = jiff::civil::date(2026, 11, 23);

pub(crate) fn new(date: Date, kcal: u32) -> NewActivity {
    let moment = date.at(12, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
    NewActivity::new(
        uuid::Uuid::now_v7().to_string(),
        Entry {
            name: Some(format!("dish {}", kcal % 50)),
            ..Entry::new(date, moment, "Food", "Lunch", kcal)
        },
    )
}

/// A delete and its undo have the same number of entries and the same kcal.
#[tokio::test(flavor = "multi_thread")]
async fn a_delete_and_its_undo_on_one_device_reach_the_other() {
    let the_box = TheBox::start().await;
    let mut one = Device::start(&the_box, "one", LAST).await;
    let mut two = Device::start(&the_box, "two", LAST).await;
    for device in [&mut one, &mut two] {
        device.until(ConnectionState::Live).await;
    }
    let lunch = one.create(&new(LAST, 650)).await;
    let dinner = one.create(&new(LAST, 500)).await;
    let mut both = vec![lunch.clone(), dinner.clone()];
    both.sort_by(Activity::log_order);
    for device in [&one, &two] {
        device.until_day(LAST, &both).await;
    }
    // While the other one is away.
    two.proxy.set_up(false);
    two.until(ConnectionState::Offline).await;
    one.delete(&lunch).await;
    let again = one.create(&new(LAST, 650)).await;
    two.proxy.set_up(true);
    two.until(ConnectionState::Live).await;
    let mut after = vec![dinner, again];
    after.sort_by(Activity::log_order);
    for device in [&one, &two] {
        device.until_day(LAST, &after).await;
    }
    let found = two.file();
    let owner = caltrack_client::replica::Owner {
        profile: "local",
        sub: &two.sub,
    };
    assert_eq!(found.search(owner, "dish", 9).unwrap().len(), 2);
}

/// What the backend has, day by day.
async fn stored(device: &Device, from: Date) -> BTreeMap<Date, Vec<Activity>> {
    let mut days: BTreeMap<Date, Vec<Activity>> = BTreeMap::new();
    let mut token = None;
    loop {
        let page = device.client.entries_page(from, LAST, token).await.unwrap();
        for entry in page.rows {
            days.entry(entry.entry.date).or_default().push(entry);
        }
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    for day in days.values_mut() {
        day.sort_by(Activity::log_order);
    }
    days
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_that_two_devices_change_at_random_converges_at_few_requests() {
    let first = LAST - 364.days();
    let the_box = TheBox::start().await;
    let mut devices = vec![
        Device::start(&the_box, "one", LAST).await,
        Device::start(&the_box, "two", LAST).await,
    ];
    let mut dice = StdRng::seed_from_u64(7);
    let mut known: Vec<Activity> = Vec::new();
    for round in 0..6 {
        for _ in 0..40 {
            let device = &devices[dice.random_range(0..2)];
            let date = LAST - i64::from(dice.random_range(0..365_u32)).days();
            let kcal = dice.random_range(1..900);
            match dice.random_range(0..6) {
                0 if !known.is_empty() => {
                    let gone = known.swap_remove(dice.random_range(0..known.len()));
                    device.delete(&gone).await;
                }
                1 | 2 if !known.is_empty() => {
                    let before = known[dice.random_range(0..known.len())].clone();
                    let patch = ActivityPatch {
                        kcal: Some(kcal),
                        date: dice.random_bool(0.5).then_some(date),
                        ..ActivityPatch::default()
                    };
                    device.update(&before, &patch).await;
                }
                _ => known.push(device.create(&new(date, kcal)).await),
            }
        }
        // One loses its connection, and another one is restarted now and then.
        let device = &mut devices[round % 2];
        device.proxy.set_up(false);
        device.until(ConnectionState::Offline).await;
        device.proxy.set_up(true);
        if round == 3 {
            devices[0] = Device::start(&the_box, "one", LAST).await;
        }
    }
    let backend = stored(&devices[0], first).await;
    for device in &mut devices {
        device.until(ConnectionState::Live).await;
        for back in 0..365_i64 {
            let date = LAST - back.days();
            let entries = backend.get(&date).map_or(&[][..], Vec::as_slice);
            if !entries.is_empty() || device.day(date).await.1 != CopyState::Absent {
                device.until_day(date, entries).await;
            }
        }
    }
    // The totals are a recount.
    for totals in devices[0].client.totals(first, LAST).await.unwrap() {
        let entries = backend.get(&totals.date).map_or(&[][..], Vec::as_slice);
        let kcal: i64 = entries.iter().map(|entry| i64::from(entry.entry.kcal)).sum();
        assert_eq!(
            (totals.calories_consumed, totals.entries, totals.digest),
            (kcal, u32::try_from(entries.len()).ok(), Some(digest(entries))),
            "{}",
            totals.date
        );
    }
    requests_of_reconnects(&mut devices).await;
}

/// The screens add one, for the target.
async fn requests_of_reconnects(devices: &mut [Device]) {
    let [one, two] = devices else { unreachable!() };
    two.rest().await;
    // Nothing new.
    let before = reconnected(two, async || {}).await;
    assert_eq!(two.proxy.requests() - before, 1);
    // One day is changed.
    let before = reconnected(two, async || {
        one.create(&new(LAST, 1)).await;
        one.until_settled().await;
    })
    .await;
    let (expected, _) = one.day(LAST).await;
    two.until_day(LAST, &expected).await;
    assert_eq!(two.proxy.requests() - before, 2);
}

/// Cuts a device's connection, has something happen, and restores it; returns its requests before. The totals are listed by
/// then.
async fn reconnected(device: &mut Device, meanwhile: impl AsyncFnOnce()) -> usize {
    device.until_settled().await;
    device.proxy.set_up(false);
    device.until(ConnectionState::Offline).await;
    meanwhile().await;
    let (before, responses) = (device.proxy.requests(), device.proxy.responses());
    device.proxy.set_up(true);
    device.until(ConnectionState::Live).await;
    soon(async {
        while device.proxy.responses() == responses {
            tokio::task::yield_now().await;
        }
    })
    .await;
    before
}
