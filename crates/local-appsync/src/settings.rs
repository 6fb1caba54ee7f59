//! The configuration of the API.

/// The properties of CloudFormation's `AWS::AppSync::GraphQLApi` that limit execution. The defaults are the deployed
/// API's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiSettings {
    /// `IntrospectionConfig`: whether clients may query the types. It is on by default for local tools, and off in a
    /// deployed API unless its stack turns it on.
    pub introspection: bool,
    /// `QueryDepthLimit`: maximum levels of fields, scalars included.
    pub query_depth_limit: usize,
    /// `ResolverCountLimit`: maximum number of resolvers per request.
    pub resolver_count_limit: usize,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self {
            introspection: true,
            query_depth_limit: 10,
            resolver_count_limit: 100,
        }
    }
}
