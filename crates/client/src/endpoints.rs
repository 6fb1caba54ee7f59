//! The addresses of a backend.

use std::path::{Path, PathBuf};

use crate::error::ApiError;

/// The addresses and ids of a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// `https://<id>.appsync-api.<region>.amazonaws.com/graphql`, or a custom domain's, or loopback's.
    pub graphql: String,
    /// `wss://…`; see [`realtime_url`](crate::api::realtime_url) for how it is derived from `graphql`.
    pub realtime: String,
    /// `https://cognito-idp.<region>.amazonaws.com`, or loopback's.
    pub cognito: String,
    /// The region, such as `eu-west-1`.
    pub region: String,
    /// The user pool's id, such as `eu-west-1_AbC123`; empty if an operator's profile names none.
    pub user_pool_id: String,
    /// The id of the pool's app client (a public one, without a secret).
    pub client_id: String,
    /// How requests to the API are authorised.
    pub authorization: ApiAuthorization,
    /// The Unix socket for HTTP and WebSocket, whatever host the addresses name; `None` for TCP.
    pub socket: Option<PathBuf>,
}

/// How requests to the API are authorised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiAuthorization {
    /// By the access token of a user of the user pool.
    UserPool,
    /// By signatures of a user of the user pool, with temporary keys of this identity pool.
    IdentityPool(Box<IdentityPool>),
    /// By signatures of an operator, who owns no entries: with the keys of the environment, or of this profile of the
    /// shared credentials file.
    Operator(Option<String>),
}

/// An identity pool, which gives temporary keys to users of the user pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityPool {
    /// The id, `<region>:<uuid>`.
    pub id: String,
    /// `https://cognito-identity.<region>.amazonaws.com`, or loopback's.
    pub address: String,
}

impl Endpoints {
    /// The identity pool whose keys sign requests.
    pub(crate) fn identity_pool(&self) -> Option<&IdentityPool> {
        match &self.authorization {
            ApiAuthorization::IdentityPool(pool) => Some(pool),
            ApiAuthorization::UserPool | ApiAuthorization::Operator(_) => None,
        }
    }

    /// A backend in the box that listens on a socket file.
    pub fn on_socket(socket: &Path, user_pool_id: &str, client_id: &str) -> Self {
        let region = user_pool_id.split_once('_').map_or("", |(region, _)| region);
        Self {
            graphql: "http://localhost/graphql".to_owned(),
            realtime: "ws://localhost/graphql/realtime".to_owned(),
            cognito: "http://localhost".to_owned(),
            region: region.to_owned(),
            user_pool_id: user_pool_id.to_owned(),
            client_id: client_id.to_owned(),
            authorization: ApiAuthorization::UserPool,
            socket: Some(socket.to_owned()),
        }
    }

    /// Checks that no credentials would be sent unencrypted: without TLS only to loopback or a socket file.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] names the address and the reason.
    pub fn check(&self) -> Result<(), ApiError> {
        if cfg!(not(unix)) && self.socket.is_some() {
            return Err(ApiError::Rejected("socket files need a Unix system".to_owned()));
        }
        let identity = self.identity_pool().map(|pool| (&pool.address, "http", "https"));
        for (address, plain, secure) in [
            (&self.graphql, "http", "https"),
            (&self.realtime, "ws", "wss"),
            (&self.cognito, "http", "https"),
        ]
        .into_iter()
        .chain(identity)
        {
            let uri: http::Uri = address
                .parse()
                .map_err(|_| ApiError::Rejected(format!("`{address}` is not an address")))?;
            let host = uri.host().unwrap_or_default();
            let scheme = uri.scheme_str().unwrap_or_default();
            if host.is_empty() || (scheme != plain && scheme != secure) {
                return Err(ApiError::Rejected(format!(
                    "`{address}` must begin with {secure}:// and name a host"
                )));
            }
            if scheme == plain && self.socket.is_none() && !is_loopback(host) {
                return Err(ApiError::Rejected(format!(
                    "`{address}` would send the session unencrypted: use {secure}://"
                )));
            }
        }
        Ok(())
    }
}

/// Whether a host of a URI is this computer.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(graphql: &str) -> Endpoints {
        Endpoints {
            graphql: graphql.to_owned(),
            socket: None,
            ..Endpoints::on_socket(Path::new("/tmp/x.sock"), "eu-west-1_A", "c")
        }
    }

    #[test]
    fn only_addresses_of_this_computer_may_be_unencrypted() {
        assert!(remote("http://127.0.0.1:4000/graphql").check().is_ok());
        assert!(remote("http://[::1]:4000/graphql").check().is_ok());
        assert!(remote("https://api.example.com/graphql").check().is_ok());
        for bad in [
            "http://api.example.com/graphql",
            "http://127.0.0.1.example.com/graphql",
            "ftp://localhost/",
            "nonsense",
            "",
        ] {
            assert!(matches!(remote(bad).check(), Err(ApiError::Rejected(_))), "{bad}");
        }
    }

    #[test]
    fn a_socket_file_allows_any_host_name() {
        let endpoints = Endpoints::on_socket(Path::new("/tmp/x.sock"), "us-east-1_CALTRACK0", "c");
        assert_eq!(endpoints.region, "us-east-1");
        assert!(endpoints.check().is_ok());
    }
}
