//! The operators' tool: recounts totals, reports drifts, repairs them, fills kcal-only rows. See `docs/reconcile.md`.

use std::{
    io::Write as _,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use caltrack_aggregator::{
    CircuitBreaker, Publisher,
    aws::{AppSyncPublisher, Aws, AwsConfig, DynamoDb},
    reconcile::{Figure, Finding, Monitor, Options, Resolution, Scope, age, work},
};
use clap::Parser;
use jiff::Timestamp;
use serde_json::json;

/// Recounts users' days from the activity table, reports where the stored totals drift, and repairs them with --repair.
///
/// Region and credentials come from the environment, as AWS's own tools name them:
/// `eval "$(aws configure export-credentials --format env)"` sets them from any profile, and `AWS_REGION` the region. Exits with 0 if nothing drifts (any more),
/// 1 after an error, 2 after wrong usage, 3 if something drifts or moved.
#[expect(clippy::struct_excessive_bools, reason = "flags of the command line")]
#[derive(Debug, Parser)]
#[command(version, name = "reconcile")]
struct Arguments {
    /// The tables' prefix, the parameter `APIName` of the templates
    #[arg(long, default_value = "caltrack")]
    api_name: String,
    /// The activity table, where it has another name (after a restore)
    #[arg(long)]
    activity_table: Option<String>,
    /// The table of totals, where it has another name
    #[arg(long)]
    aggregate_table: Option<String>,
    #[command(flatten)]
    days: Days,
    /// Write the recount of each drift that two readings find unchanged
    #[arg(long)]
    repair: bool,
    /// Fill rows that lack entries, digest and grams, once no older function runs any more
    #[arg(long)]
    backfill: bool,
    /// The aggregation's function; its iterator age in CloudWatch is checked before anything is written
    #[arg(long, conflicts_with = "caught_up")]
    function: Option<String>,
    /// Write without checking CloudWatch: you know that the function isn't behind its stream
    #[arg(long)]
    caught_up: bool,
    /// Seconds between the two readings; with --function at least 120
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(i64).range(0..=86_400))]
    wait: i64,
    /// Segments of each scan, read concurrently
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64))]
    segments: u32,
    /// Where repaired totals are published: the API's https://…/graphql
    #[arg(long, env = "GRAPHQL_ENDPOINT")]
    graphql_endpoint: Option<String>,
    /// The state file: the same command resumes from it
    #[arg(long, default_value = "caltrack-reconcile.json")]
    state: PathBuf,
    /// Findings as lines of JSON
    #[arg(long)]
    json: bool,
}

/// Selects days of users.
#[derive(Debug, clap::Args)]
struct Days {
    /// One user, by `sub`
    #[arg(long)]
    user: Option<String>,
    /// One day, YYYY-MM-DD
    #[arg(long)]
    date: Option<String>,
    /// Include days whose totals their users set or deleted by the API; after a repair they are recounted
    #[arg(long)]
    include_set: bool,
}

/// The terminal, the clock and CloudWatch.
struct Console {
    aws: Aws,
    monitoring: String,
    function: Option<String>,
    minutes: u32,
    json: bool,
}

#[async_trait]
impl Monitor for Console {
    fn now(&self) -> i64 {
        Timestamp::now().as_second()
    }

    async fn wait_until(&self, then: i64, what: &str) {
        let seconds = u64::try_from(then - self.now()).unwrap_or_default();
        self.log(&format!(
            "{what} in {seconds} s; stopping and starting again loses nothing"
        ));
        let end = Instant::now() + Duration::from_secs(seconds);
        tokio::time::sleep_until(end.into()).await;
    }

    async fn check_caught_up(&self) -> Result<(), String> {
        let Some(function) = &self.function else {
            return Ok(());
        };
        match age::ask(
            &self.aws,
            &self.monitoring,
            function,
            self.minutes,
            Timestamp::now(),
        )
        .await?
        {
            age::Age::Behind(age) if age <= age::MOST => Ok(()),
            age::Age::Behind(age) => Err(format!(
                "{function} was {} s behind; try again later",
                age.as_secs()
            )),
            age::Age::Unknown => Err(format!(
                "CloudWatch knows no iterator age of {function} in the last {} minutes. Nothing was written, or the mapping is off: look at \
                 `aws lambda list-event-source-mappings --function-name {function}`, and give --caught-up where all is well",
                self.minutes
            )),
        }
    }

