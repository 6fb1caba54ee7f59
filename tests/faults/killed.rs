//! A program that is killed between its mutation and the answer; the next one sends the change again.

use caltrack_domain::outbox::Row;
use std::{
    env,
    path::PathBuf,
    process::{Child, Command as Process, Stdio},
    sync::Arc,
};

use caltrack_client::{
    api::{Client, SessionFile},
    config::DataDir,
    outbox::{ClientApi, Outbox, OutboxOwner, Saved, deliver},
};
use caltrack_domain::{
    Profile,
    outbox::{Command, ProfileChange, ProfileMember, WeightChange, members},
};

use crate::{
    fault_proxy::Fault,
    lab::{DAY, Lab, Way, create, delete, edit, on_port},
};

const DIRECTORY: &str = "CALTRACK_TEST_DIRECTORY";
const PORT: &str = "CALTRACK_TEST_PORT";
const SUB: &str = "CALTRACK_TEST_SUB";

/// The program: it sends what is queued.
#[tokio::test]
#[ignore = "a program that other tests start and kill"]
async fn program() {
    let directory = PathBuf::from(env::var(DIRECTORY).unwrap());
    let session = SessionFile::new(directory.join("session-lab.json"));
    let client = Client::new(on_port(env::var(PORT).unwrap().parse().unwrap()), session).unwrap();
    let owner = OutboxOwner {
        profile: "remote".to_owned(),
        sub: env::var(SUB).unwrap(),
    };
    let data = DataDir::new(directory.join("data"));
    let outbox = Outbox::open(&data.outbox());
    let saved: Saved = outbox.saved(&owner, Vec::new());
    let api = Arc::new(ClientApi::new(&client, &owner));
    deliver(&data, outbox, &owner, &saved, api).await.unwrap();
}

fn start(lab: &Lab) -> Child {
    Process::new(env::current_exe().unwrap())
        .args(["--exact", "killed::program", "--ignored"])
        .env(DIRECTORY, lab.the_box.directory.path())
        .env(PORT, lab.proxy.address().port().to_string())
        .env(SUB, &lab.owner.sub)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Saves a change, and kills the program once its mutation has been executed; the next program sends it again.
async fn sent_across_a_kill(lab: &Lab, command: Command, operation: &str, is_stored: impl AsyncFn() -> bool) {
    lab.proxy.script(operation, [Fault::SilenceAfter]);
    lab.save(command);
    let mut program = start(lab);
    let executed = async {
        while !is_stored().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(1), executed)
        .await
        .unwrap_or_else(|_| panic!("{operation} is not executed"));
    program.kill().unwrap();
    program.wait().unwrap();
    let rows = lab.outbox().list(&lab.owner).rows;
    assert_eq!(rows.iter().map(Row::word).collect::<Vec<_>>(), ["sent"]);
    assert!(start(lab).wait().unwrap().success());
    assert_eq!(lab.outbox().list(&lab.owner).rows, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_killed_before_the_answer_leaves_each_change_stored_once() {
    let lab = Lab::start(Way::Tcp).await;
    let id = uuid::Uuid::now_v7().to_string();
    sent_across_a_kill(&lab, create(&id, 650), "CreateActivity", async || {
        lab.entry(&id).await.is_some()
    })
    .await;
    let created = lab.entry(&id).await.unwrap();
    assert_eq!(created.rev, 1);
    sent_across_a_kill(&lab, edit(&created, 700), "UpdateActivity", async || {
        lab.entry(&id).await.is_some_and(|entry| entry.rev == 2)
    })
    .await;
    let edited = lab.entry(&id).await.unwrap();
    assert_eq!((edited.rev, edited.entry.kcal), (2, 700));
    assert_eq!(lab.totals().await.calories_consumed, 700);
    sent_across_a_kill(&lab, delete(&edited), "DeleteActivity", async || {
        lab.entry(&id).await.is_none()
    })
    .await;
    let weight = Command::Weight(WeightChange {
        date: DAY,
        weight: Some(81.5),
        before: None,
    });
    sent_across_a_kill(&lab, weight, "SetWeight", async || {
        lab.direct.day(DAY).await.unwrap().totals.weight == Some(81.5)
    })
    .await;
    let patch = members([ProfileMember::Target(1_800)]);
    let profile = Command::Profile(ProfileChange::of(&Profile::new("lab"), patch));
    sent_across_a_kill(&lab, profile, "CreateUser", async || {
        let profile = lab.direct.profile().await.unwrap();
        profile.is_some_and(|profile| profile.target == 1_800)
    })
    .await;
    assert_eq!(lab.totals().await.calories_consumed, 0);
    assert_eq!(
        lab.outbox().history(&lab.owner).steps().count(),
        5,
        "nothing collided"
    );
}
