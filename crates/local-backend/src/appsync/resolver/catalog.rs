//! The resolvers of `graphql/`, by field.
//!
//! The first line of a file says what it works on: `// datasource: ActivityTable`, or `// pipeline: first, second` with
//! functions of `graphql/functions/`.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::LoadError;

static RESOLVERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../graphql/resolvers");
static FUNCTIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../graphql/functions");

/// What a handler's requests go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DataSource {
    /// A table, by name.
    Table(&'static str),
    /// Nothing: the payload is the result.
    None,
}

impl DataSource {
    fn named(name: &str) -> Option<Self> {
        use crate::dynamodb::{ACTIVITY_CATEGORY_TABLE, ACTIVITY_TABLE, USER_AGGREGATE_TABLE, USER_TABLE};
        Some(match name {
            "UserTable" => Self::Table(USER_TABLE),
            "ActivityTable" => Self::Table(ACTIVITY_TABLE),
            "ActivityCategoryTable" => Self::Table(ACTIVITY_CATEGORY_TABLE),
            "UserAggregateTable" => Self::Table(USER_AGGREGATE_TABLE),
            "NoneSource" => Self::None,
            _ => return None,
        })
    }
}

/// How a field is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// One data source.
    Unit(DataSource),
    /// Functions in turn: module and data source.
    Pipeline(Vec<(String, DataSource)>),
}

/// Modules by name, and kinds by `Type.field`.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) modules: BTreeMap<String, String>,
    pub(super) kinds: BTreeMap<String, Kind>,
}

impl Catalog {
    /// The catalog that is built in.
    pub(super) fn embedded() -> Result<Self, LoadError> {
        Self::of(&files(&RESOLVERS)?, &files(&FUNCTIONS)?)
    }

    /// A catalog of resolvers (`Type.field` and code) and functions (name and code).
    pub(super) fn of(
        resolvers: &[(String, String)],
        functions: &[(String, String)],
    ) -> Result<Self, LoadError> {
        let mut catalog = Self::default();
        let mut sources = BTreeMap::new();
        for (name, code) in functions {
            let module = format!("function:{name}");
            sources.insert(name.as_str(), (module.clone(), source_of(name, code)?));
            catalog.modules.insert(module, code.clone());
        }
        for (field, code) in resolvers {
            let kind = match header(code, "pipeline") {
                None => Kind::Unit(source_of(field, code)?),
                Some(names) => names
                    .split(',')
                    .map(|name| {
                        sources.get(name.trim()).cloned().ok_or_else(|| LoadError {
                            file: field.clone(),
                            reason: format!("unknown function `{}`", name.trim()),
                        })
                    })
                    .collect::<Result<_, _>>()
                    .map(Kind::Pipeline)?,
            };
            catalog.kinds.insert(field.clone(), kind);
            catalog.modules.insert(field.clone(), code.clone());
        }
        Ok(catalog)
    }
}

fn source_of(file: &str, code: &str) -> Result<DataSource, LoadError> {
    header(code, "datasource")
        .and_then(DataSource::named)
        .ok_or_else(|| LoadError {
            file: file.to_owned(),
            reason: "the first line must name a data source, as in `// datasource: ActivityTable`".to_owned(),
        })
}

fn header<'a>(code: &'a str, what: &str) -> Option<&'a str> {
    let line = code.lines().next()?.strip_prefix("// ")?;
    Some(line.strip_prefix(what)?.strip_prefix(':')?.trim())
}

fn files(directory: &Dir<'_>) -> Result<Vec<(String, String)>, LoadError> {
    directory
        .files()
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "js"))
        .map(|file| {
            let name = file
                .path()
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default()
                .to_owned();
            match file.contents_utf8() {
                Some(code) => Ok((name, code.to_owned())),
                None => Err(LoadError {
                    file: name,
                    reason: "is not UTF-8".to_owned(),
                }),
            }
        })
        .collect()
}
