//! AppSync: the deployed schema and resolvers, executed; subscriptions, published.
//!
//! [`AppSync`] executes GraphQL requests, [`realtime`] serves subscriptions over `WebSocket`s, and [`resolver`] runs
//! `APPSYNC_JS` code, by itself if need be. The tables, callers' credentials and limits of sockets are ports.

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
    request::{Answer, Caller, GraphQlRequest, Unparsable},
    schema::SchemaError,
    settings::ApiSettings,
};
