//! Requests signed with AWS's crate, as an AWS client signs them.

use std::{fmt::Write as _, net::SocketAddr, time::SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use caltrack_local_backend::sigv4::KeyPair;

/// An HTTP request, whose parts a test can change.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// Region, service and time of a signature.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) at: SystemTime,
}

impl<'a> Scope<'a> {
    pub(crate) fn now(service: &'a str) -> Self {
        Self {
            region: "us-east-1",
            service,
            at: SystemTime::now(),
        }
    }
}

impl Request {
    pub(crate) fn new(address: SocketAddr, path: &str, body: String) -> Self {
        Self {
            path: path.to_owned(),
            headers: vec![("host".to_owned(), address.to_string())],
            body,
        }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(found, _)| found != name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn signed(self, key: &KeyPair, service: &str) -> Self {
        self.signed_for(key, Scope::now(service))
    }

    pub(crate) fn signed_for(mut self, key: &KeyPair, scope: Scope<'_>) -> Self {
        let identity: Identity =
            Credentials::new(key.access_key_id(), key.secret(), None, None, "test").into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(scope.region)
            .name(scope.service)
            .time(scope.at)
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let host = &self.headers[0].1;
        let url = format!("http://{host}{}", self.path);
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let body = SignableBody::Bytes(self.body.as_bytes());
        let signable = SignableRequest::new("POST", url, headers, body).unwrap();
        let (instructions, _) = sign(signable, &params).unwrap().into_parts();
        let added: Vec<(String, String)> = instructions
            .headers()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        self.headers.extend(added);
        self
    }

    /// The headers in the form of a real-time client's header object.
    pub(crate) fn header_object(&self) -> serde_json::Value {
        self.headers.iter().cloned().collect()
    }

    pub(crate) fn to_http(&self) -> String {
        let mut text = format!(
            "POST {} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n",
            self.path,
            self.body.len()
        );
        for (name, value) in &self.headers {
            write!(text, "{name}: {value}\r\n").unwrap();
        }
        write!(text, "\r\n{}", self.body).unwrap();
        text
    }
}
