//! Inlines functions of `graphql/lib/` where they are imported: AppSync accepts one file for each resolver.
//!
//! It works on lines, by the layout of the repository's files: an import is one line, and a statement of the top level ends
//! where the next one begins at the margin. A test parses every bundle.

use std::collections::BTreeSet;

use crate::strip::strip;

const UTILS: &str = "@aws-appsync/utils";

/// A file's imports and statements.
struct SourceFile<'a> {
    imports: Vec<Import<'a>>,
    statements: Vec<Statement<'a>>,
}

/// `import { names } from 'source';`
struct Import<'a> {
    names: Vec<&'a str>,
    source: &'a str,
}

/// A statement of the top level, with the comment before it.
struct Statement<'a> {
    /// What it declares, if it declares something.
    name: Option<&'a str>,
    is_exported: bool,
    text: String,
}

/// `text` with the functions and constants that it imports from `lib`, whose files are given as name and text.
///
/// # Errors
///
/// In words: an import of a file or a name that `lib` lacks, or a name that is declared twice.
pub(crate) fn bundle(text: &str, lib: &[(String, String)]) -> Result<String, String> {
    if !text
        .lines()
        .any(|line| line.starts_with("import ") && line.contains("/lib/"))
    {
        return Ok(text.to_owned());
    }
    let own = SourceFile::read(text)?;
    let lib: Vec<(&str, SourceFile<'_>)> = lib
        .iter()
        .map(|(name, text)| Ok((name.as_str(), SourceFile::read(text)?)))
        .collect::<Result<_, String>>()?;
    let wanted = wanted(&own, &lib)?;
    let mut statements: Vec<&Statement<'_>> = Vec::new();
    for (
        file,
        SourceFile {
            statements: of_file, ..
        },
    ) in &lib
    {
        let is_wanted =
            |statement: &&Statement<'_>| statement.name.is_some_and(|name| wanted.contains(&(*file, name)));
        statements.extend(of_file.iter().filter(is_wanted));
    }
    let inlined = statements.len();
    statements.extend(&own.statements);
    let mut declared = BTreeSet::new();
    for name in statements.iter().filter_map(|statement| statement.name) {
        if !declared.insert(name) {
            return Err(format!("`{name}` is declared twice, here and in graphql/lib/"));
        }
    }
    let mut body = String::new();
    for (at, statement) in statements.iter().enumerate() {
        let exported = (at < inlined).then(|| statement.text.replacen("export ", "", 1));
        body.push_str(exported.as_deref().unwrap_or(&statement.text));
    }
    let code = strip(&body);
    let files = lib.iter().map(|(_, file)| file).chain([&own]);
    let utils: BTreeSet<&str> = files
        .flat_map(|file| &file.imports)
        .filter(|import| import.source == UTILS)
        .flat_map(|import| &import.names)
        .copied()
        .filter(|name| names(&code).any(|word| word == *name))
        .collect();
    if utils.is_empty() {
        return Ok(body);
    }
    let utils: Vec<&str> = utils.into_iter().collect();
    Ok(format!(
        "import {{ {} }} from '{UTILS}';\n{body}",
        utils.join(", ")
    ))
}

/// The statements of `lib`, as file and name, that a file needs: those that it imports, and those that they use in turn.
fn wanted<'a>(
    own: &SourceFile<'a>,
    lib: &[(&'a str, SourceFile<'a>)],
) -> Result<BTreeSet<(&'a str, &'a str)>, String> {
    let mut ahead = own.imported(lib)?;
    let mut wanted = BTreeSet::new();
    while let Some((file, name)) = ahead.pop() {
        if !wanted.insert((file, name)) {
            continue;
        }
        let Some((_, of_file)) = lib.iter().find(|(other, _)| *other == file) else {
            continue;
        };
        let code = of_file
            .statements
            .iter()
            .filter(|statement| statement.name == Some(name))
            .map(|statement| strip(&statement.text))
            .collect::<String>();
        let used: BTreeSet<&str> = names(&code).collect();
        let beside = of_file.statements.iter().filter_map(|statement| statement.name);
        ahead.extend(beside.filter(|name| used.contains(name)).map(|name| (file, name)));
        let imported = of_file.imported(lib)?;
        ahead.extend(imported.into_iter().filter(|(_, name)| used.contains(name)));
    }
    Ok(wanted)
}

