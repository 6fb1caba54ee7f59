//! Filling a new data directory with a year: the box, and this computer's copy of it.

use caltrack_domain::{
    Account, Profile, TargetChange, TargetKcal,
    outbox::{Answer, Command, ProfileChange, ProfileMember, members},
};
use jiff::{Timestamp, ToSpan as _};
use tokio::sync::{mpsc, oneshot};

use super::year::Year;
use crate::{
    app::Failure,
    embedded::{self, AccountProblem, FillError, Role},
    runtime::{self, Connected},
};
use caltrack_client::{
    api::{Client, SignIn},
    config::Config,
    replica::{Owner, Replica, ReplicaError},
    sync::{self, Report},
};

/// Days after the first one on which the target changes.
const TARGET_CHANGES: [(i64, TargetKcal); 3] = [
    (0, TargetKcal::Daily(2_100)),
    (120, TargetKcal::Daily(2_000)),
    (
        250,
        TargetKcal::Weekly([1_900, 1_900, 1_900, 1_900, 2_000, 2_300, 2_100]),
    ),
];

/// Creates the account of a new data directory with this log, and copies it to the replica, so that the first frame has all
/// of it. Ends early once `stop` is sent; its box has released the directory by then.
///
/// # Errors
///
/// The directory can't be used, or the backend in it doesn't take the log.
pub async fn fill(config: &Config, year: Year, stop: oneshot::Receiver<()>) -> Result<(), Failure> {
    let Year {
        entries,
        weights,
        first,
    } = year;
    let account = embedded::create_filled(&config.data, entries, weights).await?;
    let Connected { client, embedded, .. } = runtime::connect(config, Role::Command, || ())?;
    let filling = async {
        if let Some(embedded) = &embedded {
            embedded.readiness().wait().await?;
        }
        let SignIn::Done(_) = embedded::open_account(&client, &config.data).await? else {
            return Err(runtime::internal(
                "the new account requires more than its password",
            ));
        };
        set_profile(&client, &account, first).await?;
        copy(config, &client, &account).await
    };
    let result = tokio::select! {
        result = filling => result,
        // Without a sender it is never stopped.
        () = stopped(stop) => Ok(()),
    };
    if let Some(embedded) = embedded {
        embedded.end().await;
    }
    result
}

/// Completes once it is sent.
async fn stopped(stop: oneshot::Receiver<()>) {
    if stop.await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn set_profile(client: &Client, account: &Account, first: jiff::civil::Date) -> Result<(), Failure> {
    let targets = TARGET_CHANGES
        .into_iter()
        .map(|(after, kcal)| TargetChange {
            from: first.saturating_add(after.days()),
            kcal,
        })
        .collect();
    let patch = members([
        ProfileMember::Height(Some(178.0)),
        ProfileMember::Weight(Some(79.4)),
        ProfileMember::Target(2_000),
        ProfileMember::Targets(targets),
    ]);
    let change = ProfileChange::of(&Profile::new(&account.username), patch);
    match client.send(&account.sub, &Command::Profile(change)).await {
        Answer::Acknowledged(_) => Ok(()),
        answer => Err(runtime::internal(format!(
            "the profile was not taken: {answer:?}"
        ))),
    }
}

/// Copies the whole log to the replica.
async fn copy(config: &Config, client: &Client, account: &Account) -> Result<(), Failure> {
    let owner = Owner {
        profile: &config.profile.name,
        sub: &account.sub,
    };
    let replica = Replica::open(&config.data.cache()).map_err(unusable)?.replica;
    let profile = client.profile().await?;
    replica.save_profile(owner, profile.as_ref()).map_err(unusable)?;
    let categories = client.categories().await?;
    replica
        .save_categories(owner, &categories, Timestamp::now())
        .map_err(unusable)?;
    let (sender, reports) = mpsc::channel::<Report>(1);
    // No day is shown, so none is reported.
    drop(reports);
    let (replica, thread) = sync::start(replica, config.profile.name.clone(), sender);
    let copied = sync::catch_up(client, &replica, &account.sub).await;
    drop(replica);
    thread.join();
    copied?;
    Ok(())
}

fn unusable(error: ReplicaError) -> Failure {
    runtime::internal(error)
}

impl From<FillError> for Failure {
    fn from(error: FillError) -> Self {
        match error {
            FillError::Box(error) => error.into(),
            FillError::Account(error) => AccountProblem::into(error),
        }
    }
}
