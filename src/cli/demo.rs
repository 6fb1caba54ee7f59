//! `demo`: the screens on a throw-away directory.

use jiff::Zoned;
use ratatui::Frame;
use tokio::sync::oneshot;

use super::error::CommandError;
use crate::{
    app::State,
    demo,
    runtime::{self, FindTarget, Preparation},
};
use caltrack_client::config::{BackendKind, BackendProfile, Config, DataDir, LOCAL};

/// The seed of the log that everybody sees.
const SEED: u64 = 2_026;
/// What the first screen says.
const WORDS: &str = "Filling a directory of its own with a year of invented log. Nothing of it touches your log, and the \
    directory is removed at the end.";

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
    let (stop, stopped) = oneshot::channel();
    let filled = config.clone();
    let preparation = Preparation {
        words: WORDS,
        work: Box::pin(async move {
            let year = demo::year(&Zoned::now(), SEED);
            demo::fill(&filled, year, stopped).await
        }),
        stop,
    };
    Ok(runtime::run_after(&config, Some(preparation), draw, find)?)
}
