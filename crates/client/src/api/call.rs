//! One GraphQL operation, with retries and renewal of the token.

use graphql_client::GraphQLQuery;

use super::{
    data::DataObject,
    graphql::{GraphQlOperation, Outcome, classify},
    request_headers::json_headers,
};
use crate::{
    error::ApiError,
    http::HttpClient,
    session::{ApiCredentials, Auth},
};

/// Executes operations of one API. Every operation of this program may be retried: queries by nature, mutations by their
/// id.
#[derive(Debug, Clone)]
pub(super) struct GraphQlClient {
    http: HttpClient,
    auth: Auth,
    url: String,
}

/// The result of an operation.
#[derive(Debug)]
pub(super) struct CallResult {
    pub(super) result: Result<DataObject, ApiError>,
    /// Whether an earlier attempt may have been executed although its response was lost.
    pub(super) ambiguous: bool,
    /// Whether the API didn't let the request in, so that nothing is known of what it would have answered.
    pub(super) denied: bool,
}

/// What is known of the attempts at an operation beside the result.
#[derive(Debug, Default)]
struct Attempts {
    ambiguous: bool,
    denied: bool,
}

impl GraphQlClient {
    pub(super) const fn new(http: HttpClient, auth: Auth, url: String) -> Self {
        Self { http, auth, url }
    }

    /// Executes an operation for the signed-in user.
    pub(super) async fn run<Q: GraphQLQuery>(&self, operation: &GraphQlOperation<Q>) -> CallResult {
        self.send(operation.name(), operation.body()).await
    }

    /// [`GraphQlClient::run`], and reads the data.
    pub(super) async fn read<Q: GraphQLQuery>(
        &self,
        operation: &GraphQlOperation<Q>,
    ) -> Result<Q::ResponseData, ApiError> {
        Ok(self.run(operation).await.result?.read::<Q>()?)
    }

    async fn send(&self, operation: &str, body: Result<String, ApiError>) -> CallResult {
        let mut attempts = Attempts::default();
        let result = match body {
            Ok(body) => self.in_time(&body, &mut attempts).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &result {
            tracing::debug!(operation, kind = error.kind().name(), %error, "a call failed");
        }
        let Attempts { ambiguous, denied } = attempts;
        CallResult {
            result,
            ambiguous,
            denied,
        }
    }

    /// All attempts, within [`RetryPolicy::total`](crate::http::RetryPolicy::total).
    async fn in_time(&self, body: &str, attempts: &mut Attempts) -> Result<DataObject, ApiError> {
        let policy = self.http.retry_policy();
        if let Ok(result) = tokio::time::timeout(policy.total, self.attempts(body, attempts)).await {
            return result;
        }
        // An attempt was in progress.
        attempts.ambiguous = true;
        Err(policy.timed_out())
    }

    async fn attempts(&self, body: &str, attempts: &mut Attempts) -> Result<DataObject, ApiError> {
        // Boxed: the futures of a session that is renewed are large, and every call contains them.
        let mut credentials = Box::pin(self.auth.api_credentials()).await?;
        let (mut renewed, mut dated) = (false, false);
        let mut delays = self.http.retry_policy().delays();
        loop {
            let (outcome, corrected) = self.attempt(&credentials, body).await?;
            let error = match outcome {
                Outcome::Data(data) => return Ok(data),
                Outcome::Failed(error) => return Err(error),
                // The signature had the date of a wrong clock.
                Outcome::TokenRejected(_) if corrected && !dated => {
                    dated = true;
                    continue;
                }
                Outcome::TokenRejected(detail) if renewed => {
                    attempts.denied = true;
                    return Err(ApiError::Unauthorized(detail));
                }
                Outcome::Denied(detail) => {
                    attempts.denied = true;
                    return Err(ApiError::Unauthorized(detail));
                }
                Outcome::TokenRejected(_) => {
                    credentials = Box::pin(self.auth.renew(&credentials)).await?;
                    renewed = true;
                    continue;
                }
                Outcome::Transient {
                    error,
                    ambiguous: unsure,
                } => {
                    attempts.ambiguous |= unsure;
                    error
                }
            };
            match delays.next() {
                Some(delay) if !matches!(error, ApiError::Silent(_)) => tokio::time::sleep(delay).await,
                Some(_) | None => return Err(error),
            }
        }
    }

    /// One attempt; also whether its response corrected the clock that signatures are dated by.
    async fn attempt(&self, credentials: &ApiCredentials, body: &str) -> Result<(Outcome, bool), ApiError> {
        let headers = json_headers(credentials, &self.url, body)?;
        let mut corrected = false;
        let outcome = match self.http.post(&self.url, headers, body.to_owned()).await {
            Ok(response) => {
                let clock = self.auth.signing_clock();
                corrected = clock.is_some_and(|clock| clock.observe(&response.headers));
                classify(&response)
            }
            Err(error) if error.too_long => Outcome::Failed(error.into()),
            Err(error) => Outcome::Transient {
                ambiguous: error.ambiguous,
                error: error.into(),
            },
        };
        Ok((outcome, corrected))
    }
}
