//! AppSync: executes the deployed schema and resolvers, and publishes to subscriptions.
//!
//! [`AppSync`] executes GraphQL requests, [`realtime`] serves subscriptions over `WebSocket`s, and [`resolver`] runs
//! `APPSYNC_JS` code; it can be used without the rest. The tables, the authentication of callers and the limits of
//! sockets are ports: traits that other crates implement.

mod app;
mod bounds;
mod documents;
mod errors;
mod execute;
mod execution;
mod headers;
mod introspection;
mod outcome;
pub mod realtime;
mod request;
pub mod resolver;
mod response_size;
mod scalars;
mod schema;
mod selection;
mod settings;
mod validation;
mod values;
mod variables;
mod walk;

pub use self::{
    app::AppSync,
    request::{Caller, GraphQlRequest, GraphQlResponse, Unparsable},
    schema::SchemaError,
    settings::ApiSettings,
};
