//! `configure`: writes a profile.

use std::{io::Read as _, path::Path};

use serde_json::{Value, json};

use super::{
    arguments::{AuthArgument, ConfigureArguments},
    error::CommandError,
    output::Output,
};
use caltrack_client::config::{self, AuthMode, Overrides, ProfileSettings};

/// Combines flags and files to a profile, checks it and writes it.
pub(super) fn run(overrides: &Overrides, arguments: ConfigureArguments) -> Result<Output, CommandError> {
    let found = match (&arguments.stack_outputs, &arguments.amplify_outputs) {
        (Some(file), _) => stack_outputs(&read(file)?)?,
        (None, Some(file)) => amplify_outputs(&read(file)?)?,
        (None, None) => BackendSettings::default(),
    };
    let name = arguments.name;
    let need = |value: Option<String>, flag: &str| {
        value.ok_or_else(|| {
            CommandError::usage(format!("{flag} is missing: give it, or a file that contains it"))
        })
    };
    let user_pool_id = arguments.user_pool_id.or(found.user_pool_id);
    let region = arguments.region.or(found.region).or_else(|| {
        let (region, _) = user_pool_id.as_ref()?.split_once('_')?;
        Some(region.to_owned())
    });
    let mut settings = ProfileSettings {
        graphql_endpoint: String::new(),
        region: String::new(),
        user_pool_id,
        client_id: arguments.client_id.or(found.client_id),
        realtime_endpoint: arguments.realtime_endpoint.or(found.realtime_endpoint),
        cognito_endpoint: arguments.cognito_endpoint,
        identity_endpoint: arguments.identity_endpoint,
        auth: arguments.auth.map(AuthMode::from).or(found.auth),
        identity_pool_id: arguments.identity_pool_id.or(found.identity_pool_id),
        aws_profile: arguments.aws_profile,
    };
    if !settings.is_of_operator() {
        settings.user_pool_id = Some(need(settings.user_pool_id, "--user-pool-id")?);
        settings.client_id = Some(need(settings.client_id, "--client-id")?);
    }
    let graphql_endpoint = arguments.graphql_endpoint.or(found.graphql_endpoint);
    settings.graphql_endpoint = need(graphql_endpoint, "--graphql-endpoint")?;
    settings.region = need(region, "--region")?;
    let saved = config::save_profile(overrides, &name, &settings)?;
    let verb = if saved.replaced { "replaced" } else { "wrote" };
    let next = if settings.is_of_operator() {
        format!("caltrack-tui --profile {name} doctor")
    } else {
        format!("caltrack-tui --profile {name} sign-in USER")
    };
    Ok(Output::done(
        json!({"profile": name, "file": saved.path, "replaced": saved.replaced, "graphqlEndpoint": settings.graphql_endpoint}),
        format!(
            "{verb} profile {name} in {}; next: `{next}`",
            caltrack_domain::clean(&saved.path.display().to_string())
        ),
        "the profile is written",
    ))
}

/// The settings of a backend in a file.
#[derive(Debug, Clone, Default, PartialEq)]
struct BackendSettings {
    graphql_endpoint: Option<String>,
    realtime_endpoint: Option<String>,
    region: Option<String>,
    user_pool_id: Option<String>,
    client_id: Option<String>,
    identity_pool_id: Option<String>,
    auth: Option<AuthMode>,
}

impl From<AuthArgument> for AuthMode {
    fn from(argument: AuthArgument) -> Self {
        match argument {
            AuthArgument::UserPool => Self::UserPool,
            AuthArgument::Iam => Self::Iam,
        }
    }
}

impl BackendSettings {
    /// Whether the settings are enough for a profile.
    fn is_complete(&self) -> bool {
        self.graphql_endpoint.is_some() && self.user_pool_id.is_some() && self.client_id.is_some()
    }
}

fn read(path: &Path) -> Result<Value, CommandError> {
    let mut text = String::new();
    let outcome = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(drop)
    } else {
        std::fs::read_to_string(path).map(|all| text = all)
    };
    outcome.map_err(|error| CommandError::usage(format!("{} can't be read: {error}", path.display())))?;
    serde_json::from_str(&text)
        .map_err(|error| CommandError::usage(format!("{} is not JSON: {error}", path.display())))
}

