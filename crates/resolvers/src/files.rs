//! Resolvers and functions, made of the texts of their files.

use std::{borrow::Cow, fs, io, path::Path};

use crate::{bundle::bundle, strip::strip};

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
    Pipeline(Vec<Cow<'static, str>>),
}

/// The resolver of one field of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolver {
    /// `Query`, `Mutation`, `Subscription` or an object type.
    pub type_name: Cow<'static, str>,
    /// The field's name in its type.
    pub field: Cow<'static, str>,
    /// Unit or pipeline, with data source or functions.
    pub kind: ResolverKind,
    /// One self-contained module, without comments.
    pub code: Cow<'static, str>,
}

/// A function that pipelines call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelineFunction {
    /// The file's name without `.js`.
    pub name: Cow<'static, str>,
    /// The data source that its request goes to.
    pub source: Source,
    /// One self-contained module, without comments.
    pub code: Cow<'static, str>,
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
                    name: name.clone().into(),
                    source: source_of(name, text)?,
                    code: packed(name, text, lib)?.into(),
                })
            })
            .collect::<Result<_, _>>()?;
        let resolvers = resolvers
            .iter()
            .map(|(file, text)| resolver(file, text, &functions, lib))
            .collect::<Result<_, _>>()?;
        Ok(Self { resolvers, functions })
    }

    /// Name (`Type.field` for a resolver) and code of every resolver and function.
    pub fn into_codes(self) -> Vec<(String, Cow<'static, str>)> {
        let resolvers = self.resolvers.into_iter().map(|resolver| {
            let name = format!("{}.{}", resolver.type_name, resolver.field);
            (name, resolver.code)
        });
        let functions = self
            .functions
            .into_iter()
            .map(|function| (function.name.into_owned(), function.code));
        resolvers.chain(functions).collect()
    }
}

fn packed(file: &str, text: &str, lib: &Texts) -> Result<String, FileError> {
    let bundle = bundle(text, lib).map_err(|reason| FileError {
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
            let names: Vec<&str> = names.split(',').map(str::trim).collect();
            if let Some(unknown) = names
                .iter()
                .find(|name| !functions.iter().any(|function| function.name == **name))
            {
                return Err(failed(format!("unknown function `{unknown}`")));
            }
            ResolverKind::Pipeline(names.into_iter().map(|name| name.to_owned().into()).collect())
        }
    };
    Ok(Resolver {
        type_name: type_name.to_owned().into(),
        field: field.to_owned().into(),
        kind,
        code: packed(file, text, lib)?.into(),
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

/// Names (without `.js`) and texts of a folder's scripts, sorted.
///
/// # Errors
///
/// [`FileError`] if the folder or a file can't be read.
pub fn texts(folder: &Path) -> Result<Vec<(String, String)>, FileError> {
    let failed = |path: &Path, error: io::Error| FileError {
        file: path.display().to_string(),
        reason: error.to_string(),
    };
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(name) = name.and_then(|name| name.strip_suffix(".js")) {
            let text = fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
            texts.push((name.to_owned(), text));
        }
    }
    texts.sort();
    Ok(texts)
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
            ResolverKind::Pipeline(vec!["read".into(), "read".into()])
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
}
