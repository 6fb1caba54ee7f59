//! One GraphQL operation from token to data: repeats what may be repeated, and renews what has run out.

use graphql_client::GraphQLQuery;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::ExposeSecret;

use super::{
    ApiError,
    auth::{Auth, Credentials},
    data::Data,
    graphql::{Request, Verdict, judge},
    http::Http,
};

/// Runs operations against one API. Every operation of this program may be repeated: queries by nature, writes by their id.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    http: Http,
    auth: Auth,
    url: String,
}

/// How an operation ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) result: Result<Data, ApiError>,
    /// Whether an earlier attempt may have been carried out without its answer arriving.
    pub(crate) ambiguous: bool,
}

impl Caller {
    pub(crate) fn new(http: Http, auth: Auth, url: String) -> Self {
        Self { http, auth, url }
    }

    /// Runs an operation as whoever is signed in.
    pub(crate) async fn run<Q: GraphQLQuery>(&self, request: &Request<Q>) -> Outcome {
        self.send(request.name(), request.body()).await
    }

    /// [`Caller::run`], and reads the answer.
    pub(crate) async fn read<Q: GraphQLQuery>(
        &self,
        request: &Request<Q>,
    ) -> Result<Q::ResponseData, ApiError> {
        Ok(self.run(request).await.result?.read::<Q>()?)
    }

    async fn send(&self, operation: &str, body: Result<String, ApiError>) -> Outcome {
        let mut ambiguous = false;
        let result = match body {
            Ok(body) => self.in_time(&body, &mut ambiguous).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &result {
            tracing::debug!(operation, kind = error.kind(), %error, "a call failed");
        }
        Outcome { result, ambiguous }
    }

    /// All attempts, within [`Patience::total`](super::http::Patience::total).
    async fn in_time(&self, body: &str, ambiguous: &mut bool) -> Result<Data, ApiError> {
        let patience = self.http.patience();
        let attempts = self.attempts(body, ambiguous);
        if let Ok(result) = tokio::time::timeout(patience.total, attempts).await {
            return result;
        }
        // An attempt was under way.
        *ambiguous = true;
        Err(patience.exhausted())
    }

    async fn attempts(&self, body: &str, ambiguous: &mut bool) -> Result<Data, ApiError> {
        let mut credentials = self.auth.credentials().await?;
        let mut renewed = false;
        let mut patience = self.http.patience();
        loop {
            let (error, unsure) = match self.attempt(&credentials, body).await? {
                Verdict::Data(data) => return Ok(data),
                Verdict::Failed(error) => return Err(error),
                Verdict::Stale(detail) if renewed => return Err(ApiError::Unauthorized(detail)),
                Verdict::Stale(_) => {
                    credentials = self.auth.renew(&credentials.access).await?;
                    renewed = true;
                    continue;
                }
                Verdict::Passing { error, ambiguous } => (error, ambiguous),
            };
            *ambiguous |= unsure;
            if patience.repeats == 0 || matches!(error, ApiError::Silent(_)) {
                return Err(error);
            }
            patience.repeats -= 1;
            tokio::time::sleep(patience.backoff.next_wait()).await;
        }
    }

    async fn attempt(&self, credentials: &Credentials, body: &str) -> Result<Verdict, ApiError> {
        // AppSync takes the bare token; `Bearer` would be accepted too, but Amplify sends none.
        let mut token = HeaderValue::try_from(credentials.access.expose_secret())
            .map_err(|_| ApiError::SignedOut("the session holds a token that can't be sent".to_owned()))?;
        token.set_sensitive(true);
        let headers = HeaderMap::from_iter([
            (AUTHORIZATION, token),
            (
                CONTENT_TYPE,
                HeaderValue::from_static("application/json; charset=UTF-8"),
            ),
        ]);
        Ok(match self.http.post(&self.url, headers, body.to_owned()).await {
            Ok(answer) => judge(&answer),
            Err(failure) if failure.too_long => Verdict::Failed(failure.into()),
            Err(failure) => Verdict::Passing {
                ambiguous: failure.ambiguous,
                error: failure.into(),
            },
        })
    }
}
