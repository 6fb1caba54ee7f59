//! What the tasks of effects use.

use std::{path::PathBuf, sync::Arc};

use super::event::Event;
use crate::embedded::ShareHandle;
use caltrack_client::{
    api::Client,
    config::{Config, DataDir},
    outbox::OutboxOwner,
    sync::ReplicaHandle,
};

/// What the tasks of effects use. Cloning shares it.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub(super) client: Client,
    /// This program's share in the box; none on a remote profile.
    pub(super) share: Option<ShareHandle>,
    pub(super) replica: ReplicaHandle<Event>,
    pub(super) data: DataDir,
    /// The configuration file, which may be absent.
    pub(super) config_file: PathBuf,
    /// The configuration of this run.
    pub(super) config: Arc<Config>,
    /// The name of the profile.
    pub(super) profile: String,
}

impl Context {
    /// Whether this computer hosts the backend.
    pub(super) const fn is_in_the_box(&self) -> bool {
        self.share.is_some()
    }

    /// The owner of the signed-in user's rows in the outbox.
    pub(super) fn owner(&self) -> Option<OutboxOwner> {
        Some(OutboxOwner {
            profile: self.profile.clone(),
            sub: self.sub()?,
        })
    }

    /// The `sub` of the signed-in user.
    pub(super) fn sub(&self) -> Option<String> {
        self.client.account().map(|account| account.sub)
    }
}