/// Reads what `aws cloudformation describe-stacks` prints: the outputs of the one stack of `templates/caltrack.yaml` that are
/// enough for a profile. Outputs of several stacks are never mixed: an API accepts no tokens of another stack's user pool.
fn stack_outputs(document: &Value) -> Result<BackendSettings, CommandError> {
    let stacks = document
        .get("Stacks")
        .and_then(Value::as_array)
        .map_or(std::slice::from_ref(document), Vec::as_slice);
    let mut complete = Vec::new();
    let mut parts = Vec::new();
    for stack in stacks {
        let name = stack.get("StackName").and_then(Value::as_str);
        let name = caltrack_domain::clean(name.unwrap_or("a stack without a name"));
        let found = outputs_of(stack);
        if found.is_complete() {
            complete.push((name, found));
        } else if found != BackendSettings::default() {
            parts.push((name, found));
        }
    }
    // Flags may add what a single stack lacks.
    let candidates = if complete.is_empty() { parts } else { complete };
    let names: Vec<&str> = candidates.iter().map(|(name, _)| name.as_str()).collect();
    match candidates.as_slice() {
        [] => Err(CommandError::usage(
            "these aren't outputs of a stack of this program: GraphQLEndpoint, UserPoolId and UserPoolClientId are missing",
        )),
        [(_, found)] => Ok(found.clone()),
        [(first, _), ..] => Err(CommandError::usage(format!(
            "several stacks have outputs of this program: {}",
            names.join(", ")
        ))
        .advising(format!(
            "choose one by `aws cloudformation describe-stacks --stack-name {first}`"
        ))),
    }
}

/// The outputs of one stack.
fn outputs_of(stack: &Value) -> BackendSettings {
    let outputs = stack.get("Outputs").and_then(Value::as_array);
    let output = |key: &str| {
        outputs
            .into_iter()
            .flatten()
            .find(|output| output.get("OutputKey").and_then(Value::as_str) == Some(key))
            .and_then(|output| output.get("OutputValue").and_then(Value::as_str))
            .map(str::to_owned)
    };
    BackendSettings {
        graphql_endpoint: output("GraphQLEndpoint"),
        realtime_endpoint: output("RealtimeEndpoint"),
        region: output("Region"),
        user_pool_id: output("UserPoolId"),
        client_id: output("UserPoolClientId"),
        identity_pool_id: output("IdentityPoolId"),
        // A stack with an identity pool takes tokens as well, which need no further calls.
        auth: None,
    }
}

