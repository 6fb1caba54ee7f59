//! AWS's own APIs for `--expose-aws`: DynamoDB's, and Cognito's for administrators, by requests signed with the exposed
//! key.
//!
//! A body is parsed only after its signature was verified. Errors have the shape of the service.

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

/// Maximum size of a body in bytes: DynamoDB's own limit, for batches of items.
const LARGEST_BODY: usize = 16 << 20;
/// Operations on tables themselves, which are rejected: keys and indexes are what the resolvers need.
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

/// AWS's own APIs on tables and user pool.
#[derive(Debug, Clone)]
pub(crate) struct AwsApis {
    tables: SettledTables,
    users: UserPool,
    keyring: Keyring,
    /// The name under which its calls take turns with those of users.
    caller: Arc<str>,
}

/// An operation that requires a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SignedOperation {
    /// An operation of DynamoDB.
    Tables(String),
    /// An operation of Cognito for administrators.
    Users(String),
}

impl SignedOperation {
    /// The operation of a request's `X-Amz-Target`; none if it requires no signature.
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

/// Why a request was rejected.
enum AwsRejection {
    Signature(SignatureError),
    /// The request is signed by a key without permission.
    Denied(IamIdentity),
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

    pub(super) async fn call(&self, target: SignedOperation, request: Request) -> Response {
        match self.signed_body(target.service(), request).await {
            Ok(body) => match target {
                SignedOperation::Tables(operation) => {
                    tables_response(self.on_tables(&operation, &body).await)
                }
                SignedOperation::Users(operation) => {
                    user_pool_response(self.on_users(&operation, &body).await)
                }
            },
            Err(rejection) => refuse(&target, &rejection),
        }
    }

    /// The body, if the exposed key signed the request.
    async fn signed_body(&self, service: Service, request: Request) -> Result<Bytes, AwsRejection> {
        let (parts, body) = request.into_parts();
        let headers = readable_headers(&parts.uri, &parts.headers);
        // Without a valid claim, the body is not even read.
        let claim = Claim::read(&headers, service, &self.keyring, jiff::Timestamp::now())
            .map_err(AwsRejection::Signature)?;
        let body = to_bytes(body, LARGEST_BODY)
            .await
            .map_err(|_| AwsRejection::TooLarge)?;
        let signed = Signed {
            method: parts.method.as_str(),
            path: parts.uri.path_and_query().map_or("/", PathAndQuery::as_str),
            headers: &headers,
            body: &body,
        };
        match claim.verify(&signed).map_err(AwsRejection::Signature)? {
            Principal::Exposed => Ok(body),
            Principal::Aggregator => Err(AwsRejection::Denied(IamIdentity::aggregator())),
            Principal::User(key) => Err(AwsRejection::Denied(IamIdentity::user(
                &key.sub,
                &key.identity_id,
            ))),
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
                "The tables belong to caltrack-tui: {operation} is not supported, only operations that read and write items."
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

fn refuse(target: &SignedOperation, rejection: &AwsRejection) -> Response {
    let (kind, message) = match rejection {
        AwsRejection::Signature(error) => (error.kind(), error.to_string()),
        AwsRejection::Denied(principal) => (
            "AccessDeniedException",
            format!(
                "User: {} is not authorized to perform: {}:{} because no identity-based policy allows it",
                principal.user_arn,
                target.service().name(),
                target.operation(),
            ),
        ),
        AwsRejection::TooLarge => (
            "SerializationException",
            format!("The request body is larger than {LARGEST_BODY} bytes."),
        ),
    };
    match target {
        SignedOperation::Tables(_) => tables_response(Err(DynamoError::common(kind, &message))),
        SignedOperation::Users(_) => user_pool_response(Err(CognitoError::new(kind, message))),
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
            SignedOperation::of(&headers)
        };
        assert_eq!(
            of("DynamoDB_20120810.GetItem"),
            Some(SignedOperation::Tables("GetItem".to_owned()))
        );
        assert_eq!(
            of("AWSCognitoIdentityProviderService.AdminCreateUser"),
            Some(SignedOperation::Users("AdminCreateUser".to_owned()))
        );
        for other in [
            "",
            "GetItem",
            "AWSCognitoIdentityProviderService.SignUp",
            "Dynamodb_20120810.GetItem",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        assert_eq!(SignedOperation::of(&HeaderMap::new()), None);
    }
}
