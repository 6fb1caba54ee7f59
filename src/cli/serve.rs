//! `serve`: the backend in the box on a TCP port.

use std::io::{self, Write as _};

use tokio::signal::unix::{SignalKind, signal};

use super::{arguments::ServeArguments, json, problem::Problem};
use crate::{
    config::Config,
    embedded::{self, Origins, ServeOptions, Served, tls},
    logging, runtime,
};

/// Serves until it is told to end.
pub(super) fn run(config: &Config, arguments: ServeArguments) -> Result<(), Problem> {
    let options = check(arguments)?;
    logging::to_standard_error();
    raise_open_files();
    let workers = runtime::workers()?;
    workers.block_on(async {
        let mut terminate =
            signal(SignalKind::terminate()).map_err(|error| Problem::from(runtime::internal(error)))?;
        let mut interrupt =
            signal(SignalKind::interrupt()).map_err(|error| Problem::from(runtime::internal(error)))?;
        let mut quit = signal(SignalKind::quit()).map_err(|error| Problem::from(runtime::internal(error)))?;
        let end = async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                _ = quit.recv() => {}
            }
        };
        embedded::serve(&config.data, options, announce, end).await?;
        Ok(())
    })
}

fn check(arguments: ServeArguments) -> Result<ServeOptions, Problem> {
    let ServeArguments {
        listen,
        tls_cert,
        tls_key,
        allow_origin,
        expose_aws,
    } = arguments;
    if !listen.ip().is_loopback() {
        return Err(Problem::bad_usage(format!(
            "{listen} is not a loopback address: the box answers on this computer alone"
        )));
    }
    let origins = Origins::parse(allow_origin).map_err(|origin| {
        Problem::bad_usage(format!("`{origin}` is no origin, such as http://localhost:5173"))
    })?;
    let tls = match (tls_cert, tls_key) {
        (Some(certificate), Some(key)) => Some(tls::config(&certificate, &key).map_err(Problem::bad_usage)?),
        _ => None,
    };
    Ok(ServeOptions {
        listen,
        tls,
        origins,
        expose_aws,
    })
}

/// The one line on standard output.
fn announce(served: &Served) {
    let line = json::text(&serde_json::json!(served));
    let mut out = io::stdout().lock();
    if let Err(error) = writeln!(out, "{line}").and_then(|()| out.flush()) {
        tracing::warn!(%error, "nobody was told where the box answers");
    }
}

/// Every connection is an open file, and the usual limit is low.
fn raise_open_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::debug!(%error, "the limit of open files stays as it is");
    }
}
