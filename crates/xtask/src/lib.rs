//! Generates `templates/appsync-resolvers.yaml`, `templates/caltrack.yaml` and `assets/schema.graphql` from `graphql/`, and the
//! suggestions from `assets/foods.csv`.

pub mod foods;
mod joined;
mod minify;
mod resolvers;

use std::{borrow::Cow, fs, io, path::Path};

use caltrack_resolvers::{Files, texts};

/// CloudFormation's limit of a `--template-body`, in bytes.
pub const LARGEST_TEMPLATE_BODY: usize = 51_200;

/// A file that is generated from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The path from the repository's root.
    pub path: &'static str,
    /// The file's whole content.
    pub text: String,
}

/// Every generated file of the repository at `root`.
///
/// # Errors
///
/// A text that names the file that can't be read or isn't valid.
pub fn generate(root: &Path) -> Result<Vec<Generated>, String> {
    let read = |path: &str| fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"));
    let suggestions = foods::suggestions(&foods::read(&read("assets/foods.csv")?)?);
    let files = files(root, &suggestions)?;
    let minified = minified(files)?;
    let schema = read("graphql/schema.graphql")?;
    let hand_made = [
        read("templates/dynamodb-lambda.yaml")?,
        read("templates/appsync-api.yaml")?,
    ];
    Ok(vec![
        Generated {
            path: SUGGESTIONS,
            text: suggestions,
        },
        Generated {
            path: "templates/appsync-resolvers.yaml",
            text: resolvers::template(&minified),
        },
        Generated {
            path: "templates/caltrack.yaml",
            text: joined::template(&hand_made, &minified, &schema)?,
        },
        Generated {
            path: "assets/schema.graphql",
            text: format!(
                "# Generated from graphql/schema.graphql by `cargo run -p xtask -- generate`.\n\n{schema}"
            ),
        },
    ])
}

const SUGGESTIONS: &str = "graphql/resolvers/Query.suggestedFood.js";

/// The resolvers as they are in the repository, except for the suggestions, which are generated anew.
fn files(root: &Path, suggestions: &str) -> Result<Files, String> {
    let folder = |name: &str| texts(&root.join("graphql").join(name)).map_err(|error| error.to_string());
    let mut resolvers = folder("resolvers")?;
    resolvers.retain(|(name, _)| name != "Query.suggestedFood");
    resolvers.push(("Query.suggestedFood".to_owned(), suggestions.to_owned()));
    resolvers.sort();
    Files::of(&resolvers, &folder("functions")?, &folder("lib")?).map_err(|error| error.to_string())
}

/// The files with their code as it is deployed.
fn minified(mut files: Files) -> Result<Files, String> {
    for resolver in &mut files.resolvers {
        resolver.code = minify::minify(&resolver.code)?.into();
    }
    for function in &mut files.functions {
        function.code = minify::minify(&function.code)?.into();
    }
    Ok(files)
}

/// Name (without `.js`) and deployed code of every resolver and function.
///
/// # Errors
///
/// As [`generate`].
pub fn deployed_code(root: &Path) -> Result<Vec<(String, Cow<'static, str>)>, String> {
    let suggestions = fs::read_to_string(root.join(SUGGESTIONS)).map_err(|error| error.to_string())?;
    Ok(minified(files(root, &suggestions)?)?.into_codes())
}

