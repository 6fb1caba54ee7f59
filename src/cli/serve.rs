//! `serve`: the backend in the box on a TCP port.

use std::io::{self, Write as _};

use super::{arguments::ServeArguments, error::CommandError, json};
use crate::{
    embedded::{self, Origins, ServeInfo, ServeOptions, tls},
    logging,
    runtime::{
        self,
        signals::{JobControl, Signal, TerminationSignals},
    },
};
use caltrack_client::config::Config;

/// Serves until a signal ends the program. A stop (SIGTSTP, as by Ctrl-Z) releases the box for other programs until the
/// process is continued; then it serves on the same port again.
pub(super) fn run(config: &Config, arguments: ServeArguments) -> Result<(), CommandError> {
    let mut options = check(arguments)?;
    logging::to_standard_error();
    raise_open_files();
    let workers = runtime::workers()?;
    workers.block_on(async {
        let listen = || Ok::<_, io::Error>((TerminationSignals::listen()?, JobControl::listen()?));
        let (mut endings, mut job) = listen().map_err(|error| CommandError::from(runtime::internal(error)))?;
        let mut announced = None;
        loop {
            let mut reason = StopReason::End;
            let interrupted = async { reason = stop_reason(&mut endings, &mut job).await };
            let announce = |served: &ServeInfo| {
                if announced.replace(served.address).is_none() {
                    announce(served);
                }
            };
            embedded::serve(&config.data, options.clone(), announce, interrupted).await?;
            if matches!(reason, StopReason::End) {
                return Ok(());
            }
            options.listen = announced.unwrap_or(options.listen);
            tokio::select! {
                _ = endings.next() => return Ok(()),
                stopped = job.stop_here(false) => stopped.map_err(|error| CommandError::from(runtime::internal(error)))?,
            }
        }
    })
}

/// The reason why `serve` stops.
enum StopReason {
    End,
    Suspend,
}

/// Waits for a signal that ends or suspends this process.
async fn stop_reason(endings: &mut TerminationSignals, job: &mut JobControl) -> StopReason {
    loop {
        tokio::select! {
            _ = endings.next() => return StopReason::End,
            signal = job.next() => if signal == Signal::Stop && JobControl::can_be_resumed() {
                return StopReason::Suspend;
            },
        }
    }
}

fn check(arguments: ServeArguments) -> Result<ServeOptions, CommandError> {
    let ServeArguments {
        listen,
        tls_cert,
        tls_key,
        allow_origin,
        expose_aws,
    } = arguments;
    if !listen.ip().is_loopback() {
        return Err(CommandError::usage(format!(
            "{listen} is not a loopback address: the box serves only this computer"
        )));
    }
    let origins = Origins::parse(allow_origin).map_err(|origin| {
        CommandError::usage(format!(
            "`{origin}` is not an origin, such as http://localhost:5173"
        ))
    })?;
    let tls = match (tls_cert, tls_key) {
        (Some(certificate), Some(key)) => Some(tls::config(&certificate, &key).map_err(CommandError::usage)?),
        _ => None,
    };
    Ok(ServeOptions {
        listen,
        tls,
        origins,
        expose_aws,
    })
}

/// Prints the addresses to standard output, as one line of JSON.
fn announce(served: &ServeInfo) {
    let line = json::text(&serde_json::json!(served));
    let mut out = io::stdout().lock();
    if let Err(error) = writeln!(out, "{line}").and_then(|()| out.flush()) {
        tracing::warn!(%error, "the addresses of the box can't be printed");
    }
}

/// Raises the limit of open files: every connection is one, and the default is low.
fn raise_open_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::debug!(%error, "the limit of open files stays as it is");
    }
}
