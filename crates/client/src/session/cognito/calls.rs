//! Calls of one of Cognito's services: a `POST` for each operation, retried where that is safe.

use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{PoolError, invalid, pool_error};
use crate::http::{HttpClient, HttpResponse, RetryPolicy, TransportError, clock_skew};

/// The operations of a service at an address.
#[derive(Debug, Clone)]
pub(super) struct AmzCalls {
    http: HttpClient,
    url: String,
    service: &'static str,
}

impl AmzCalls {
    /// `service` is what `X-Amz-Target` has before the operation's name.
    pub(super) fn new(http: HttpClient, address: &str, service: &'static str) -> Self {
        Self {
            http,
            url: format!("{}/", address.trim_end_matches('/')),
            service,
        }
    }

    /// Calls an operation. These operations aren't idempotent, so only a call that certainly wasn't executed is retried.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        operation: &str,
        body: &Value,
    ) -> Result<T, PoolError> {
        Ok(self.call_dated(operation, body).await?.0)
    }

    /// [`AmzCalls::call`], with the clock skew of the service in seconds.
    pub(super) async fn call_dated<T: DeserializeOwned>(
        &self,
        operation: &str,
        body: &Value,
    ) -> Result<(T, Option<i64>), PoolError> {
        let policy = self.http.retry_policy();
        tokio::time::timeout(policy.total, self.attempts(operation, body, policy))
            .await
            .unwrap_or_else(|_| Err(PoolError::Other(policy.timed_out())))
    }

    /// One attempt, whatever the response.
    pub(super) async fn attempt(
        &self,
        operation: &str,
        body: String,
    ) -> Result<Result<HttpResponse, TransportError>, PoolError> {
        Ok(self.http.post(&self.url, self.headers(operation)?, body).await)
    }

    async fn attempts<T: DeserializeOwned>(
        &self,
        operation: &str,
        body: &Value,
        policy: &RetryPolicy,
    ) -> Result<(T, Option<i64>), PoolError> {
        let body = SecretString::from(body.to_string());
        let mut delays = policy.delays();
        loop {
            let response = self.attempt(operation, body.expose_secret().to_owned()).await?;
            let (error, can_retry) = match response {
                Ok(response) => match read(&response) {
                    Ok(read) => return Ok((read, clock_skew(&response.headers))),
                    Err(error) => {
                        let can_retry = error.is_busy();
                        (error, can_retry)
                    }
                },
                Err(error) => {
                    let can_retry = !error.ambiguous;
                    (PoolError::Other(error.into()), can_retry)
                }
            };
            match delays.next() {
                Some(delay) if can_retry => tokio::time::sleep(delay).await,
                Some(_) | None => return Err(error),
            }
        }
    }

    fn headers(&self, operation: &str) -> Result<HeaderMap, PoolError> {
        let target = HeaderValue::try_from(format!("{}.{operation}", self.service))
            .map_err(|_| invalid("an operation without a name"))?;
        Ok(HeaderMap::from_iter([
            (
                CONTENT_TYPE,
                HeaderValue::from_static("application/x-amz-json-1.1"),
            ),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (HeaderName::from_static("x-amz-target"), target),
        ]))
    }
}

/// Reads a response: the operation's result, or the service's error.
pub(super) fn read<T: DeserializeOwned>(response: &HttpResponse) -> Result<T, PoolError> {
    if response.status == 200 {
        serde_json::from_slice(&response.body).map_err(|_| invalid("it isn't the user pool's"))
    } else {
        Err(pool_error(response))
    }
}