/// Writes the generated files that changed, and returns their paths.
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
    use std::collections::BTreeSet;

    use caltrack_resolvers::{ResolverKind, Source};

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

    /// A role with too few permissions fails only in a real account; one with too many is a risk.
    #[test]
    fn each_data_source_s_role_may_what_its_resolvers_do_and_no_more() {
        let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
        let files = files(&root(), &read(SUGGESTIONS)).unwrap();
        let template = read("templates/appsync-api.yaml");
        let units = files
            .resolvers
            .iter()
            .filter_map(|resolver| match &resolver.kind {
                ResolverKind::Unit(source) => Some((*source, &resolver.code)),
                ResolverKind::Pipeline(_) => None,
            });
        let steps = files.functions.iter().map(|step| (step.source, &step.code));
        let codes: Vec<(Source, &Cow<'static, str>)> = units.chain(steps).collect();
        for (source, name) in [
            (Source::UserTable, "UserTable"),
            (Source::ActivityTable, "ActivityTable"),
            (Source::ActivityCategoryTable, "ActivityCategoryTable"),
            (Source::UserAggregateTable, "UserAggregateTable"),
        ] {
            let (_, role) = template.split_once(&format!("\n  {name}Role:\n")).unwrap();
            let role = role.split("\n\n").next().unwrap();
            let (_, actions) = role.split_once("Action: [").unwrap();
            let allowed: BTreeSet<&str> = actions
                .split(']')
                .next()
                .unwrap()
                .split(", ")
                .map(|action| action.strip_prefix("dynamodb:").unwrap())
                .collect();
            let all = |begin: &'static str| {
                let code = codes.iter().filter(move |(of, _)| *of == source);
                code.flat_map(move |(_, code)| code.split(begin).skip(1))
                    .map(|rest| rest.split('\'').next().unwrap())
                    .collect::<BTreeSet<&str>>()
            };
            // AppSync reads the item whose condition fails.
            let mut needed = all("operation:'");
            needed.insert("GetItem");
            assert_eq!(allowed, needed, "{name}");
            let allowed = role.split("/index/").skip(1);
            let allowed: BTreeSet<&str> = allowed.map(|rest| rest.lines().next().unwrap()).collect();
            assert_eq!(allowed, all("index:'"), "{name}");
        }
    }

    #[test]
    fn every_parameter_stands_in_the_docs_with_its_default() {
        let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
        let docs = read("docs/deploy.md");
        let mut seen = 0;
        for path in ["dynamodb-lambda", "appsync-api", "appsync-resolvers"] {
            let template = read(&format!("templates/{path}.yaml")).replace(" #alone", "");
            let (_, parameters) = template.split_once("\nParameters:\n").unwrap();
            // Ends where a line begins at the margin; a parameter's name is indented least.
            let lines: Vec<&str> = parameters
                .lines()
                .take_while(|line| !line.starts_with(char::is_alphabetic))
                .collect();
            let indentation = |line: &str| line.len() - line.trim_start().len();
            let least = indentation(lines[0]);
            let whole = lines.chunk_by(|_, next| indentation(next) != least);
            for parameter in whole.map(|lines| lines.join("\n")) {
                let (name, rest) = parameter.trim_start().split_once(':').unwrap();
                let default = rest.split_once("Default: ").map(|(_, rest)| {
                    let rest = rest.lines().next().unwrap();
                    rest.trim_end_matches('}').trim_matches('"')
                });
                let default = match default {
                    None => "required".to_owned(),
                    Some("") => "empty".to_owned(),
                    Some(default) => format!("`{default}`"),
                };
                let row = docs
                    .lines()
                    .find(|line| line.starts_with(&format!("| `{name}` | ")));
                let row = row.unwrap_or_else(|| panic!("docs/deploy.md has no row for {name}"));
                // One parameter is required in one template and optional in another.
                assert!(
                    row.contains(&format!("| {default} |"))
                        || row.contains(&format!("{default} in `{path}.yaml`")),
                    "{name} has the default {default}: {row}"
                );
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
    }

    #[test]
    fn each_template_of_the_guide_fits_into_one_template_body() {
        for name in ["dynamodb-lambda", "appsync-api", "appsync-resolvers"] {
            let path = format!("templates/{name}.yaml");
            let bytes = fs::read(root().join(&path)).unwrap().len();
            assert!(
                bytes <= LARGEST_TEMPLATE_BODY,
                "{path} has {bytes} bytes, CloudFormation takes {LARGEST_TEMPLATE_BODY}: docs/deploy.md has the plan (The resolvers' size)"
            );
        }
    }
}
