//! The backend's HTTP server: GraphQL, real time, the user pool, and AWS's own APIs for `--expose-aws`.

mod amz_json;
mod aws;
mod errors;
mod graphql;
mod headers;
mod limits;
mod port;
mod realtime;
mod router;
mod state;
mod user_pool;

pub(crate) use self::{aws::AwsApis, router::amz_routes};
pub use self::{
    limits::CallerLimits,
    port::{Origins, Scheme, for_port},
    router::{api_routes, finish},
    state::ApiState,
};
