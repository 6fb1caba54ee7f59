//! The function's environment variables.

use crate::aws::{
    AwsConfig, EnvironmentError,
    config::{given, needed, redirected},
};

/// The variable of the table of totals and markers.
pub const TABLE: &str = "USER_AGGREGATE_TABLE";
/// The variable of the API's address; empty until there is an API.
pub const GRAPHQL: &str = "GRAPHQL_ENDPOINT";
/// The variable with the failure queue's URL.
pub const FAILURE_QUEUE: &str = "FAILURE_QUEUE_URL";

/// Everything that is set from outside. Lambda itself sets region, credentials and the function's name.
#[derive(Debug, Clone)]
pub struct Environment {
    /// For the metrics' dimension.
    pub function: String,
    /// Region, credentials, and where DynamoDB is.
    pub aws: AwsConfig,
    /// The table of totals and markers.
    pub table: String,
    /// Where totals are published; without it they are only booked.
    pub graphql: Option<String>,
    /// Where records go that can't be read; without it they fail.
    pub failure_queue: Option<Queue>,
}

/// A queue of SQS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Its name to SQS.
    pub url: String,
    /// The service's endpoint: an absolute URL.
    pub endpoint: String,
}

impl Environment {
    /// Reads the variables through `lookup`.
    ///
    /// `AWS_ENDPOINT_URL_SQS` redirects as it does for AWS's own SDKs; see [`AwsConfig::read`] for the others.
    ///
    /// # Errors
    ///
    /// [`EnvironmentError`] names the variable.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, EnvironmentError> {
        let failure_queue = given(&lookup, FAILURE_QUEUE)
            .map(|url| {
                let endpoint = redirected(&lookup, "AWS_ENDPOINT_URL_SQS").or_else(|| origin(&url));
                let wrong = "is no address of a queue";
                endpoint
                    .map(|endpoint| Queue { url, endpoint })
                    .ok_or(EnvironmentError {
                        name: FAILURE_QUEUE,
                        wrong,
                    })
            })
            .transpose()?;
        Ok(Self {
            function: needed(&lookup, "AWS_LAMBDA_FUNCTION_NAME")?,
            aws: AwsConfig::read(&lookup)?,
            table: needed(&lookup, TABLE)?,
            graphql: given(&lookup, GRAPHQL),
            failure_queue,
        })
    }
}

/// Scheme and host of an address.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split('/').next().filter(|host| !host.is_empty())?;
    Some(format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use rstest::rstest;

    use super::*;

    fn read(more: &[(&str, &str)]) -> Result<Environment, EnvironmentError> {
        let mut variables: HashMap<&str, &str> = HashMap::from([
            ("AWS_LAMBDA_FUNCTION_NAME", "aggregator"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI"),
            ("AWS_SESSION_TOKEN", "TOKENEXAMPLE"),
            (TABLE, "caltrack_user_aggregate_table"),
        ]);
        variables.extend(more.iter().copied());
        Environment::read(|name| variables.get(name).map(ToString::to_string))
    }

    #[test]
    fn without_redirection_the_services_are_those_of_the_region() {
        let queue = "https://sqs.eu-west-1.amazonaws.com/123456789012/failures";
        let environment = read(&[(FAILURE_QUEUE, queue)]).unwrap();
        assert_eq!(
            environment.aws.dynamodb,
            "https://dynamodb.eu-west-1.amazonaws.com"
        );
        let queue = environment.failure_queue.unwrap();
        assert_eq!(queue.endpoint, "https://sqs.eu-west-1.amazonaws.com");
        assert_eq!(
            queue.url,
            "https://sqs.eu-west-1.amazonaws.com/123456789012/failures"
        );
        let china = read(&[("AWS_REGION", "cn-north-1")]).unwrap();
        assert_eq!(china.aws.dynamodb, "https://dynamodb.cn-north-1.amazonaws.com.cn");
    }

    #[test]
    fn a_service_s_own_redirection_comes_before_the_common_one() {
        let environment = read(&[
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:2"),
            (FAILURE_QUEUE, "http://elsewhere/1/failures"),
        ])
        .unwrap();
        assert_eq!(environment.aws.dynamodb, "http://127.0.0.1:2");
        assert_eq!(environment.failure_queue.unwrap().endpoint, "http://127.0.0.1:1");
    }

    #[test]
    fn an_empty_variable_is_as_good_as_none() {
        let environment = read(&[(GRAPHQL, ""), (FAILURE_QUEUE, "")]).unwrap();
        assert_eq!(environment.graphql, None);
        assert_eq!(environment.failure_queue, None);
        assert_eq!(
            environment.aws.credentials.session_token(),
            Some("TOKENEXAMPLE"),
            "one with a value is not"
        );
    }

    #[rstest]
    #[case(TABLE)]
    #[case("AWS_REGION")]
    #[case("AWS_ACCESS_KEY_ID")]
    #[case("AWS_SECRET_ACCESS_KEY")]
    fn what_is_needed_is_named_where_it_is_missing(#[case] name: &str) {
        let error = read(&[(name, "")]).unwrap_err();
        assert_eq!(error.to_string(), format!("the environment's {name} is missing"));
    }

    #[test]
    fn a_queue_without_an_address_is_refused_at_the_start() {
        let error = read(&[(FAILURE_QUEUE, "failures")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the environment's FAILURE_QUEUE_URL is no address of a queue"
        );
    }

    #[test]
    fn credentials_are_not_shown() {
        let shown = format!("{:?}", read(&[]).unwrap());
        assert!(
            !shown.contains("wJalrXUtnFEMI") && !shown.contains("TOKENEXAMPLE"),
            "{shown}"
        );
    }
}
