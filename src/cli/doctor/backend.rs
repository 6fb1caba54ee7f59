//! Checks of the backend.

use std::time::Duration;

use jiff::Zoned;

use super::check::{Check, CheckStatus};
use crate::{
    cli::context::CommandContext,
    embedded::{self, StoredAccount},
};
use caltrack_client::{
    api::{ApiAuthorization, ApiError, Client, ProbeResult},
    config::{BackendKind, Config},
};

/// Clock skew in seconds that is reported.
const WARN_SKEW: u64 = 30;
/// Clock skew in seconds with which AWS rejects what has this computer's date.
const MAX_SKEW: u64 = 300;
/// Time limit of the live connection.
const CONNECT_TIME: Duration = Duration::from_secs(20);

const CREDENTIALS: &str = "credentials";
const USER_POOL: &str = "user pool";
const PERMISSIONS: &str = "permissions";
const REALTIME: &str = "live changes";

/// Checks the backend, in the order in which the checks depend on each other.
pub(super) async fn run_checks(config: &Config, checks: &mut Vec<Check>) {
    let context = match CommandContext::open(config) {
        Ok(context) => context,
        Err(error) => {
            checks.push(Check::failed("backend", error));
            return;
        }
    };
    match context.ready().await {
        Ok(()) => run_requests(config, &context, checks).await,
        Err(error) => checks.push(Check::failed("backend", error)),
    }
    context.close().await;
}

async fn run_requests(config: &Config, context: &CommandContext<'_>, checks: &mut Vec<Check>) {
    let client = &context.client;
    let api = client.reach_api().await;
    checks.push(endpoint(client, &api));
    let pool;
    let mut responses = vec![&api];
    if client.endpoints().user_pool_id.is_empty() {
        checks.push(Check::skip(
            USER_POOL,
            "not checked: an operator's profile needs none",
        ));
    } else {
        pool = client.reach_pool().await;
        checks.push(user_pool(client, &pool));
        responses.push(&pool);
    }
    checks.push(clock(&responses, client.signature_correction()));
    let session = match client.endpoints().authorization {
        ApiAuthorization::UserPool => session(config, client, &api),
        ApiAuthorization::IdentityPool(_) => keys_of_user(session(config, client, &api), client).await,
        ApiAuthorization::Operator(_) => keys_of_operator(client, &api).await,
    };
    let missing = match (session.status, &api) {
        (_, Err(_)) => Some("not checked: the API doesn't respond"),
        (CheckStatus::Ok, Ok(_)) if client.require_user().is_err() => {
            Some("not checked: an operator's keys own no log")
        }
        (CheckStatus::Ok, Ok(_)) => None,
        (CheckStatus::Warn | CheckStatus::Skip | CheckStatus::Fail(_), Ok(_)) => {
            Some("not checked: not signed in")
        }
    };
    checks.push(session);
    match missing {
        None => checks.extend([permissions(client).await, realtime(client).await]),
        Some(why) => checks.extend([PERMISSIONS, REALTIME].map(|name| Check::skip(name, why))),
    }
}

fn endpoint(client: &Client, api: &Result<ProbeResult, ApiError>) -> Check {
    const NAME: &str = "API";
    let address = &client.endpoints().graphql;
    match api {
        Ok(_) => Check::ok(NAME, format!("{address} responds")),
        Err(error @ ApiError::Silent(_)) => Check::failed(NAME, error.clone()),
        Err(error @ ApiError::Unreachable(_)) => Check::failed(NAME, error.clone()).advising(format!(
            "check the network, a proxy, and that {address} is right (`configure`)"
        )),
        Err(error) => Check::failed(NAME, error.clone())
            .advising("compare it with the stack's output GraphQLEndpoint (`configure`)"),
    }
}

fn user_pool(client: &Client, pool: &Result<ProbeResult, ApiError>) -> Check {
    const NAME: &str = USER_POOL;
    let endpoints = client.endpoints();
    let (id, address) = (&endpoints.user_pool_id, &endpoints.cognito);
    match pool {
        Ok(_) => Check::ok(NAME, format!("{id} lets this client sign in by SRP")),
        Err(error @ ApiError::Silent(_)) => Check::failed(NAME, error.clone()),
        Err(error @ ApiError::Unreachable(_)) => Check::failed(NAME, error.clone())
            .advising(format!("check the network, a proxy, and that {address} is right (`configure`)")),
        Err(error) => Check::failed(NAME, error.clone()).advising(
            "the app client must be one of this pool and region, without a secret, with ALLOW_USER_SRP_AUTH (`configure`)",
        ),
    }
}

/// `correction` is that of signatures, if requests are signed.
fn clock(responses: &[&Result<ProbeResult, ApiError>], correction: Option<i64>) -> Check {
    const NAME: &str = "clock";
    let skews = responses
        .iter()
        .filter_map(|response| response.as_ref().ok()?.clock_skew);
    let Some(skew) = skews.max_by_key(|seconds| seconds.unsigned_abs()) else {
        return Check::warn(NAME, "no response has a date", "compare it with another clock");
    };
    let side = if skew > 0 { "behind" } else { "ahead of" };
    let corrected = match correction {
        Some(1.. | ..=-1) => "sign-in and signatures have",
        Some(0) | None => "sign-in has",
    };
    let detail = format!(
        "{} s {side} the server's; {corrected} the server's date, entries this computer's",
        skew.unsigned_abs()
    );
    match skew.unsigned_abs() {
        ..WARN_SKEW => Check::ok(NAME, "matches the server's"),
        WARN_SKEW..MAX_SKEW => Check::warn(NAME, detail, "set this computer's clock, or let NTP set it"),
        MAX_SKEW.. => Check::fail(NAME, detail, "set this computer's clock, or let NTP set it"),
    }
}

