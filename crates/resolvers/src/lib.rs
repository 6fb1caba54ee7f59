//! The resolvers of `graphql/`: the data source of each, and its code in one piece.
//!
//! The first line of a file names its data source, `// datasource: ActivityTable`, or its functions in `graphql/functions/`,
//! `// pipeline: first, second`. What it imports from `graphql/lib/` is inlined, comments and indentation are removed
//! ([`strip()`]): the box executes this text, and the templates carry it with shorter names.

mod bundle;
mod strip;

use std::path::Path;

use include_dir::{Dir, include_dir};

pub use strip::strip;

static RESOLVERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../graphql/resolvers");
static FUNCTIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../graphql/functions");
static LIB: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../graphql/lib");

/// A data source, under its name in the guide (docs/deploy.md).
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
    /// No table: the request's payload is the result.
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
pub enum ResolverKind {
    /// By one request to this data source.
    Unit(Source),
    /// By these functions, one after the other.
    Pipeline(Vec<String>),
}

/// The resolver of one field of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolver {
    /// `Query`, `Mutation`, `Subscription` or an object type.
    pub type_name: String,
    /// The field's name in its type.
    pub field: String,
    /// Unit or pipeline, with data source or functions.
    pub kind: ResolverKind,
    /// One self-contained module, without comments.
    pub code: String,
}

/// A function that pipelines call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelineFunction {
    /// The file's name without `.js`.
    pub name: String,
    /// The data source that its request goes to.
    pub source: Source,
    /// One self-contained module, without comments.
    pub code: String,
}

/// All resolvers and functions, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    /// At most one for each field.
    pub resolvers: Vec<Resolver>,
    /// The steps of pipelines.
    pub functions: Vec<PipelineFunction>,
}

/// A file of `graphql/` that isn't valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("graphql: {file}: {reason}")]
pub struct FileError {
    /// The file's name without `.js`.
    pub file: String,
    /// A sentence for the author of the file.
    pub reason: String,
}

/// Names (`Type.field` for a resolver) and texts of files.
pub type Texts = [(String, String)];

impl Files {
    /// The files of the repository when the program was built.
    ///
    /// # Errors
    ///
    /// [`FileError`] if one of them isn't valid.
    pub fn embedded() -> Result<Self, FileError> {
        Self::of(&texts(&RESOLVERS)?, &texts(&FUNCTIONS)?, &texts(&LIB)?)
    }

    /// Reads resolvers and functions, and inlines what they import from `lib`.
    ///
    /// # Errors
    ///
    /// [`FileError`] if a first line names no data source, or if a function or an imported name doesn't exist.
    pub fn of(resolvers: &Texts, functions: &Texts, lib: &Texts) -> Result<Self, FileError> {
        let functions: Vec<PipelineFunction> = functions
            .iter()
            .map(|(name, text)| {
                Ok(PipelineFunction {
                    name: name.clone(),
                    source: source_of(name, text)?,
                    code: packed(name, text, lib)?,
                })
            })
            .collect::<Result<_, _>>()?;
        let resolvers = resolvers
            .iter()
            .map(|(file, text)| resolver(file, text, &functions, lib))
            .collect::<Result<_, _>>()?;
        Ok(Self { resolvers, functions })
    }
}

fn packed(file: &str, text: &str, lib: &Texts) -> Result<String, FileError> {
    let bundle = bundle::bundle(text, lib).map_err(|reason| FileError {
        file: file.to_owned(),
        reason,
    })?;
    Ok(strip(&bundle))
}

fn resolver(
    file: &str,
    text: &str,
    functions: &[PipelineFunction],
    lib: &Texts,
) -> Result<Resolver, FileError> {
    let failed = |reason: String| FileError {
        file: file.to_owned(),
        reason,
    };
    let (type_name, field) = file
        .split_once('.')
        .ok_or_else(|| failed("its name must be `Type.field.js`".to_owned()))?;
    let kind = match header(text, "pipeline") {
        None => ResolverKind::Unit(source_of(file, text)?),
        Some(names) => {
            let names: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
            if let Some(unknown) = names
                .iter()
                .find(|name| !functions.iter().any(|function| function.name == **name))
            {
                return Err(failed(format!("unknown function `{unknown}`")));
            }
            ResolverKind::Pipeline(names)
        }
    };
    Ok(Resolver {
        type_name: type_name.to_owned(),
        field: field.to_owned(),
        kind,
        code: packed(file, text, lib)?,
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
                reason: "it isn't UTF-8".to_owned(),
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
        Files::of(&[("Query.x".to_owned(), resolver.to_owned())], &[function], &[])
    }

    #[test]
    fn the_first_line_names_data_source_or_functions() {
        let files = of("// datasource: NoneSource\nexport const a = 1;").unwrap();
        assert_eq!(files.resolvers[0].kind, ResolverKind::Unit(Source::NoneSource));
        assert_eq!(files.resolvers[0].code, "export const a=1;");
        let files = of("// pipeline: read, read").unwrap();
        assert_eq!(
            files.resolvers[0].kind,
            ResolverKind::Pipeline(vec!["read".to_owned(), "read".to_owned()])
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
    fn every_file_of_the_repository_is_valid_and_within_appsyncs_limit() {
        let files = Files::embedded().unwrap();
        assert!(files.resolvers.len() >= 20 && !files.functions.is_empty());
        for resolver in &files.resolvers {
            // AppSync's quota of a resolver's code, in bytes.
            assert!(resolver.code.len() <= 32 << 10, "{}", resolver.field);
        }
    }
}
