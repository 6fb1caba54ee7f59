//! Authenticated callers.

use serde_json::{Value, json};

use crate::account::ACCOUNT_ID;

/// An authenticated caller, by one of the API's two authorisation modes.
#[derive(Debug, Clone)]
pub enum Identity {
    /// A user of the pool, by an ID or access token that was verified.
    Cognito(CognitoIdentity),
    /// An IAM principal by its signature: the aggregator.
    Iam(IamIdentity),
}

/// A user of the pool, as a verified token describes it.
#[derive(Debug, Clone)]
pub struct CognitoIdentity {
    /// The user's id, which never changes; entries belong to it.
    pub sub: String,
    /// `cognito:username`, or `username` of an access token.
    pub username: String,
    /// The token's `iss`: the address of the pool that issued it.
    pub issuer: String,
    /// `cognito:groups`; none if the user is in no group.
    pub groups: Option<Vec<String>>,
    /// All claims of the token.
    pub claims: serde_json::Map<String, Value>,
    /// The addresses that proxies reported, then the peer's own.
    pub source_ip: Vec<String>,
}

/// An IAM principal: a role, assumed by a function.
#[derive(Debug, Clone)]
pub struct IamIdentity {
    /// The ARN: `arn:aws:sts::…:assumed-role/<role>/<function>`.
    pub user_arn: String,
    /// The role's id and the session's name: `AROA…:<session>`.
    pub username: String,
    /// The AWS account, twelve digits.
    pub account_id: String,
    /// The addresses that proxies reported, then the peer's own.
    pub source_ip: Vec<String>,
}

impl IamIdentity {
    /// The aggregator's role, as its Lambda function would have assumed it.
    pub fn aggregator() -> Self {
        Self {
            user_arn: format!("arn:aws:sts::{ACCOUNT_ID}:assumed-role/caltrack-aggregator/box"),
            username: "AROACALTRACKAGGREGATOR:box".to_owned(),
            account_id: ACCOUNT_ID.to_owned(),
            source_ip: vec!["127.0.0.1".to_owned()],
        }
    }
}

impl Identity {
    /// The same caller with other addresses.
    #[must_use]
    pub fn calling_from(mut self, addresses: Vec<String>) -> Self {
        match &mut self {
            Self::Cognito(user) => user.source_ip = addresses,
            Self::Iam(principal) => principal.source_ip = addresses,
        }
        self
    }

    /// The caller's unique key: a user's `sub` or a principal's ARN.
    pub fn key(&self) -> &str {
        match self {
            Self::Cognito(user) => &user.sub,
            Self::Iam(principal) => &principal.user_arn,
        }
    }

    /// `ctx.identity` as resolvers see it (AppSync guide, "Resolver context object reference").
    pub fn to_context(&self) -> Value {
        match self {
            Self::Cognito(user) => json!({
                "sub": user.sub,
                "username": user.username,
                "issuer": user.issuer,
                "claims": user.claims,
                "groups": user.groups,
                "sourceIp": user.source_ip,
                "defaultAuthStrategy": "ALLOW",
            }),
            Self::Iam(principal) => json!({
                "accountId": principal.account_id,
                "cognitoIdentityPoolId": null,
                "cognitoIdentityId": null,
                "sourceIp": principal.source_ip,
                "username": principal.username,
                "userArn": principal.user_arn,
                "cognitoIdentityAuthType": null,
                "cognitoIdentityAuthProvider": null,
            }),
        }
    }
}
