//! What `build.rs` makes of `graphql/operations/`: for each operation a type that stands for it, and a module of its variables and
//! answers. `None` in variables is an absent member, never null.

include!(concat!(env!("OUT_DIR"), "/operations.rs"));

/// JSON as text, as AppSync carries it.
type AWSJSON = String;
