//! `doctor --recover`: a damaged outbox or cache is kept beside a new file. Nothing else does this to an outbox.

use super::check::Check;
use crate::cli::prompt::Prompter;
use caltrack_client::{
    config::Config,
    outbox::{self, OutboxError, Recovery},
    replica::Replica,
};

/// What was done about the outbox and the cache.
pub(super) async fn run(config: &Config) -> [Check; 2] {
    [outbox(config).await, cache(config)]
}

async fn outbox(config: &Config) -> Check {
    const NAME: &str = "recover outbox";
    let path = config.data.outbox();
    if !path.exists() {
        return Check::ok(NAME, "there is none");
    }
    let recovered = match outbox::recover(&path, false) {
        Err(newer @ OutboxError::Newer { .. }) => {
            let question = format!("{newer}. Keep it beside a new one with all that this version can read?");
            match Prompter::at_terminal().confirmed(&question).await {
                Ok(Some(true)) => outbox::recover(&path, true),
                Ok(Some(false) | None) => Err(newer),
                Err(error) => return Check::failed(NAME, error),
            }
        }
        recovered => recovered,
    };
    match recovered {
        Ok(Recovery { kept: None, .. }) => Check::ok(NAME, "outbox.db is not damaged; nothing was changed"),
        Ok(Recovery {
            kept: Some(old),
            rows,
            steps,
        }) => Check::warn(
            NAME,
            format!(
                "outbox.db is new, with {rows} changes of the queue and {steps} steps of the undo history that could be read; the \
                 old file is {}",
                old.display()
            ),
            "look at `outbox`, and `sync` sends what waits; keep the old file until nothing is missing",
        ),
        Err(error) => Check::failed(NAME, error),
    }
}

fn cache(config: &Config) -> Check {
    const NAME: &str = "recover cache";
    match Replica::recover(&config.data.cache()) {
        Ok(None) => Check::ok(NAME, "cache.db is not damaged; nothing was changed"),
        Ok(Some(old)) => Check::warn(
            NAME,
            format!("cache.db is new; the old file is {}", old.display()),
            "`sync` or the screens fill it again; the old file can be removed",
        ),
        Err(error) => Check::fail(
            NAME,
            error.to_string(),
            "end the other programs on this data directory, then repeat it",
        ),
    }
}
