//! The resolvers of `graphql/`: the data source of each, and its code in one piece.
//!
//! The first line of a file names its data source, `// datasource: ActivityTable`, or its functions in `graphql/functions/`,
//! `// pipeline: first, second`. What it imports from `graphql/lib/` is inlined, comments and indentation are removed
//! ([`strip()`]): the box executes this text, and the templates carry it with shorter names. `build.rs` does this for the
//! files of the repository, so the program contains the finished texts ([`Files::embedded`]).

mod bundle;
mod embedded;
mod files;
mod strip;

pub use files::{FileError, Files, PipelineFunction, Resolver, ResolverKind, Source, Texts, texts};
pub use strip::strip;
