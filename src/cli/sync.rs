//! Catching up: this computer's copy of the log becomes what the backend has.

use std::{collections::BTreeSet, time::Duration};

use caltrack_domain::outbox::Library;
use jiff::civil::Date;
use tokio::sync::mpsc;

use super::{context::CommandContext, error::CommandError, local_log::LocalLog};
use caltrack_client::{
    api::ApiError,
    replica::{Owner, Replica},
    sync::{self, Report},
};

/// The capacity of the channel of reports, which are drained and discarded.
const MAX_REPORTS: usize = 1;

impl CommandContext<'_> {
    /// Catches up with the backend, within a time; returns the days that were fetched.
    pub(super) async fn catch_up(
        &self,
        local: &LocalLog<'_>,
        patience: Duration,
    ) -> Result<BTreeSet<Date>, CommandError> {
        let replica = Replica::open(&local.config.data.cache())
            .map_err(|error| CommandError::storage(error.to_string()))?
            .replica;
        let (sender, reports) = mpsc::channel::<Report>(MAX_REPORTS);
        // No day is shown, so none is reported.
        drop(reports);
        let (replica, thread) = sync::start(replica, local.config.profile.name.clone(), sender);
        let caught_up = async {
            self.ready().await?;
            let sub = &local.account.sub;
            let days = sync::catch_up(&self.once, &replica, sub).await?;
            // The log is complete without it.
            if let Ok(Some(user)) = self.once.user().await {
                let keep = move |replica: &mut Replica, owner: Owner<'_>| {
                    replica.save_profile(owner, Some(&user.profile))?;
                    let Some(fetched) = user.library else {
                        return Ok(());
                    };
                    let merge = |library: &mut Library| library.merge(&fetched);
                    replica.change_library(owner, merge).map(drop)
                };
                replica.run(sub, keep).await;
            }
            Ok(days)
        };
        let result = tokio::time::timeout(patience, caught_up).await;
        drop(replica);
        thread.join();
        result.unwrap_or_else(|_| Err(ApiError::Unreachable("no response in time".to_owned()).into()))
    }
}
