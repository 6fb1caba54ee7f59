//! Validation errors with AppSync's wording.
//!
//! apollo-compiler decides whether a document is valid. AppSync's errors come from graphql-java 9 to 15, so the rules here are its rules,
//! in its order, with its error names and paths (package `graphql.validation.rules`, `TraversalContext`). Errors that these rules don't
//! find are reported with apollo-compiler's messages.

mod literals;
mod variables;
mod walker;

pub(crate) use self::walker::{check_values, explain};
