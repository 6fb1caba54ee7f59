//! The resolvers of `graphql/`: what each works on, and its code as it is deployed.
//!
//! The first line of a file says what it works on: `// datasource: ActivityTable`, or `// pipeline: first, second` with
//! functions of `graphql/functions/`. What is deployed, and what the backend in the box executes, is the text without comments and
//! indentation ([`strip()`]).

mod strip;

use std::path::Path;

use include_dir::{Dir, include_dir};

pub use strip::strip;

static RESOLVERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../graphql/resolvers");
static FUNCTIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../graphql/functions");

/// A data source, under the name that the guide gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `caltrack_user_table`
    UserTable,
    /// `caltrack_activity_table`
    ActivityTable,
    /// `caltrack_activity_category_table`
    ActivityCategoryTable,
    /// `caltrack_user_aggregate_table`
    UserAggregateTable,
    /// Nothing: the payload is the result.
    NoneSource,
}

impl Source {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "UserTable" => Self::UserTable,
            "ActivityTable" => Self::ActivityTable,
            "ActivityCategoryTable" => Self::ActivityCategoryTable,
            "UserAggregateTable" => Self::UserAggregateTable,
            "NoneSource" => Self::NoneSource,
            _ => return None,
        })
    }
}

/// How a field is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// By one data source.
    Unit(Source),
    /// By functions in turn, by name.
    Pipeline(Vec<String>),
}

/// A field's resolver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolver {
    /// `Query`, `Mutation`, `Subscription` or an object type.
    pub type_name: String,
    /// The field.
    pub field: String,
    /// How it is resolved.
    pub kind: Kind,
    /// As it is deployed.
    pub code: String,
}

/// A pipeline's function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// The file's name.
    pub name: String,
    /// What it works on.
    pub source: Source,
    /// As it is deployed.
    pub code: String,
}

/// All of them, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    /// One a field.
    pub resolvers: Vec<Resolver>,
    /// What pipelines are made of.
    pub functions: Vec<Function>,
}

/// A file that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("graphql: {file}: {reason}")]
pub struct FileError {
    /// Which one.
    pub file: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Files {
    /// Those that were there when the program was built.
    ///
    /// # Errors
    ///
    /// [`FileError`] where one of them can't be used.
    pub fn embedded() -> Result<Self, FileError> {
        Self::of(&texts(&RESOLVERS)?, &texts(&FUNCTIONS)?)
    }

    /// Understands resolvers (`Type.field` and text) and functions (name and text).
    ///
    /// # Errors
    ///
    /// [`FileError`] where a first line says nothing, or a function is missing.
    pub fn of(resolvers: &[(String, String)], functions: &[(String, String)]) -> Result<Self, FileError> {
        let functions: Vec<Function> = functions
            .iter()
            .map(|(name, text)| {
                Ok(Function {
                    name: name.clone(),
                    source: source_of(name, text)?,
                    code: strip(text),
                })
            })
            .collect::<Result<_, _>>()?;
        let resolvers = resolvers
            .iter()
            .map(|(file, text)| resolver(file, text, &functions))
            .collect::<Result<_, _>>()?;
        Ok(Self { resolvers, functions })
    }
}

fn resolver(file: &str, text: &str, functions: &[Function]) -> Result<Resolver, FileError> {
    let failed = |reason: String| FileError {
        file: file.to_owned(),
        reason,
    };
    let (type_name, field) = file
        .split_once('.')
        .ok_or_else(|| failed("its name must be `Type.field.js`".to_owned()))?;
    let kind = match header(text, "pipeline") {
        None => Kind::Unit(source_of(file, text)?),
        Some(names) => {
            let names: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
            if let Some(unknown) = names
                .iter()
                .find(|name| !functions.iter().any(|function| function.name == **name))
            {
                return Err(failed(format!("unknown function `{unknown}`")));
            }
            Kind::Pipeline(names)
        }
    };
    Ok(Resolver {
        type_name: type_name.to_owned(),
        field: field.to_owned(),
        kind,
        code: strip(text),
    })
}

fn source_of(file: &str, text: &str) -> Result<Source, FileError> {
    header(text, "datasource")
        .and_then(Source::named)
        .ok_or_else(|| FileError {
            file: file.to_owned(),
            reason: "the first line must name a data source, as in `// datasource: ActivityTable`".to_owned(),
        })
}

fn header<'a>(text: &'a str, what: &str) -> Option<&'a str> {
    let line = text.lines().next()?.strip_prefix("// ")?;
    Some(line.strip_prefix(what)?.strip_prefix(':')?.trim())
}

fn texts(directory: &Dir<'_>) -> Result<Vec<(String, String)>, FileError> {
    let mut texts = directory
        .files()
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "js"))
        .map(|file| {
            let name = stem(file.path());
            let text = file.contents_utf8().ok_or_else(|| FileError {
                file: name.clone(),
                reason: "it is no UTF-8".to_owned(),
            })?;
            Ok((name, text.to_owned()))
        })
        .collect::<Result<Vec<_>, FileError>>()?;
    texts.sort();
    Ok(texts)
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(resolver: &str) -> Result<Files, FileError> {
        let function = ("read".to_owned(), "// datasource: UserTable\nx".to_owned());
        Files::of(&[("Query.x".to_owned(), resolver.to_owned())], &[function])
    }

    #[test]
    fn the_first_line_says_what_a_resolver_works_on() {
        let files = of("// datasource: NoneSource\nexport const a = 1;").unwrap();
        assert_eq!(files.resolvers[0].kind, Kind::Unit(Source::NoneSource));
        assert_eq!(files.resolvers[0].code, "export const a=1;");
        let files = of("// pipeline: read, read").unwrap();
        assert_eq!(
            files.resolvers[0].kind,
            Kind::Pipeline(vec!["read".to_owned(), "read".to_owned()])
        );
        for (text, wanted) in [
            ("export const a = 1;", "first line"),
            ("// datasource: Nothing", "first line"),
            ("// pipeline: write", "unknown function `write`"),
        ] {
            let error = of(text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }

    #[test]
    fn every_file_of_the_repository_can_be_used_and_fits_into_appsync() {
        let files = Files::embedded().unwrap();
        assert!(files.resolvers.len() >= 20 && !files.functions.is_empty());
        for resolver in &files.resolvers {
            // AppSync's own limit of a resolver's code.
            assert!(resolver.code.len() <= 32 << 10, "{}", resolver.field);
        }
    }
}