impl<'a> SourceFile<'a> {
    fn read(text: &'a str) -> Result<Self, String> {
        let mut file = Self {
            imports: Vec::new(),
            statements: Vec::new(),
        };
        // The comment before the next statement.
        let mut comment = String::new();
        for line in text.lines() {
            let begins = line.starts_with(|first: char| !first.is_whitespace() && !"})]".contains(first));
            if line.starts_with("import ") {
                let import = Import::read(line)
                    .ok_or_else(|| format!("`{line}` must have the form `import {{ a, b }} from 'file';`"))?;
                file.imports.push(import);
            } else if line.starts_with("//") {
                comment.push_str(line);
                comment.push('\n');
            } else if begins {
                let is_exported = line.starts_with("export ");
                let name = declared(line.strip_prefix("export ").unwrap_or(line));
                let text = format!("{comment}{line}\n");
                comment.clear();
                file.statements.push(Statement {
                    name,
                    is_exported,
                    text,
                });
            } else if let Some(statement) = file.statements.last_mut().filter(|_| comment.is_empty()) {
                statement.text.push_str(line);
                statement.text.push('\n');
            }
        }
        Ok(file)
    }

    /// What it imports of `lib`, as file and name.
    fn imported<'b>(&self, lib: &'b [(&'a str, Self)]) -> Result<Vec<(&'a str, &'a str)>, String>
    where
        'a: 'b,
    {
        let mut imported = Vec::new();
        for import in self.imports.iter().filter(|import| import.source != UTILS) {
            let name = import.source.rsplit('/').next().unwrap_or_default();
            let name = name.strip_suffix(".js").unwrap_or(name);
            let (file, found) = lib
                .iter()
                .find(|(file, _)| *file == name)
                .ok_or_else(|| format!("`{}` is no file of graphql/lib/", import.source))?;
            for wanted in &import.names {
                let exports =
                    |statement: &Statement<'_>| statement.is_exported && statement.name == Some(*wanted);
                if !found.statements.iter().any(exports) {
                    return Err(format!("graphql/lib/{file}.js doesn't export `{wanted}`"));
                }
                imported.push((*file, *wanted));
            }
        }
        Ok(imported)
    }
}

impl<'a> Import<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (names, source) = line.strip_prefix("import { ")?.split_once(" } from '")?;
        Some(Self {
            names: names.split(", ").collect(),
            source: source.strip_suffix("';")?,
        })
    }
}

/// The name that a line's statement declares: `f` of `const f = (x) =>`.
fn declared(line: &str) -> Option<&str> {
    let rest = ["const ", "let ", "function "]
        .iter()
        .find_map(|keyword| line.strip_prefix(keyword))?;
    names(rest).next()
}

/// Every word of a code, texts included.
fn names(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lib() -> Vec<(String, String)> {
        [
            (
                "check",
                "import { util } from '@aws-appsync/utils';\n\n// Rejects.\nexport const check = (is) => {\n  if (!is) util.error('no');\n};\n",
            ),
            (
                "day",
                "import { check } from './check.js';\n\nconst DAYS = [31];\n\nexport const isDay = (d) => DAYS[d];\n\nexport const checkDay = (d) => check(isDay(d));\n\nexport const unused = () => runtime.x();\n",
            ),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into()
    }

    #[test]
    fn imported_functions_are_inlined_with_what_they_use() {
        let code = "// datasource: NoneSource\nimport { checkDay } from '../lib/day.js';\n\nexport function request(ctx) {\n  checkDay(ctx);\n}\n";
        assert_eq!(
            strip(&bundle(code, &lib()).unwrap()),
            "import{util}from'@aws-appsync/utils';const check=(is)=>{if(!is)util.error('no');};const DAYS=[31];const isDay=(d)=>DAYS[d];const checkDay=(d)=>check(isDay(d));export function request(ctx){checkDay(ctx);}"
        );
    }

    #[test]
    fn a_file_that_imports_nothing_of_the_library_stays_as_it_is() {
        let code = "import * as utils from '@aws-appsync/utils';\n  export function request(ctx) {\n  return ctx;\n}\n";
        assert_eq!(bundle(code, &lib()).unwrap(), code);
    }

    #[test]
    fn imports_that_lead_nowhere_and_names_declared_twice_are_errors() {
        for (code, wanted) in [
            (
                "import { a } from '../lib/a.js';\n",
                "`../lib/a.js` is no file of graphql/lib/",
            ),
            (
                "import { a } from '../lib/day.js';\n",
                "graphql/lib/day.js doesn't export `a`",
            ),
            (
                "import { DAYS } from '../lib/day.js';\n",
                "graphql/lib/day.js doesn't export `DAYS`",
            ),
            ("import * as a from '../lib/day.js';\n", "must have the form"),
            (
                "import { isDay } from '../lib/day.js';\nconst isDay = 1;\n",
                "`isDay` is declared twice",
            ),
        ] {
            let error = bundle(code, &lib()).unwrap_err();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
