//! Bundles the files of `graphql/`: the program contains finished code and doesn't bundle at every start. Invalid files
//! fail the build.

use std::{env, error::Error, fs, path::Path};

use files::{Files, ResolverKind, texts};

#[path = "src/bundle.rs"]
mod bundle;
#[path = "src/files.rs"]
pub mod files;
#[path = "src/strip.rs"]
pub mod strip;

fn main() -> Result<(), Box<dyn Error>> {
    let graphql = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../graphql");
    let folder = |name: &str| {
        let folder = graphql.join(name);
        println!("cargo::rerun-if-changed={}", folder.display());
        texts(&folder)
    };
    let files = Files::of(&folder("resolvers")?, &folder("functions")?, &folder("lib")?)?;
    fs::write(
        Path::new(&env::var("OUT_DIR")?).join("embedded.rs"),
        expression(&files),
    )?;
    Ok(())
}

/// A Rust expression of the value.
fn expression(files: &Files) -> String {
    let resolvers = files.resolvers.iter().map(|resolver| {
        let kind = match &resolver.kind {
            ResolverKind::Unit(source) => format!("Unit(Source::{source:?})"),
            ResolverKind::Pipeline(names) => {
                let names = names.iter().map(|name| format!("{name:?}.into()"));
                format!("Pipeline(vec![{}])", names.collect::<Vec<_>>().join(", "))
            }
        };
        format!(
            "Resolver {{ type_name: {:?}.into(), field: {:?}.into(), kind: ResolverKind::{kind}, code: {:?}.into() }}",
            resolver.type_name, resolver.field, resolver.code
        )
    });
    let functions = files.functions.iter().map(|function| {
        format!(
            "PipelineFunction {{ name: {:?}.into(), source: Source::{:?}, code: {:?}.into() }}",
            function.name, function.source, function.code
        )
    });
    format!(
        "Files {{ resolvers: vec![{}], functions: vec![{}] }}",
        resolvers.collect::<Vec<_>>().join(", "),
        functions.collect::<Vec<_>>().join(", ")
    )
}
