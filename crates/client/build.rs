//! Makes Rust of `graphql/operations/*.graphql`: for each a `graphql_client::GraphQLQuery`, and a module of its variables and answers.
//!
//! The generator looks up every field and input in `graphql/schema.graphql`, the very file that is deployed. AppSync forbids it to
//! declare AppSync's own scalars, and the generator wants them declared: they are put before a copy in `OUT_DIR`.

use std::{env, error::Error, fs, path::PathBuf};

use graphql_client_codegen::{CodegenMode, GraphQLClientCodegenOptions, generate_module_token_stream};

const SCHEMA: &str = "../../graphql/schema.graphql";
const OPERATIONS: &str = "../../graphql/operations";

/// What AppSync declares itself. Undeclared directives don't disturb the generator.
const PRELUDE: &str = "scalar AWSJSON\n";

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    for path in ["build.rs", SCHEMA, OPERATIONS] {
        println!("cargo::rerun-if-changed={path}");
    }
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);

    let schema = out.join("schema.graphql");
    fs::write(
        &schema,
        PRELUDE.to_owned() + &fs::read_to_string(root.join(SCHEMA))?,
    )?;

    let mut documents = Vec::new();
    for entry in fs::read_dir(root.join(OPERATIONS))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "graphql") {
            documents.push(path);
        }
    }
    documents.sort();
    let mut code = String::new();
    for document in documents {
        let mut options = GraphQLClientCodegenOptions::new(CodegenMode::Cli);
        // An absent member and a null one differ; `None` is an absent one.
        options.set_skip_serializing_none(true);
        // An input starts without members; see `Request::creating`.
        options.set_variables_derives("Default".to_owned());
        options.set_module_visibility(syn::parse_str("pub(crate)")?);
        let module = generate_module_token_stream(document.clone(), &schema, options)
            .map_err(|error| format!("{}: {error}", document.display()))?;
        code.push_str(&module.to_string());
        code.push('\n');
    }
    fs::write(out.join("operations.rs"), code)?;
    Ok(())
}
