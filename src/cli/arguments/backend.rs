//! The arguments of commands on backends: serving, configuring and checking them.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(in crate::cli) struct DoctorArguments {
    /// Replace a damaged outbox.db or cache.db by a new one first: of the outbox, all that can be read is copied; the old file
    /// is kept beside it
    #[arg(long)]
    pub(in crate::cli) recover: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ServeArguments {
    /// A loopback address; port 0 picks one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:20002")]
    pub(in crate::cli) listen: SocketAddr,
    /// A certificate chain (PEM), for https and wss
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(in crate::cli) tls_cert: Option<PathBuf>,
    /// The certificate's key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(in crate::cli) tls_key: Option<PathBuf>,
    /// A web origin whose pages may use the backend, such as `http://localhost:5173`; may be repeated
    #[arg(long, value_name = "ORIGIN")]
    pub(in crate::cli) allow_origin: Vec<String>,
    /// Also serve AWS's own APIs, DynamoDB's and Cognito's for administrators, to clients that sign with the key in the file that is
    /// printed as `credentialsFile`; the key doesn't change between starts
    #[arg(long)]
    pub(in crate::cli) expose_aws: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ConfigureArguments {
    /// The name of the profile: letters, digits, `-` and `_`
    pub(in crate::cli) name: String,
    /// A file with the output of `aws cloudformation describe-stacks`; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "amplify_outputs")]
    pub(in crate::cli) stack_outputs: Option<PathBuf>,
    /// Amplify's `amplify_outputs.json` or `amplifyconfiguration.json`; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) amplify_outputs: Option<PathBuf>,
    /// The AppSync API: `https://….appsync-api.REGION.amazonaws.com/graphql`
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) graphql_endpoint: Option<String>,
    /// The AWS region, such as eu-west-1; by default that of the user pool's id
    #[arg(long)]
    pub(in crate::cli) region: Option<String>,
    /// The id of the user pool, such as `eu-west-1_AbC123`
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) user_pool_id: Option<String>,
    /// The id of the pool's app client, which must have no secret
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) client_id: Option<String>,
    /// The address for subscriptions, if it isn't derived from that of the API
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) realtime_endpoint: Option<String>,
    /// The address of the user pool, if it isn't AWS's of the region
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) cognito_endpoint: Option<String>,
    /// The address of the identity pool, if it isn't AWS's of the region
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) identity_endpoint: Option<String>,
    /// The identity pool that gives users keys, with `--auth iam`
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) identity_pool_id: Option<String>,
    /// How requests to the API are authorised: `user-pool` sends the user pool's tokens, `iam` signs
    #[arg(long, value_name = "MODE")]
    pub(in crate::cli) auth: Option<AuthArgument>,
    /// Operators: sign with this profile of the shared credentials file, with `--auth iam`. Without it and without an
    /// identity pool, the environment's keys sign
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) aws_profile: Option<String>,
}

/// How requests to the API are authorised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum AuthArgument {
    /// By tokens of the user pool
    UserPool,
    /// By signatures: of the identity pool's users, or of an operator
    Iam,
}
