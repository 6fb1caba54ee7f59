//! What the first frame is drawn from: the session file and the replica, and nothing that would have to be waited for.

use std::thread::{self, Scope, ScopedJoinHandle};

use jiff::Timestamp;
use rand::Rng as _;

use super::{convert, looks, preferences, settings::Settings, time_zone};
use crate::{
    app::{Startup, input::keymap::Keymap, preferences::Preferences},
    embedded,
};
use caltrack_client::{
    config::{BackendKind, Config},
    replica::{Owner, Replica, ReplicaError},
};

/// What is known before any query.
pub(super) struct Known {
    pub(super) startup: Startup,
    /// The replica; in memory alone if its file can't be used.
    pub(super) replica: Option<Replica>,
    /// A notice for the user about keys, themes and the replica.
    pub(super) notice: Option<String>,
}

/// The reading of session and replica in a thread of its own, beside which the terminal is set up.
pub(super) struct Reading<'scope> {
    config: &'scope Config,
    is_light: Option<bool>,
    /// None if the system refuses the thread.
    thread: Option<ScopedJoinHandle<'scope, Known>>,
}

impl<'scope> Reading<'scope> {
    pub(super) fn begin(
        scope: &'scope Scope<'scope, '_>,
        config: &'scope Config,
        is_light: Option<bool>,
    ) -> Self {
        let thread = thread::Builder::new().name("startup".to_owned());
        Self {
            config,
            is_light,
            thread: thread.spawn_scoped(scope, move || read(config, is_light)).ok(),
        }
    }

    /// What is known, for a terminal of this size.
    pub(super) fn wait(self, size: (u16, u16)) -> Known {
        let read_before = self.thread.and_then(|thread| thread.join().ok());
        let mut known = read_before.unwrap_or_else(|| read(self.config, self.is_light));
        known.startup.size = size;
        known
    }
}

/// Reads the session and the replica.
fn read(config: &Config, is_light: Option<bool>) -> Known {
    let (replica, notice) = match Replica::open(&config.data.cache()) {
        Ok(opened) => (Some(opened.replica), opened.notice),
        Err(error) => (Replica::in_memory().ok(), Some(error.to_string())),
    };
    let (keymap, mut problems) = Keymap::rebound(&config.keys);
    let (themes, unusable) = looks::themes(config, is_light);
    let (theme, unknown) = themes.get_or_default(&config.display.theme);
    problems.extend(unusable.into_iter().chain(unknown).chain(notice));
    let notice = (!problems.is_empty()).then(|| problems.join(" · "));
    let mut seed = [0; 32];
    rand::rng().fill(&mut seed);
    let now = Timestamp::now().to_zoned(time_zone::system());
    let mut startup = Startup {
        now: now.clone(),
        size: (0, 0),
        theme,
        themes,
        is_ascii: looks::is_ascii(),
        display: config.display.clone(),
        keymap,
        profile: config.profile.name.clone(),
        is_demo: config.is_demo,
        has_local_account: config.profile.backend == BackendKind::InTheBox,
        account: embedded::remembered_account(config),
        day: None,
        categories: Vec::new(),
        categories_at: None,
        settings: Settings::without_profile(now.time_zone().clone()),
        preferences: Preferences::default(),
        seed,
    };
    if let Some(replica) = &replica
        && let Err(error) = recall(&mut startup, replica)
    {
        tracing::warn!(%error, "the first frame is drawn without the replica");
    }
    Known {
        startup,
        replica,
        notice,
    }
}

fn recall(startup: &mut Startup, replica: &Replica) -> Result<(), ReplicaError> {
    let Some(account) = &startup.account else {
        return Ok(());
    };
    let owner = Owner {
        profile: &startup.profile,
        sub: &account.sub,
    };
    if let Some((categories, at)) = replica.categories(owner)? {
        startup.categories = categories;
        startup.categories_at = Some(at);
    }
    startup.preferences = preferences::recalled(replica, owner);
    let now = startup.now.timestamp();
    startup.settings = Settings::of(replica.profile(owner)?.as_ref(), now);
    let day = replica.day(owner, startup.settings.clock.day_of(now))?;
    startup.day = day.map(convert::day_copy);
    Ok(())
}
