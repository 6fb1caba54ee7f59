//! The code that `build.rs` generates from `graphql/operations/`: for each operation a type, and a module of its variables and
//! response. `None` in variables is an absent member, never null.

/// AppSync's scalar: a string of JSON.
type AWSJSON = String;

include!(concat!(env!("OUT_DIR"), "/operations.rs"));
