//! `demo`: the screens on a throw-away directory.

use jiff::Zoned;
use ratatui::Frame;

use super::error::CommandError;
use crate::{
    app::State,
    demo,
    runtime::{self, FindTarget, signals::TerminationSignals},
};
use caltrack_client::config::{BackendKind, BackendProfile, Config, DataDir, LOCAL};

/// The seed of the log that everybody sees.
const SEED: u64 = 2_026;

/// Opens the screens on a new directory with a year of invented log, and removes the directory when they are closed. Of
/// `config`, only how the screens look and which keys they use counts.
pub(super) fn run(
    config: Config,
    draw: impl FnMut(&mut Frame<'_>, &State),
    find: FindTarget,
) -> Result<(), CommandError> {
    let directory = tempfile::Builder::new()
        .prefix("caltrack-demo-")
        .tempdir()
        .map_err(|error| CommandError::storage(format!("a directory can't be created ({error})")))?;
    let config = Config {
        data: DataDir::new(directory.path().to_owned()),
        profile: BackendProfile {
            name: LOCAL.to_owned(),
            backend: BackendKind::InTheBox,
        },
        is_demo: true,
        // Settings that are changed on the screens go with the directory.
        file: directory.path().join("config.toml"),
        ..config
    };
    let workers = runtime::workers()?;
    let filled = workers.block_on(async {
        let mut endings =
            TerminationSignals::listen().map_err(|error| CommandError::from(runtime::internal(error)))?;
        tokio::select! {
            filled = demo::fill(&config, demo::year(&Zoned::now(), SEED)) => Ok(Some(filled?)),
            _ = endings.next() => Ok::<_, CommandError>(None),
        }
    })?;
    // Its threads end before the screens start others.
    drop(workers);
    if filled.is_some() {
        runtime::run(&config, draw, find)?;
    }
    Ok(())
}
