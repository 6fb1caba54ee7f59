//! Generates Rust from `graphql/operations/*.graphql`: for each file a `graphql_client::GraphQLQuery`, and a module of its
//! variables and response. A document that spreads a fragment of `operations/fragments/` is sent with it.
//!
//! The generator looks up every field and input in `graphql/schema.graphql`, which is also the file that is deployed. It requires
//! declarations of AppSync's own scalars, which AppSync rejects: so they are added to a copy in `OUT_DIR`.

use std::{env, error::Error, fmt::Write as _, fs, io, path::Path, path::PathBuf};

use graphql_client_codegen::{
    CodegenMode, GraphQLClientCodegenOptions, generate_module_token_stream_from_string,
};

const SCHEMA: &str = "../../graphql/schema.graphql";
const OPERATIONS: &str = "../../graphql/operations";

/// AppSync's own scalars. The generator ignores undeclared directives.
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

    let fragments = documents(&root.join(OPERATIONS).join("fragments"))?
        .iter()
        .map(|path| {
            let spread = format!("...{}\n", path.file_stem().unwrap_or_default().display());
            Ok((spread, fs::read_to_string(path)?))
        })
        .collect::<io::Result<Vec<_>>>()?;
    let mut code = String::new();
    let mut sent = Vec::new();
    for path in documents(&root.join(OPERATIONS))? {
        let mut document = fs::read_to_string(&path)?;
        for (spread, fragment) in &fragments {
            if document.contains(spread) {
                document.push_str(fragment);
            }
        }
        let mut options = GraphQLClientCodegenOptions::new(CodegenMode::Cli);
        // `None` is an absent member, which differs from null.
        options.set_skip_serializing_none(true);
        // An input starts without members; see `Request::creating`.
        options.set_variables_derives("Default".to_owned());
        options.set_module_visibility(syn::parse_str("pub(crate)")?);
        let module = generate_module_token_stream_from_string(&document, &schema, options)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        code.push_str(&module.to_string());
        code.push('\n');
        sent.push((
            path.file_stem().unwrap_or_default().display().to_string(),
            document,
        ));
    }
    writeln!(
        code,
        "/// Each operation's name and document.\n#[cfg(test)] pub(crate) const DOCUMENTS: &[(&str, &str)] = &{sent:?};"
    )?;
    fs::write(out.join("operations.rs"), code)?;
    Ok(())
}

/// The GraphQL files of a folder, by name.
fn documents(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut documents = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "graphql") {
            documents.push(path);
        }
    }
    documents.sort();
    Ok(documents)
}
