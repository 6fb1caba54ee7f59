//! Code for the templates: the same program with shorter names and without white space.

use oxc_allocator::{Allocator, ArenaVec};
use oxc_ast::ast::Statement;
use oxc_ast_visit::{VisitMut, walk_mut};
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_mangler::{MangleOptions, Mangler};
use oxc_parser::Parser;
use oxc_span::SourceType;

/// What `@aws-appsync/utils` exports: AWS's documents and lint know these objects by their names.
const UTILS: [&str; 3] = ["extensions", "runtime", "util"];

/// Renames variables, removes white space and joins declarations. Everything else stays as it is: a compressor would
/// introduce syntax that `APPSYNC_JS` lacks.
///
/// # Errors
///
/// A text if the code isn't JavaScript.
pub(crate) fn minify(code: &str) -> Result<String, String> {
    let allocator = Allocator::default();
    let mut parsed = Parser::new(&allocator, code, SourceType::mjs()).parse();
    if parsed.panicked || !parsed.diagnostics.is_empty() {
        return Err(format!("{:?} in {code}", parsed.diagnostics));
    }
    Joiner.visit_program(&mut parsed.program);
    let options = MangleOptions {
        reserved: UTILS.into_iter().map(Into::into).collect(),
        ..MangleOptions::default()
    };
    let names = Mangler::new().with_options(options).build(&parsed.program);
    let codegen = Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(Some(names.scoping));
    Ok(codegen.build(&parsed.program).code)
}

/// Joins declarations of one kind that follow each other: `const a = 1, b = 2`.
struct Joiner;

impl<'a> VisitMut<'a> for Joiner {
    fn visit_statements(&mut self, statements: &mut ArenaVec<'a, Statement<'a>>) {
        walk_mut::walk_statements(self, statements);
        let mut at = 1;
        while at < statements.len() {
            let (before, after) = statements.split_at_mut(at);
            if let (Some(Statement::VariableDeclaration(first)), Some(Statement::VariableDeclaration(second))) =
                (before.last_mut(), after.first_mut())
                && first.kind == second.kind
            {
                first.declarations.append(&mut second.declarations);
                statements.remove(at);
            } else {
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use oxc_ast::{AstKind, AstType};
    use oxc_ast_visit::Visit;
    use oxc_parser::ParseOptions;
    use oxc_semantic::{Scoping, SemanticBuilder};

    use super::*;

    /// A program's nodes in order, with its variables numbered by their first appearance. Declarations may be joined, and
    /// texts may have any quotes.
    fn nodes(code: &str) -> Vec<String> {
        let allocator = Allocator::default();
        let options = ParseOptions {
            preserve_parens: false,
            ..ParseOptions::default()
        };
        let parsed = Parser::new(&allocator, code, SourceType::mjs())
            .with_options(options)
            .parse();
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let semantic = SemanticBuilder::new().build(&parsed.program);
        assert!(semantic.diagnostics.is_empty(), "{:?}", semantic.diagnostics);
        let mut nodes = Nodes {
            scoping: semantic.semantic.into_scoping(),
            variables: BTreeMap::new(),
            kinds: Vec::new(),
            found: Vec::new(),
        };
        nodes.visit_program(&parsed.program);
        nodes.found
    }

    struct Nodes {
        scoping: Scoping,
        /// The number of each symbol.
        variables: BTreeMap<usize, usize>,
        /// The kinds of the declarations around the present node.
        kinds: Vec<String>,
        found: Vec<String>,
    }

    impl Nodes {
        fn number(&mut self, symbol: usize) -> String {
            let next = self.variables.len();
            format!("variable {}", self.variables.entry(symbol).or_insert(next))
        }
    }

    impl<'a> Visit<'a> for Nodes {
        fn enter_node(&mut self, kind: AstKind<'a>) {
            let node = match kind {
                AstKind::BindingIdentifier(name) => self.number(name.symbol_id().index()),
                AstKind::IdentifierReference(name) => {
                    match self.scoping.get_reference(name.reference_id()).symbol_id() {
                        Some(symbol) => self.number(symbol.index()),
                        None => format!("global {}", name.name),
                    }
                }
                AstKind::IdentifierName(name) => format!("name {}", name.name),
                AstKind::StringLiteral(text) => format!("text {:?}", text.value),
                AstKind::TemplateLiteral(text) if text.expressions.is_empty() => return,
                AstKind::TemplateElement(text) => {
                    format!("text {:?}", text.value.cooked.as_deref().unwrap_or_default())
                }
                AstKind::NumericLiteral(number) => format!("number {}", number.value),
                AstKind::BooleanLiteral(boolean) => format!("boolean {}", boolean.value),
                AstKind::UnaryExpression(unary) => format!("unary {:?}", unary.operator),
                AstKind::BinaryExpression(binary) => format!("binary {:?}", binary.operator),
                AstKind::LogicalExpression(logical) => format!("logical {:?}", logical.operator),
                AstKind::AssignmentExpression(assignment) => format!("assign {:?}", assignment.operator),
                AstKind::VariableDeclaration(variables) => {
                    self.kinds.push(format!("{:?}", variables.kind));
                    return;
                }
                AstKind::VariableDeclarator(_) => format!("declare {:?}", self.kinds.last()),
                AstKind::Program(_) => "program".to_owned(),
                kind => {
                    let ty: AstType = kind.ty();
                    format!("{ty:?}")
                }
            };
            self.found.push(node);
        }

        fn leave_node(&mut self, kind: AstKind<'a>) {
            if let AstKind::VariableDeclaration(_) = kind {
                self.kinds.pop();
            }
        }
    }

    /// The box executes the code before this step; the templates carry the code after it.
    #[test]
    fn minified_code_is_the_same_program() {
        let files = caltrack_resolvers::Files::embedded().into_codes();
        assert!(files.len() >= 37, "{}", files.len());
        for (name, code) in files {
            let minified = minify(&code).unwrap();
            assert!(minified.len() <= code.len(), "{name}");
            assert_eq!(nodes(&code), nodes(&minified), "{name}");
        }
    }

    #[test]
    fn another_program_has_other_nodes() {
        let code = "const a = 1, b = 2; export const c = a - b;";
        for other in [
            "const a = 1, b = 2; export const c = b - a;",
            "const a = 1, b = 2; export const c = a + b;",
            "const a = 1, b = 3; export const c = a - b;",
            "const a = 1; export const c = a - b;",
            "let a = 1, b = 2; export const c = a - b;",
        ] {
            assert_ne!(nodes(code), nodes(other), "{other}");
        }
        assert_eq!(nodes(code), nodes("const x=1,y=2;export const c=x-(y)"));
    }

    #[test]
    fn handlers_and_aws_objects_keep_their_names() {
        let code = "import { util } from '@aws-appsync/utils'; const twice = (number) => number * 2; export function request(ctx) { return util.x(twice(ctx.args)); }";
        assert_eq!(
            minify(code).unwrap(),
            "import{util}from\"@aws-appsync/utils\";const e=e=>e*2;export function request(t){return util.x(e(t.args))}"
        );
        assert!(minify("const = 1;").is_err());
    }
}
