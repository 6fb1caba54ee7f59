//! Generates what is deployed out of `graphql/`: `templates/appsync-resolvers.yaml`, `templates/caltrack.yaml` and `assets/schema.graphql`.

mod joined;
mod resolvers;

use std::{fs, io, path::Path};

use caltrack_resolvers::Files;

/// CloudFormation's limit of a `--template-body`, in bytes.
pub const LARGEST_TEMPLATE_BODY: usize = 51_200;

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// Under the repository's root.
    pub path: &'static str,
    /// All of it.
    pub text: String,
}

/// Everything that is generated, out of the repository at `root`.
///
/// # Errors
///
/// A file that can't be read or understood, in words.
pub fn generate(root: &Path) -> Result<Vec<Generated>, String> {
    let read = |path: &str| fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"));
    let files = Files::embedded().map_err(|error| error.to_string())?;
    let schema = read("graphql/schema.graphql")?;
    let hand_made = [
        read("templates/dynamodb-lambda.yaml")?,
        read("templates/appsync-api.yaml")?,
    ];
    Ok(vec![
        Generated {
            path: "templates/appsync-resolvers.yaml",
            text: resolvers::template(&files),
        },
        Generated {
            path: "templates/caltrack.yaml",
            text: joined::template(&hand_made, &files, &schema)?,
        },
        Generated {
            path: "assets/schema.graphql",
            text: format!(
                "# Generated from graphql/schema.graphql by `cargo run -p xtask -- generate`.\n\n{schema}"
            ),
        },
    ])
}

/// Writes what changed, and tells which files those were.
///
/// # Errors
///
/// As [`generate`], or a file that can't be written.
pub fn write(root: &Path) -> Result<Vec<&'static str>, String> {
    let mut written = Vec::new();
    for Generated { path, text } in generate(root)? {
        let target = root.join(path);
        if !is(&target, &text) {
            fs::write(&target, text).map_err(|error| format!("{path}: {error}"))?;
            written.push(path);
        }
    }
    Ok(written)
}

fn is(path: &Path, text: &str) -> bool {
    let found: io::Result<String> = fs::read_to_string(path);
    found.is_ok_and(|found| found == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    #[test]
    fn what_is_generated_is_up_to_date() {
        for Generated { path, text } in generate(&root()).unwrap() {
            assert!(
                is(&root().join(path), &text),
                "{path} is stale: run `cargo run -p xtask -- generate`"
            );
        }
    }

    #[test]
    fn the_resolvers_fit_into_one_template_body() {
        let generated = generate(&root()).unwrap();
        let template = &generated[0];
        assert!(
            template.text.len() <= LARGEST_TEMPLATE_BODY,
            "{} has {} bytes, CloudFormation takes {LARGEST_TEMPLATE_BODY}",
            template.path,
            template.text.len()
        );
    }
}
