//! Region, credentials and endpoints, from environment variables.

use caltrack_sigv4::Keys;

/// A variable that must be there is missing, empty or malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment's {name} {wrong}")]
pub struct EnvironmentError {
    pub(crate) name: &'static str,
    pub(crate) wrong: &'static str,
}

/// Region, credentials and where DynamoDB is.
#[derive(Debug, Clone)]
pub struct AwsConfig {
    /// The region of all services.
    pub region: String,
    /// In Lambda, those of the function's role: valid as long as the process.
    pub credentials: Keys,
    /// DynamoDB's endpoint: an absolute URL.
    pub dynamodb: String,
}

impl AwsConfig {
    /// Reads `AWS_REGION` and the credentials through `lookup`.
    ///
    /// `AWS_ENDPOINT_URL_DYNAMODB` and `AWS_ENDPOINT_URL` override endpoints as in AWS's SDKs; an empty variable counts as
    /// unset.
    ///
    /// # Errors
    ///
    /// [`EnvironmentError`] names the variable.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, EnvironmentError> {
        let region = needed(&lookup, "AWS_REGION")?;
        let credentials = Keys::new(
            &needed(&lookup, "AWS_ACCESS_KEY_ID")?,
            &needed(&lookup, "AWS_SECRET_ACCESS_KEY")?,
            given(&lookup, "AWS_SESSION_TOKEN").as_deref(),
        );
        let dynamodb =
            redirected(&lookup, "AWS_ENDPOINT_URL_DYNAMODB").unwrap_or_else(|| service("dynamodb", &region));
        Ok(Self {
            region,
            credentials,
            dynamodb,
        })
    }

    /// `CloudWatch`'s address; `AWS_ENDPOINT_URL_CLOUDWATCH` and `AWS_ENDPOINT_URL` redirect.
    pub fn monitoring(&self, lookup: impl Fn(&str) -> Option<String>) -> String {
        redirected(&lookup, "AWS_ENDPOINT_URL_CLOUDWATCH")
            .unwrap_or_else(|| service("monitoring", &self.region))
    }
}

/// A variable with a value.
pub(crate) fn given(lookup: impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    lookup(name).filter(|value| !value.is_empty())
}

/// A variable that must have a value.
pub(crate) fn needed(
    lookup: impl Fn(&str) -> Option<String>,
    name: &'static str,
) -> Result<String, EnvironmentError> {
    given(lookup, name).ok_or(EnvironmentError {
        name,
        wrong: "is missing",
    })
}

/// A service's own redirection comes before the common one.
pub(crate) fn redirected(lookup: impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    given(&lookup, name).or_else(|| given(&lookup, "AWS_ENDPOINT_URL"))
}

/// A service's address in a region. China's regions have a domain of their own.
pub(crate) fn service(name: &str, region: &str) -> String {
    let china = if region.starts_with("cn-") { ".cn" } else { "" };
    format!("https://{name}.{region}.amazonaws.com{china}")
}
