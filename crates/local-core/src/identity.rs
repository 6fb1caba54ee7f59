//! Authenticated callers.

use serde_json::{Value, json};

use crate::account::{ACCOUNT_ID, IDENTITY_POOL_ID, USER_POOL_PROVIDER};

/// An authenticated caller, by one of the API's two authorisation modes.
#[derive(Debug, Clone)]
pub enum Identity {
    /// A user of the pool, by an ID or access token that was verified.
    Cognito(CognitoIdentity),
    /// An IAM principal by its signature: the aggregator, or a user with temporary keys of the identity pool.
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

/// An IAM principal: a role, assumed by a function or through the identity pool.
#[derive(Debug, Clone)]
pub struct IamIdentity {
    /// The ARN: `arn:aws:sts::…:assumed-role/<role>/<function>`.
    pub user_arn: String,
    /// The role's id and the session's name: `AROA…:<session>`.
    pub username: String,
    /// The AWS account, twelve digits.
    pub account_id: String,
    /// The sign-in that an identity pool gave the keys for; none for other principals.
    pub sign_in: Option<PoolSignIn>,
    /// The addresses that proxies reported, then the peer's own.
    pub source_ip: Vec<String>,
}

/// A sign-in at an identity pool.
#[derive(Debug, Clone)]
pub struct PoolSignIn {
    /// The identity pool.
    pub pool_id: String,
    /// The user's id in the identity pool, `<region>:<uuid>`.
    pub identity_id: String,
    /// `authenticated`, or `unauthenticated` for a guest.
    pub kind: &'static str,
    /// The provider with the user's id there; empty for a guest.
    pub provider: String,
    /// The user's id in the user pool; empty for a guest.
    pub sub: String,
}

impl IamIdentity {
    /// The aggregator's role, as its Lambda function would have assumed it.
    pub fn aggregator() -> Self {
        Self {
            user_arn: format!("arn:aws:sts::{ACCOUNT_ID}:assumed-role/caltrack-aggregator/box"),
            username: "AROACALTRACKAGGREGATOR:box".to_owned(),
            account_id: ACCOUNT_ID.to_owned(),
            sign_in: None,
            source_ip: vec!["127.0.0.1".to_owned()],
        }
    }

    /// A user of the user pool (`sub`) with keys of the identity pool, as the deployed role would be assumed.
    pub fn user(sub: &str, identity_id: &str) -> Self {
        Self {
            user_arn: format!(
                "arn:aws:sts::{ACCOUNT_ID}:assumed-role/caltrack-users/CognitoIdentityCredentials"
            ),
            username: "AROACALTRACKUSERS:CognitoIdentityCredentials".to_owned(),
            account_id: ACCOUNT_ID.to_owned(),
            sign_in: Some(PoolSignIn {
                pool_id: IDENTITY_POOL_ID.to_owned(),
                identity_id: identity_id.to_owned(),
                kind: "authenticated",
                provider: format!("\"{USER_POOL_PROVIDER}\",\"{USER_POOL_PROVIDER}:CognitoSignIn:{sub}\""),
                sub: sub.to_owned(),
            }),
            source_ip: Vec::new(),
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

    /// The caller's unique key: a user's `sub`, by token or by keys, or a principal's ARN.
    pub fn key(&self) -> &str {
        match self {
            Self::Cognito(user) => &user.sub,
            Self::Iam(principal) => match &principal.sign_in {
                Some(sign_in) => &sign_in.sub,
                None => &principal.user_arn,
            },
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
            Self::Iam(principal) => {
                let sign_in = principal.sign_in.as_ref();
                json!({
                    "accountId": principal.account_id,
                    "cognitoIdentityPoolId": sign_in.map(|sign_in| &sign_in.pool_id),
                    "cognitoIdentityId": sign_in.map(|sign_in| &sign_in.identity_id),
                    "sourceIp": principal.source_ip,
                    "username": principal.username,
                    "userArn": principal.user_arn,
                    "cognitoIdentityAuthType": sign_in.map(|sign_in| sign_in.kind),
                    "cognitoIdentityAuthProvider": sign_in.map(|sign_in| &sign_in.provider),
                })
            }
        }
    }
}