/// Reads Amplify's file: of its second generation (`auth`, `data`) or of its first (`aws_appsync_graphqlEndpoint` and the like).
fn amplify_outputs(document: &Value) -> Result<BackendSettings, CommandError> {
    let at = |pointers: &[&str]| {
        pointers
            .iter()
            .find_map(|pointer| document.pointer(pointer).and_then(Value::as_str))
            .map(str::to_owned)
    };
    let found = BackendSettings {
        graphql_endpoint: at(&["/data/url", "/aws_appsync_graphqlEndpoint"]),
        realtime_endpoint: None,
        region: at(&[
            "/data/aws_region",
            "/auth/aws_region",
            "/aws_appsync_region",
            "/aws_project_region",
        ]),
        user_pool_id: at(&["/auth/user_pool_id", "/aws_user_pools_id"]),
        client_id: at(&["/auth/user_pool_client_id", "/aws_user_pools_web_client_id"]),
        identity_pool_id: at(&["/auth/identity_pool_id", "/aws_cognito_identity_pool_id"]),
        auth: at(&[
            "/data/default_authorization_type",
            "/aws_appsync_authenticationType",
        ])
        .filter(|default| default == "AWS_IAM")
        .map(|_| AuthMode::Iam),
    };
    if found == BackendSettings::default() {
        return Err(CommandError::usage(
            "this isn't amplify_outputs.json: it has neither `data` nor `auth`",
        ));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outputs_of_a_stack_are_found_among_several() {
        let document = json!({"Stacks": [{"Outputs": null}, {"Outputs": [
            {"OutputKey": "GraphQLEndpoint", "OutputValue": "https://x/graphql"},
            {"OutputKey": "RealtimeEndpoint", "OutputValue": "wss://x/realtime"},
            {"OutputKey": "Region", "OutputValue": "eu-west-1"},
            {"OutputKey": "UserPoolId", "OutputValue": "eu-west-1_A"},
            {"OutputKey": "UserPoolClientId", "OutputValue": "c"}]}]});
        let found = stack_outputs(&document).unwrap();
        assert_eq!(found.graphql_endpoint.as_deref(), Some("https://x/graphql"));
        assert_eq!(found.client_id.as_deref(), Some("c"));
        assert!(stack_outputs(&json!({"Stacks": []})).is_err());
    }

    fn stack(name: &str, outputs: &[&str]) -> Value {
        let outputs: Vec<Value> = outputs
            .iter()
            .map(|key| json!({"OutputKey": key, "OutputValue": format!("{name}'s {key}")}))
            .collect();
        json!({"StackName": name, "Outputs": outputs})
    }

    const NEEDED: [&str; 3] = ["GraphQLEndpoint", "UserPoolId", "UserPoolClientId"];

    #[test]
    fn outputs_of_several_stacks_are_never_mixed() {
        // Another stack before ours has outputs of the same names.
        let pool = stack("pool", &["UserPoolId", "UserPoolClientId", "IdentityPoolId"]);
        let whole = stack("ours", &NEEDED);
        let found = stack_outputs(&json!({"Stacks": [pool, whole]})).unwrap();
        assert_eq!(found.user_pool_id.as_deref(), Some("ours's UserPoolId"));
        assert_eq!(found.identity_pool_id, None);

        let halves = json!({"Stacks": [pool, stack("api", &["GraphQLEndpoint"])]});
        let error = stack_outputs(&halves).unwrap_err();
        assert!(error.message().contains("pool, api"), "{error:?}");
        // Flags can add what one stack lacks.
        assert_eq!(
            stack_outputs(&json!({"Stacks": [pool]}))
                .unwrap()
                .graphql_endpoint,
            None
        );
    }

    #[test]
    fn several_stacks_of_this_program_are_an_error_that_names_them() {
        let several =
            json!({"Stacks": [stack("test", &NEEDED), stack("prod", &NEEDED), stack("other", &["x"])]});
        let error = stack_outputs(&several).unwrap_err().message().to_owned();
        assert!(error.contains("test, prod"), "{error}");
        assert!(!error.contains("other"), "{error}");
    }

    #[test]
    fn both_generations_of_amplifys_file_are_read() {
        let second = json!({"auth": {"user_pool_id": "eu-west-1_A", "user_pool_client_id": "c", "aws_region": "eu-west-1"},
            "data": {"url": "https://x/graphql", "aws_region": "eu-west-1"}, "version": "1.3"});
        let first = json!({"aws_project_region": "eu-west-1", "aws_appsync_graphqlEndpoint": "https://x/graphql",
            "aws_user_pools_id": "eu-west-1_A", "aws_user_pools_web_client_id": "c"});
        assert_eq!(
            amplify_outputs(&second).unwrap(),
            amplify_outputs(&first).unwrap()
        );
        assert!(amplify_outputs(&json!({})).is_err());
    }

    #[test]
    fn an_amplify_api_that_takes_signatures_by_default_gets_a_profile_that_signs() {
        let second = json!({"auth": {"identity_pool_id": "eu-west-1:1"},
            "data": {"url": "https://x/graphql", "default_authorization_type": "AWS_IAM"}});
        let first = json!({"aws_cognito_identity_pool_id": "eu-west-1:1",
            "aws_appsync_graphqlEndpoint": "https://x/graphql", "aws_appsync_authenticationType": "AWS_IAM"});
        for document in [second, first] {
            let found = amplify_outputs(&document).unwrap();
            assert_eq!(found.auth, Some(AuthMode::Iam));
            assert_eq!(found.identity_pool_id.as_deref(), Some("eu-west-1:1"));
        }
        let tokens = json!({"data": {"url": "x", "default_authorization_type": "AMAZON_COGNITO_USER_POOLS"}});
        assert_eq!(amplify_outputs(&tokens).unwrap().auth, None);
    }
}