fn session(config: &Config, client: &Client, api: &Result<ProbeResult, ApiError>) -> Check {
    let sign_in = config.profile.command(match &config.profile.backend {
        BackendKind::InTheBox => "sign-in",
        BackendKind::Remote(_) => "sign-in USER",
    });
    let here = config.profile.backend == BackendKind::InTheBox;
    let is_new = here && embedded::stored_account(&config.data) == StoredAccount::Absent;
    if here
        && client.account().is_none()
        && let Some(problem) = embedded::account_problem(&config.data)
    {
        return Check::failed(CREDENTIALS, problem);
    }
    match client.account() {
        Some(account) if matches!(api, Ok(ProbeResult { token_rejected: true, .. })) => Check::failed(
            CREDENTIALS,
            ApiError::SignedOut(format!("the API rejects the token of {}", account.username)),
        )
        .advising(format!(
            "sign in again by {sign_in}; if that doesn't help, the API accepts tokens of another user pool"
        )),
        Some(account) => Check::ok(CREDENTIALS, format!("signed in as {}", account.username)),
        None if is_new => Check::warn(
            CREDENTIALS,
            "no account on this computer yet",
            "start caltrack-tui: it creates one, as any command does",
        ),
        None => {
            Check::failed(CREDENTIALS, ApiError::SignedOut(String::new())).advising(format!("sign in by {sign_in}"))
        }
    }
}

/// The check of the session, if the identity pool gives keys for it.
async fn keys_of_user(session: Check, client: &Client) -> Check {
    if client.account().is_none() {
        return session;
    }
    match client.reach_credentials().await {
        Ok(()) | Err(ApiError::SignedOut(_)) => session,
        Err(error) => Check::failed(CREDENTIALS, error).advising(
            "the identity pool must have this user pool and client as a provider, and a role for its users (`configure`)",
        ),
    }
}

async fn keys_of_operator(client: &Client, api: &Result<ProbeResult, ApiError>) -> Check {
    let is_rejected = matches!(
        api,
        Ok(ProbeResult {
            token_rejected: true,
            ..
        })
    );
    match client.reach_credentials().await {
        Ok(()) if is_rejected => Check::failed(
            CREDENTIALS,
            ApiError::Unauthorized("the API rejects the operator's keys".to_owned()),
        )
        .advising("the keys must be valid, and the API must accept IAM"),
        Ok(()) => Check::ok(CREDENTIALS, "signs with an operator's keys, which own no log"),
        Err(error) => Check::failed(CREDENTIALS, error)
            .advising("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or --aws-profile (`configure`)"),
    }
}

/// Runs the queries of the screens.
async fn permissions(client: &Client) -> Check {
    let today = Zoned::now().date();
    let read = async {
        client.profile().await?;
        client.day(today).await?;
        client.categories().await
    };
    match read.await {
        Ok(categories) if categories.is_empty() => Check::warn(
            PERMISSIONS,
            "profile, day and categories can be read, but there are no categories",
            "load them: `aws dynamodb batch-write-item --request-items file://assets/activity-categories.json`",
        ),
        Ok(categories) => Check::ok(
            PERMISSIONS,
            format!("profile, day and {} categories can be read", categories.len()),
        ),
        Err(error @ ApiError::Unauthorized(_)) => Check::failed(PERMISSIONS, error).advising(
            "the API's default authorisation must be this user pool; attach the resolvers (docs/deploy.md)",
        ),
        // These errors have better advice of their own.
        Err(error @ (ApiError::DiskFull | ApiError::Files(_) | ApiError::Silent(_))) => {
            Check::failed(PERMISSIONS, error)
        }
        Err(error) => Check::failed(PERMISSIONS, error)
            .advising("read the API's log, and check that all resolvers are attached (docs/deploy.md)"),
    }
}

async fn realtime(client: &Client) -> Check {
    let address = &client.endpoints().realtime;
    let outcome = tokio::time::timeout(CONNECT_TIME, client.reach_realtime())
        .await
        .unwrap_or_else(|_| Err(ApiError::Unreachable("no response in time".to_owned())));
    match outcome {
        Ok(notices) if notices.is_empty() => {
            Check::ok(REALTIME, format!("{address} accepts all subscriptions"))
        }
        Ok(notices) => Check::warn(
            REALTIME,
            notices.join("; "),
            "check the schema's directives for that subscription; the others work",
        ),
        Err(error) => Check::warn(
            REALTIME,
            format!("{error}. The screens poll every 15 s instead (`polling`)"),
            format!("allow WebSockets to {address}: a proxy or firewall may block them"),
        ),
    }
}
