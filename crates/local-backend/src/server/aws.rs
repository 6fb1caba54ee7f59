//! AWS's own APIs, for `--expose-aws`: DynamoDB's on the box's tables and Cognito's for administrators, by requests that the exposed key signed.
//!
//! Nothing of a body is looked at before its signature is found good. Refusals are in the services' own shapes.

use std::sync::Arc;

use axum::{
    body::{Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, uri::PathAndQuery},
    response::Response,
};
use caltrack_local_cognito::{CognitoError, UserPool};
use caltrack_local_core::{
    authenticator::{SignatureError, Signed},
    identity::IamIdentity,
    tables::{DynamoError, Operation, TableApi as _},
};
use serde_json::Value;

use super::{
    amz_json::{TABLES, USER_POOL, tables_response, target, user_pool_response},
    headers::readable_headers,
};
use crate::{
    settled::SettledTables,
    sigv4::{Claim, Keyring, Principal, Service},
};

/// DynamoDB's own limit: a batch of items is larger than AppSync's bodies.
const LARGEST_BODY: usize = 16 << 20;
/// What changes the tables themselves: they are the box's, keyed and indexed as its resolvers need them.
const OF_TABLES: [&str; 8] = [
    "CreateTable",
    "DeleteTable",
    "UpdateTable",
    "UpdateTimeToLive",
    "CreateBackup",
    "CreateGlobalTable",
    "RestoreTableFromBackup",
    "ImportTable",
];

/// Who may call, and on what.
#[derive(Debug, Clone)]
pub(crate) struct AwsApis {
    tables: SettledTables,
    users: UserPool,
    keyring: Keyring,
    /// The caller of all its calls of tables, for its turns beside users.
    caller: Arc<str>,
}

/// An operation that only a signature opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// Of DynamoDB's.
    Tables(String),
    /// Of the user pool's, for administrators.
    Users(String),
}

impl Target {
    /// The operation that a request is for; none where it isn't one of these.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let target = target(headers)?;
        if let Some(operation) = target.strip_prefix(TABLES) {
            return Some(Self::Tables(operation.to_owned()));
        }
        let operation = target.strip_prefix(USER_POOL)?;
        UserPool::ADMIN_OPERATIONS
            .contains(&operation)
            .then(|| Self::Users(operation.to_owned()))
    }

    fn service(&self) -> Service {
        match self {
            Self::Tables(_) => Service::DynamoDb,
            Self::Users(_) => Service::CognitoIdp,
        }
    }

    fn operation(&self) -> &str {
        match self {
            Self::Tables(operation) | Self::Users(operation) => operation,
        }
    }
}

/// Why a call got nowhere.
enum Refusal {
    Signature(SignatureError),
    /// It is signed, by a key that may not.
    Denied,
    TooLarge,
}

impl AwsApis {
    /// The APIs on these tables and users, for the exposed key of a keyring.
    pub(crate) fn new(tables: SettledTables, users: UserPool, keyring: Keyring) -> Self {
        Self {
            tables,
            users,
            keyring,
            caller: Arc::from("aws"),
        }
    }

    pub(super) async fn call(&self, target: Target, request: Request) -> Response {
        match self.signed_body(target.service(), request).await {
            Ok(body) => match target {
                Target::Tables(operation) => tables_response(self.on_tables(&operation, &body).await),
                Target::Users(operation) => user_pool_response(self.on_users(&operation, &body).await),
            },
            Err(refusal) => refuse(&target, &refusal),
        }
    }

    /// The body, where the exposed key signed the request.
    async fn signed_body(&self, service: Service, request: Request) -> Result<Bytes, Refusal> {
        let (parts, body) = request.into_parts();
        let headers = readable_headers(&parts.uri, &parts.headers);
        // A stranger's body is not even read.
        let claim = Claim::read(&headers, service, &self.keyring, jiff::Timestamp::now())
            .map_err(Refusal::Signature)?;
        let body = to_bytes(body, LARGEST_BODY)
            .await
            .map_err(|_| Refusal::TooLarge)?;
        let signed = Signed {
            method: parts.method.as_str(),
            path: parts.uri.path_and_query().map_or("/", PathAndQuery::as_str),
            headers: &headers,
            body: &body,
        };
        match claim.verify(&signed).map_err(Refusal::Signature)? {
            Principal::Exposed => Ok(body),
            Principal::Aggregator => Err(Refusal::Denied),
        }
    }

    async fn on_users(&self, operation: &str, body: &Bytes) -> Result<Value, CognitoError> {
        let body = serde_json::from_slice(body)
            .map_err(|error| CognitoError::new("SerializationException", error.to_string()))?;
        self.users.administer(operation, body).await
    }

    async fn on_tables(&self, operation: &str, body: &Bytes) -> Result<Value, DynamoError> {
        if OF_TABLES.contains(&operation) {
            let message = format!(
                "The tables are caltrack-tui's own: {operation} is not offered here, only what reads and writes items."
            );
            return Err(DynamoError::common("AccessDeniedException", &message));
        }
        let operation: Operation = operation.parse().map_err(|_| {
            DynamoError::common("UnknownOperationException", "There is no such operation here.")
        })?;
        let body = serde_json::from_slice(body).map_err(|error| DynamoError::malformed(error.to_string()))?;
        self.tables.call_for(&self.caller, operation, body).await
    }
}

fn refuse(target: &Target, refusal: &Refusal) -> Response {
    let (kind, message) = match refusal {
        Refusal::Signature(error) => (error.kind(), error.to_string()),
        Refusal::Denied => (
            "AccessDeniedException",
            format!(
                "User: {} is not authorized to perform: {}:{} because no identity-based policy allows it",
                IamIdentity::aggregator().user_arn,
                target.service().name(),
                target.operation(),
            ),
        ),
        Refusal::TooLarge => (
            "SerializationException",
            format!("The request body is larger than {LARGEST_BODY} bytes."),
        ),
    };
    match target {
        Target::Tables(_) => tables_response(Err(DynamoError::common(kind, &message))),
        Target::Users(_) => user_pool_response(Err(CognitoError::new(kind, message))),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_what_a_signature_opens_is_taken() {
        let of = |target: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-amz-target", HeaderValue::from_static(target));
            Target::of(&headers)
        };
        assert_eq!(
            of("DynamoDB_20120810.GetItem"),
            Some(Target::Tables("GetItem".to_owned()))
        );
        assert_eq!(
            of("AWSCognitoIdentityProviderService.AdminCreateUser"),
            Some(Target::Users("AdminCreateUser".to_owned()))
        );
        for other in [
            "",
            "GetItem",
            "AWSCognitoIdentityProviderService.SignUp",
            "Dynamodb_20120810.GetItem",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        assert_eq!(Target::of(&HeaderMap::new()), None);
    }
}
