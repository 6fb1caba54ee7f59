//! AppSync: GraphQL execution, resolvers, subscriptions.

pub mod identity;
pub mod resolver;
