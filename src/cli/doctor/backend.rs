//! What only the backend can tell.

use std::time::Duration;

use jiff::Zoned;

use super::{Check, State};
use crate::{
    cli::backend::Backend,
    embedded::{self, KeptAccount},
};
use caltrack_client::{
    api::{ApiError, Client, Reached},
    config::{self, Config},
};

/// Cognito and AppSync allow some minutes; a difference of this many seconds is worth a word, the other one ends sign-in.
const NOTABLE: u64 = 30;
const TOO_MUCH: u64 = 300;
/// What takes longer than this to connect won't come.
const PATIENCE: Duration = Duration::from_secs(20);

const PERMISSIONS: &str = "permissions";
const REALTIME: &str = "live changes";

/// Looks at the backend in the order in which things depend on each other.
pub(super) async fn look(config: &Config, checks: &mut Vec<Check>) {
    let backend = match Backend::open(config).await {
        Ok(backend) => backend,
        Err(problem) => {
            checks.push(Check::failed("backend", problem));
            return;
        }
    };
    let client = &backend.client;
    let api = client.reach_api().await;
    let pool = client.reach_pool().await;
    checks.push(endpoint(client, &api));
    checks.push(user_pool(client, &pool));
    checks.push(clock(&[&api, &pool]));
    let session = session(config, client, &api);
    let missing = match (session.state, &api) {
        (_, Err(_)) => Some("not tried: the API doesn't answer"),
        (State::Good, Ok(_)) => None,
        (State::Poor | State::Untried | State::Bad(_), Ok(_)) => Some("not tried: nobody is signed in"),
    };
    checks.push(session);
    match missing {
        None => checks.extend([permissions(client).await, realtime(client).await]),
        Some(why) => checks.extend([PERMISSIONS, REALTIME].map(|name| Check::untried(name, why))),
    }
    backend.close().await;
}

fn endpoint(client: &Client, api: &Result<Reached, ApiError>) -> Check {
    const NAME: &str = "API";
    let address = &client.endpoints().graphql;
    match api {
        Ok(_) => Check::good(NAME, format!("{address} answers")),
        Err(error @ ApiError::Silent(_)) => Check::failed(NAME, error.clone()),
        Err(error @ ApiError::Unreachable(_)) => Check::failed(NAME, error.clone()).but(format!(
            "check the network, a proxy, and that {address} is right (`configure`)"
        )),
        Err(error) => Check::failed(NAME, error.clone())
            .but("compare it with the stack's output GraphQLEndpoint (`configure`)"),
    }
}

fn user_pool(client: &Client, pool: &Result<Reached, ApiError>) -> Check {
    const NAME: &str = "user pool";
    let endpoints = client.endpoints();
    let (id, address) = (&endpoints.user_pool_id, &endpoints.cognito);
    match pool {
        Ok(_) => Check::good(NAME, format!("{id} lets this client sign in by SRP")),
        Err(error @ ApiError::Silent(_)) => Check::failed(NAME, error.clone()),
        Err(error @ ApiError::Unreachable(_)) => Check::failed(NAME, error.clone())
            .but(format!("check the network, a proxy, and that {address} is right (`configure`)")),
        Err(error) => Check::failed(NAME, error.clone()).but(
            "the app client must be one of this pool and region, without a secret, with ALLOW_USER_SRP_AUTH (`configure`)",
        ),
    }
}

fn clock(answers: &[&Result<Reached, ApiError>]) -> Check {
    const NAME: &str = "clock";
    let told = answers.iter().filter_map(|answer| answer.as_ref().ok()?.ahead);
    let Some(ahead) = told.max_by_key(|seconds| seconds.unsigned_abs()) else {
        return Check::poor(NAME, "no server told the time", "compare it with another clock");
    };
    let side = if ahead > 0 { "behind" } else { "ahead of" };
    let detail = format!("{} s {side} the server's", ahead.unsigned_abs());
    match ahead.unsigned_abs() {
        ..NOTABLE => Check::good(NAME, "agrees with the server's"),
        NOTABLE..TOO_MUCH => Check::poor(NAME, detail, "set this computer's clock, or have it set (NTP)"),
        TOO_MUCH.. => Check::bad(
            NAME,
            format!("{detail}: sign-in and tokens fail"),
            "set this computer's clock, or have it set (NTP)",
        ),
    }
}

fn session(config: &Config, client: &Client, api: &Result<Reached, ApiError>) -> Check {
    const NAME: &str = "credentials";
    let sign_in = config.profile.command(match &config.profile.backend {
        config::Backend::InTheBox => "sign-in",
        config::Backend::Remote(_) => "sign-in USER",
    });
    let here = config.profile.backend == config::Backend::InTheBox;
    let fresh = here && embedded::kept_account(&config.data) == KeptAccount::Absent;
    if here
        && client.account().is_none()
        && let Some(problem) = embedded::account_problem(&config.data)
    {
        return Check::failed(NAME, problem);
    }
    match client.account() {
        Some(account) if matches!(api, Ok(Reached { refused: true, .. })) => Check::failed(
            NAME,
            ApiError::SignedOut(format!("the API refuses the token of {}", account.username)),
        )
        .but(format!(
            "sign in again by {sign_in}; if it stays so, the API trusts another user pool"
        )),
        Some(account) => Check::good(NAME, format!("signed in as {}", account.username)),
        None if fresh => Check::poor(
            NAME,
            "no account on this computer yet",
            "start caltrack-tui: it makes one, as any command does",
        ),
        None => Check::failed(NAME, ApiError::SignedOut(String::new())).but(format!("sign in by {sign_in}")),
    }
}

/// Reads what the screens read.
async fn permissions(client: &Client) -> Check {
    let today = Zoned::now().date();
    let read = async {
        client.profile().await?;
        client.day(today).await?;
        client.categories().await
    };
    match read.await {
        Ok(categories) if categories.is_empty() => Check::poor(
            PERMISSIONS,
            "profile, day and categories can be read, but there are no categories",
            "load them: `aws dynamodb batch-write-item --request-items file://assets/activity-categories.json`",
        ),
        Ok(categories) => Check::good(
            PERMISSIONS,
            format!("profile, day and {} categories can be read", categories.len()),
        ),
        Err(error @ ApiError::Unauthorized(_)) => Check::failed(PERMISSIONS, error).but(
            "the API's default authorisation must be this user pool; attach the resolvers (docs/deploy.md)",
        ),
        // Their own advice is about the files, or about who is silent.
        Err(error @ (ApiError::DiskFull | ApiError::Files(_) | ApiError::Silent(_))) => {
            Check::failed(PERMISSIONS, error)
        }
        Err(error) => Check::failed(PERMISSIONS, error)
            .but("look at the API's log; are all resolvers attached (docs/deploy.md)?"),
    }
}

async fn realtime(client: &Client) -> Check {
    let address = &client.endpoints().realtime;
    let outcome = tokio::time::timeout(PATIENCE, client.reach_realtime())
        .await
        .unwrap_or_else(|_| Err(ApiError::Unreachable("no answer in time".to_owned())));
    match outcome {
        Ok(refused) if refused.is_empty() => {
            Check::good(REALTIME, format!("{address} takes all subscriptions"))
        }
        Ok(refused) => Check::poor(
            REALTIME,
            refused.join("; "),
            "look at the schema's directives for that subscription; the others work",
        ),
        Err(error) => Check::poor(
            REALTIME,
            format!("{error}. The screens ask every 15 s instead (`polling`)"),
            format!("let WebSockets to {address} through: a proxy or firewall may stand in between"),
        ),
    }
}
