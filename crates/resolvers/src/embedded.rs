//! The files of the repository, as `build.rs` bundled them.

use crate::files::{Files, PipelineFunction, Resolver, ResolverKind, Source};

impl Files {
    /// The files of the repository when the program was built.
    pub fn embedded() -> Self {
        include!(concat!(env!("OUT_DIR"), "/embedded.rs"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_of_the_repository_are_embedded_and_within_appsyncs_limit() {
        let files = Files::embedded();
        assert!(files.resolvers.len() >= 20 && !files.functions.is_empty());
        for resolver in &files.resolvers {
            // AppSync's quota of a resolver's code, in bytes.
            assert!(resolver.code.len() <= 32 << 10, "{}", resolver.field);
        }
    }
}