    fn log(&self, line: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    fn report(&self, finding: &Finding) {
        let line = if self.json {
            json!(finding).to_string()
        } else {
            sentence(finding)
        };
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }
}

fn sentence(finding: &Finding) -> String {
    let stored = |figure: &Option<Figure>| {
        figure
            .as_ref()
            .map_or_else(|| "-".to_owned(), ToString::to_string)
    };
    let verdict = match finding.verdict {
        Resolution::Drift => "drifts",
        Resolution::Moved => "moved meanwhile, left alone",
        Resolution::Repaired => "repaired",
        Resolution::Filled => "filled",
    };
    let counted = &finding.counted;
    format!(
        "{} {}: stored {}/{} (version {}), recounted {}/{} kcal consumed/burned; {} entries stored, {} recounted: {verdict}",
        finding.user,
        finding.date,
        stored(&finding.stored.consumed),
        stored(&finding.stored.burned),
        stored(&finding.stored.version),
        finding.recount.0,
        finding.recount.1,
        stored(&finding.stored.entries),
        counted.entries,
    )
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(code) => code,
        Err((code, error)) => {
            let _ = writeln!(std::io::stderr().lock(), "error: {error}");
            ExitCode::from(code)
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode, (u8, String)> {
    let usage = |error: String| (2, error);
    let writes = arguments.repair || arguments.backfill;
    if writes && arguments.function.is_none() && !arguments.caught_up {
        let needed = "--repair and --backfill need --function NAME, so that its iterator age in CloudWatch shows whether it is behind, or --caught-up";
        return Err(usage(needed.to_owned()));
    }
    if writes && !arguments.caught_up && !age::is_long_enough(arguments.wait) {
        return Err(usage(format!(
            "--wait {} is too short: what the function is still behind by would be booked twice. Give {} or more, or --caught-up",
            arguments.wait,
            age::LEAST_WAIT.as_secs()
        )));
    }
    let date = arguments
        .days
        .date
        .as_deref()
        .map(caltrack_domain::parse_day)
        .transpose();
    let date = date.map_err(|error| usage(error.to_string()))?;
    let config = AwsConfig::read(|name| std::env::var(name).ok()).map_err(|error| {
        let remedy = "`eval \"$(aws configure export-credentials --format env)\"` and AWS_REGION set them";
        usage(format!("{error}; {remedy}"))
    })?;
    let aws = Aws::new(config.credentials.clone(), &config.region).map_err(|error| (1, error.to_string()))?;
    let named =
        |table: Option<String>, name: &str| table.unwrap_or_else(|| format!("{}_{name}", arguments.api_name));
    let scope = Scope {
        endpoint: config.dynamodb.clone(),
        activities: named(arguments.activity_table.clone(), "activity_table"),
        aggregates: named(arguments.aggregate_table.clone(), "user_aggregate_table"),
        user: arguments.days.user.clone(),
        date: date.map(|date| date.to_string()),
        include_set: arguments.days.include_set,
        backfill: arguments.backfill,
    };
    let options = Options {
        repair: arguments.repair,
        wait: arguments.wait,
        segments: arguments.segments,
    };
    let console = Console {
        aws: aws.clone(),
        monitoring: config.monitoring(|name| std::env::var(name).ok()),
        function: arguments.function,
        minutes: u32::try_from(arguments.wait / 60 + 5).unwrap_or(15),
        json: arguments.json,
    };
    let api = arguments
        .graphql_endpoint
        .filter(|url| !url.is_empty())
        .map(|url| CircuitBreaker::new(AppSyncPublisher::new(aws.clone(), &url)));
    let publisher = api.as_ref().map(|api| -> &dyn Publisher { api });
    let tables = DynamoDb::new(aws, &config.dynamodb);
    let summary = work(&tables, publisher, &scope, &options, &arguments.state, &console)
        .await
        .map_err(|error| (1, error.to_string()))?;
    console.log(&format!(
        "{} drift, {} moved, {} repaired, {} filled",
        summary.drifts, summary.moved, summary.repaired, summary.filled
    ));
    let clean = summary.drifts == 0 && summary.moved == 0;
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(3)
    })
}
