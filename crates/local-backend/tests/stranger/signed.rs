//! Temporary keys of the identity pool, and requests that they sign: by AWS's signer, as AWS's clients do.

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        SignableBody, SignableRequest, SignatureLocation, SigningInstructions, SigningSettings, sign,
    },
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use serde_json::{Map, Value, json};

use crate::{
    client::post,
    wire::{Response, send},
};

pub(crate) const IDENTITY_POOL: &str = "us-east-1:ca17ca17-0000-4000-8000-00000000b0b0";
pub(crate) const PROVIDER: &str = "cognito-idp.us-east-1.amazonaws.com/us-east-1_CALTRACK0";

/// Calls an operation of the identity pool. The error is the body of the response.
pub(crate) async fn identity_pool(socket: &Path, operation: &str, body: Value) -> Result<Value, Value> {
    let target = format!("AWSCognitoIdentityService.{operation}");
    let headers = [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", target.as_str()),
    ];
    match post(socket, "/", &headers, &body).await {
        (200, body) => Ok(body),
        (_, body) => Err(body),
    }
}

pub(crate) fn logins(token: &str) -> Value {
    json!({ PROVIDER: token })
}

/// Temporary keys.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub(crate) identity_id: String,
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) session_token: Option<String>,
}

impl Keys {
    /// Keys for an ID token.
    pub(crate) async fn of(socket: &Path, token: &str) -> Self {
        let body = json!({ "IdentityPoolId": IDENTITY_POOL, "Logins": logins(token) });
        let identity = identity_pool(socket, "GetId", body).await.unwrap();
        let body = json!({ "IdentityId": identity["IdentityId"], "Logins": logins(token) });
        let given = identity_pool(socket, "GetCredentialsForIdentity", body)
            .await
            .unwrap();
        assert_eq!(given["IdentityId"], identity["IdentityId"]);
        let text = |name: &str| given["Credentials"][name].as_str().unwrap().to_owned();
        let expires = given["Credentials"]["Expiration"].as_i64().unwrap();
        let left = expires - jiff::Timestamp::now().as_second();
        assert!((3_500..=3_600).contains(&left), "an hour: {left}");
        Self {
            identity_id: given["IdentityId"].as_str().unwrap().to_owned(),
            id: text("AccessKeyId"),
            secret: text("SecretKey"),
            session_token: Some(text("SessionToken")),
        }
    }

    /// The headers of a signed request, `host` included.
    pub(crate) fn sign(&self, path: &str, constant: &[(&str, &str)], body: &str) -> Vec<(String, String)> {
        let instructions = self.instructions(path, constant, body, SigningSettings::default());
        let given = [("host", "localhost")]
            .into_iter()
            .chain(constant.iter().copied());
        given
            .chain(instructions.headers())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// The path of a request whose query string is its signature, valid for five minutes.
    pub(crate) fn presign(&self, path: &str, constant: &[(&str, &str)], body: &str) -> String {
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_mins(5));
        let instructions = self.instructions(path, constant, body, settings);
        let parameters = instructions.params().iter();
        let query: Vec<String> = parameters
            .map(|(name, value)| format!("{name}={}", value.replace('/', "%2F").replace('+', "%2B")))
            .collect();
        format!("{path}?{}", query.join("&"))
    }

    fn instructions(
        &self,
        path: &str,
        constant: &[(&str, &str)],
        body: &str,
        settings: SigningSettings,
    ) -> SigningInstructions {
        let identity: Identity = Credentials::new(
            self.id.as_str(),
            self.secret.as_str(),
            self.session_token.clone(),
            None,
            "test",
        )
        .into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name("appsync")
            .time(SystemTime::now())
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let url = format!("http://localhost{path}");
        let body = SignableBody::Bytes(body.as_bytes());
        let signable = SignableRequest::new("POST", url, constant.iter().copied(), body).unwrap();
        sign(signable, &params).unwrap().into_parts().0
    }

    /// Sends a signed query.
    pub(crate) async fn query(&self, socket: &Path, query: &str, variables: &Value) -> Response {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let headers = self.sign("/graphql", &[("content-type", "application/json")], &body);
        send(socket, "/graphql", &headers, &body).await
    }

    /// The header object of a connection, or of a subscription.
    pub(crate) fn header_object(&self, path: &str, body: &str) -> Value {
        let constant = [
            ("accept", "application/json, text/javascript"),
            ("content-encoding", "amz-1.0"),
            ("content-type", "application/json; charset=UTF-8"),
        ];
        let headers = self.sign(path, &constant, body);
        let object: Map<String, Value> = headers
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect();
        Value::Object(object)
    }
}
