//! The configuration of the API.

/// How the API is configured: what CloudFormation's `AWS::AppSync::GraphQLApi` says of what may be executed. The limits are the
/// deployed API's by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiSettings {
    /// `IntrospectionConfig`: whether clients may ask for the types. A deployed API doesn't tell them unless its stack says so; the
    /// box does, since tools on one's own computer want to know.
    pub introspection: bool,
    /// `QueryDepthLimit`: levels of fields, those without a selection included.
    pub query_depth_limit: usize,
    /// `ResolverCountLimit`: resolvers per request.
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
