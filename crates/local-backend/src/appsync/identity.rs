//! Who is calling.

use serde_json::{Value, json};

/// An authenticated caller, by one of the API's two authorisation modes.
#[derive(Debug, Clone)]
pub enum Identity {
    /// A user of the pool, by an ID or access token that was verified.
    Cognito(CognitoIdentity),
    /// An IAM principal: the aggregator.
    Iam(IamIdentity),
}

/// A user of the pool.
#[derive(Debug, Clone)]
pub struct CognitoIdentity {
    /// The user's id.
    pub sub: String,
    /// `cognito:username`, or `username` of an access token.
    pub username: String,
    /// `iss` of the token.
    pub issuer: String,
    /// `cognito:groups`; none where the user is in no group.
    pub groups: Option<Vec<String>>,
    /// All claims of the token.
    pub claims: serde_json::Map<String, Value>,
    /// What proxies said of where the request came from, and the peer's address.
    pub source_ip: Vec<String>,
}

/// An IAM principal.
#[derive(Debug, Clone)]
pub struct IamIdentity {
    /// `arn:aws:sts::…:assumed-role/<role>/<function>`.
    pub user_arn: String,
    /// `AROA…:<session>`.
    pub username: String,
    /// Twelve digits.
    pub account_id: String,
    /// What proxies said of where the request came from, and the peer's address.
    pub source_ip: Vec<String>,
}

impl IamIdentity {
    /// The aggregator's role, as a Lambda would have assumed it.
    pub fn aggregator() -> Self {
        Self {
            user_arn: "arn:aws:sts::000000000000:assumed-role/caltrack-aggregator/box".to_owned(),
            username: "AROACALTRACKAGGREGATOR:box".to_owned(),
            account_id: "000000000000".to_owned(),
            source_ip: vec!["127.0.0.1".to_owned()],
        }
    }
}

impl Identity {
    /// The same, calling from there.
    #[must_use]
    pub fn calling_from(mut self, addresses: Vec<String>) -> Self {
        match &mut self {
            Self::Cognito(user) => user.source_ip = addresses,
            Self::Iam(principal) => principal.source_ip = addresses,
        }
        self
    }

    /// Identifies the caller: a user's `sub`, a principal's ARN.
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
