//! A day whose list never matches its totals, because of a fault between the box and the device.

use std::{process::Command, time::Duration};

use caltrack_client::{api::ConnectionState, sync::Clock as _};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde_json::Value;

use crate::{
    converging::{LAST, new},
    device::{Device, soon},
    the_box::TheBox,
};

/// The totals of the newest days and of the older ones; the day and six more tries; the day and the other index.
const REQUESTS: usize = 2 + 7 + 2;

/// Lets time pass, but none while a request is in flight or its answer is being stored, until a condition holds.
async fn until(device: &Device, reached: impl AsyncFn() -> bool) {
    soon(async {
        while !reached().await {
            // What was answered takes its way through the replica's thread.
            for _ in 0..4 {
                device.day(LAST).await;
            }
            if device.proxy.in_flight() == 0 {
                device.tick().await;
            }
        }
    })
    .await;
}

/// What `doctor` reports of the copy of the log in a data directory.
fn diagnosis(directory: &std::path::Path) -> String {
    let doctor = Command::new(env!("CARGO_BIN_EXE_caltrack-tui"))
        .args(["doctor", "--json", "--data-dir"])
        .arg(directory)
        .env_remove("CALTRACK_PROFILE")
        .env_remove("CALTRACK_CONFIG")
        .output()
        .unwrap();
    let checks: Value = serde_json::from_slice(&doctor.stdout).unwrap();
    let mut checks = checks.as_array().unwrap().iter();
    let copy = checks.find(|check| check["check"] == "copy of the log").unwrap();
    copy["message"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_never_matches_is_unverified_after_its_tries_named_by_doctor_and_costs_nothing_further() {
    let the_box = TheBox::start().await;
    let honest = Device::start(&the_box, "honest", LAST).await;
    let lunch = honest.create(&new(LAST, 650)).await;
    honest.until_day(LAST, std::slice::from_ref(&lunch)).await;
    drop(honest);

    let mut device = Device::start(&the_box, "cache", LAST).await;
    let other = lunch.id.replace(&lunch.id[24..], "000000000000");
    device.proxy.falsify(&lunch.id, &other);
    device.until(ConnectionState::Live).await;
    let began: Timestamp = device.clock.now();
    until(&device, async || device.unverified().await == [LAST]).await;
    let took = device.clock.now().duration_since(began);
    assert!(took <= SignedDuration::from_mins(10), "{took}");
    assert_eq!(device.proxy.requests(), REQUESTS);
    assert_eq!(device.day(LAST).await.0[0].id, other, "it is kept");

    for _ in 0..600 {
        device.clock.advance(Duration::from_mins(1));
        device.day(LAST).await;
    }
    assert_eq!(device.proxy.requests(), REQUESTS);
    // A reconnect lists the newest totals, and nothing else.
    device.proxy.set_up(false);
    device.until(ConnectionState::Offline).await;
    device.proxy.set_up(true);
    until(&device, async || device.proxy.requests() == REQUESTS + 1).await;
    device.rest().await;
    assert_eq!(device.proxy.requests(), REQUESTS + 1);

    let directory = the_box.directory.path().to_owned();
    drop(device);
    let directory_guard = the_box.stop().await;
    let session = directory.join("session-cache.json");
    std::fs::copy(session, directory.join("session-local.json")).unwrap();
    let said = tokio::task::spawn_blocking(move || diagnosis(&directory))
        .await
        .unwrap();
    let day: Date = LAST;
    assert_eq!(said, format!("unverified days: {day}"));
    drop(directory_guard);
}
