//! What this computer knows of a user's log without the backend: the replica, and the queue of the outbox over it.

use std::{cell::RefCell, collections::BTreeMap};

use caltrack_domain::{
    Account, Activity, Category, LogCommand, Profile,
    outbox::{Command, Known, Row},
};
use jiff::{Timestamp, civil::Date};

use crate::runtime::settings::Settings;
use caltrack_client::{
    config::Config,
    outbox::{Listing, Outbox, OutboxOwner},
    replica::{Change, Found, Owner, Replica, ReplicaError},
};

/// The log of a user as this computer knows it. A replica that can't be used knows nothing.
pub(super) struct LocalLog<'a> {
    pub(super) config: &'a Config,
    pub(super) account: &'a Account,
    replica: &'a RefCell<Option<Replica>>,
    outbox: &'a RefCell<Option<Outbox>>,
}

impl<'a> LocalLog<'a> {
    /// `replica` and `outbox` are opened at their first use, and stay open for the next one.
    pub(super) const fn new(
        config: &'a Config,
        account: &'a Account,
        replica: &'a RefCell<Option<Replica>>,
        outbox: &'a RefCell<Option<Outbox>>,
    ) -> Self {
        Self {
            config,
            account,
            replica,
            outbox,
        }
    }

    /// Runs an operation on the replica; none if it fails, which is logged.
    pub(super) fn replica<T>(
        &self,
        operation: impl FnOnce(&mut Replica, Owner<'_>) -> Result<T, ReplicaError>,
    ) -> Option<T> {
        let owner = Owner {
            profile: &self.config.profile.name,
            sub: &self.account.sub,
        };
        let mut cell = self.replica.borrow_mut();
        let run = |cell: &mut Option<Replica>| {
            let replica = match cell {
                Some(replica) => replica,
                None => cell.insert(Replica::open(&self.config.data.cache())?.replica),
            };
            operation(replica, owner)
        };
        run(&mut cell)
            .inspect_err(|error| tracing::warn!(%error, "an operation of the replica failed"))
            .ok()
    }

    /// The owner of the user's rows in the outbox.
    pub(super) fn owner(&self) -> OutboxOwner {
        OutboxOwner {
            profile: self.config.profile.name.clone(),
            sub: self.account.sub.clone(),
        }
    }

    /// The queue of the outbox; empty without a file.
    pub(super) fn listing(&self) -> Listing {
        let path = self.config.data.outbox();
        let mut kept = self.outbox.borrow_mut();
        if kept.is_none() && path.exists() {
            *kept = Some(Outbox::open(&path));
        }
        kept.as_ref()
            .map_or_else(Listing::default, |outbox| outbox.list(&self.owner()))
    }

    /// An entry with what is queued.
    pub(super) fn entry(&self, id: &str) -> Known {
        let found = self.replica(|replica, owner| replica.find(owner, id)).flatten();
        let stored = match &found {
            Some(Found::Stored(held)) => Some(&held.activity),
            Some(Found::Removed(_)) | None => None,
        };
        let queue = self.listing().queue();
        if let Some(activity) = queue.projected(id, &self.account.sub, stored) {
            return Known::Stored(activity);
        }
        match found {
            Some(_) => Known::Deleted,
            None if is_pending(queue.rows(), id) => Known::Deleted,
            None => Known::Unknown,
        }
    }

    /// A new entry that is queued under this id, and its row.
    pub(super) fn queued_create(&self, id: &str) -> Option<(u64, Activity)> {
        let listing = self.listing();
        let row = listing.rows.iter().find(|row| {
            row.is_pending() && matches!(&row.command, Command::Log(LogCommand::Create(new)) if new.id == id)
        })?;
        let activity = listing.queue().projected(id, &self.account.sub, None)?;
        Some((row.number, activity))
    }

    /// Whether changes of an entry are queued.
    pub(super) fn is_pending(&self, id: &str) -> bool {
        is_pending(&self.listing().rows, id)
    }

    /// An entry as the replica has it, without what is queued.
    pub(super) fn stored(&self, id: &str) -> Known {
        match self.replica(|replica, owner| replica.find(owner, id)).flatten() {
            Some(Found::Stored(held)) => Known::Stored(held.activity),
            Some(Found::Removed(_)) => Known::Deleted,
            None => Known::Unknown,
        }
    }

    #[expect(clippy::option_option, reason = "no profile, and an unknown one")]
    /// The profile as it will be once all is sent: `Some(None)` if the user has none, `None` if that is unknown.
    pub(super) fn profile(&self) -> Option<Option<Profile>> {
        let stored = self
            .replica(|replica, owner| replica.known_profile(owner))
            .flatten();
        let listing = self.listing();
        let pending = listing.rows.iter().filter(|row| row.is_pending());
        pending.fold(stored, |profile, row| match &row.command {
            Command::Profile(change) => {
                let profile = profile.flatten();
                let profile = profile.unwrap_or_else(|| Profile::new(&self.account.username));
                Some(Some(change.applied(profile)))
            }
            Command::Log(_) | Command::Weight(_) | Command::Library(_) => profile,
        })
    }

    /// The weights of days, those that are queued included.
    pub(super) fn weights(&self) -> Vec<(Date, f64)> {
        let stored = self.replica(|replica, owner| replica.weights(owner));
        let mut weights: BTreeMap<Date, f64> = stored.into_iter().flatten().collect();
        for row in self.listing().rows.iter().filter(|row| row.is_pending()) {
            if let Command::Weight(change) = &row.command {
                match change.weight {
                    Some(weight) => weights.insert(change.date, weight),
                    None => weights.remove(&change.date),
                };
            }
        }
        weights.into_iter().collect()
    }

    /// The settings of the profile at a moment; the defaults if the profile is unknown.
    pub(super) fn settings(&self, now: Timestamp) -> Settings {
        Settings::of(self.profile().flatten().as_ref(), now)
    }

    /// The categories, with the moment when they were fetched.
    pub(super) fn categories(&self) -> Option<(Vec<Category>, Timestamp)> {
        self.replica(|replica, owner| replica.categories(owner)).flatten()
    }

    /// Stores what the backend has acknowledged.
    pub(super) fn apply(&self, changes: Vec<Change>) {
        if !changes.is_empty() {
            self.replica(|replica, owner| replica.apply(owner, changes, Timestamp::now()));
        }
    }
}

/// Whether changes of an entry are among the rows that are to be sent.
fn is_pending(rows: &[Row], id: &str) -> bool {
    rows.iter()
        .any(|row| row.is_pending() && matches!(&row.command, Command::Log(command) if command.id() == id))
}
