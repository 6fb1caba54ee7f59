//! The Lambda's program: `bootstrap` is the name that the runtime `provided.al2023` starts.

use std::{io::Write as _, process::ExitCode};

use caltrack_aggregator::lambda::{LambdaHandler, Log, environment::Environment};
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde_json::{Value, json};

/// CloudWatch stores every line of standard output; lines that can't be written are lost.
fn log(line: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// One thread: the function waits for the network, and the smallest Lambdas have less than one core.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log(&json!({ "level": "ERROR", "message": error }));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let environment =
        Environment::read(|name| std::env::var(name).ok()).map_err(|error| error.to_string())?;
    let sink: Log = Box::new(log);
    let function = &LambdaHandler::new(environment, sink)?;
    let handler = service_fn(move |event: LambdaEvent<Value>| async move {
        let answer = function.handle(&event.payload, event.context.deadline).await;
        answer.map_err(|error| Diagnostic {
            error_type: "BatchError".to_owned(),
            error_message: error.to_string(),
        })
    });
    lambda_runtime::run(handler)
        .await
        .map_err(|error| error.to_string())
}
