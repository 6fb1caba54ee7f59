//! `serve`: the backend in the box on a TCP port.

use std::io::{self, Write as _};

use super::{arguments::ServeArguments, json, problem::Problem};
use crate::{
    embedded::{self, Origins, ServeOptions, Served, tls},
    logging,
    runtime::{
        self,
        signals::{JobControl, Signal, TerminationSignals},
    },
};
use caltrack_client::config::Config;

/// Serves until a signal ends it. A stop (SIGTSTP, as by Ctrl-Z) releases the box for other programs until the process
/// is continued; then it serves on the same port again.
pub(super) fn run(config: &Config, arguments: ServeArguments) -> Result<(), Problem> {
    let mut options = check(arguments)?;
    logging::to_standard_error();
    raise_open_files();
    let workers = runtime::workers()?;
    workers.block_on(async {
        let listen = || Ok::<_, io::Error>((TerminationSignals::listen()?, JobControl::listen()?));
        let (mut endings, mut job) = listen().map_err(|error| Problem::from(runtime::internal(error)))?;
        let mut announced = None;
        loop {
            let mut next = Next::End;
            let interrupted = async { next = interrupted(&mut endings, &mut job).await };
            let announce = |served: &Served| {
                if announced.replace(served.address).is_none() {
                    announce(served);
                }
            };
            embedded::serve(&config.data, options.clone(), announce, interrupted).await?;
            if matches!(next, Next::End) {
                return Ok(());
            }
            options.listen = announced.unwrap_or(options.listen);
            tokio::select! {
                _ = endings.next() => return Ok(()),
                stopped = job.stop_here(false) => stopped.map_err(|error| Problem::from(runtime::internal(error)))?,
            }
        }
    })
}

/// Why `serve` stopped serving.
enum Next {
    End,
    Stop,
}

/// Waits for a signal that ends or stops this process.
async fn interrupted(endings: &mut TerminationSignals, job: &mut JobControl) -> Next {
    loop {
        tokio::select! {
            _ = endings.next() => return Next::End,
            signal = job.next() => if signal == Signal::Stop && JobControl::can_be_resumed() {
                return Next::Stop;
            },
        }
    }
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
