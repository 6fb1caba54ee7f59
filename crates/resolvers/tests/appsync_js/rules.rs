//! What `APPSYNC_JS` 1.0.0 takes, as a list of what is allowed: whatever isn't on it is refused.
//!
//! Source: AppSync guide, "JavaScript runtime features for resolvers and functions".

use std::collections::{BTreeMap, BTreeSet};

use oxc_allocator::Allocator;
use oxc_ast::{
    AstKind, AstType,
    ast::{Argument, CallExpression, Expression, Statement, VariableDeclarationKind},
};
use oxc_ast_visit::Visit;
use oxc_parser::Parser;
use oxc_span::SourceType;
use oxc_syntax::operator::{BinaryOperator, UnaryOperator};

/// Nodes of any kind but these are refused: loops that may not end, exceptions, classes, regular expressions and the like.
const KINDS: &[AstType] = &[
    AstType::Program,
    AstType::IdentifierName,
    AstType::IdentifierReference,
    AstType::BindingIdentifier,
    AstType::ArrayExpression,
    AstType::Elision,
    AstType::ObjectExpression,
    AstType::ObjectProperty,
    AstType::TemplateLiteral,
    AstType::TemplateElement,
    AstType::ComputedMemberExpression,
    AstType::StaticMemberExpression,
    AstType::CallExpression,
    AstType::SpreadElement,
    AstType::UnaryExpression,
    AstType::BinaryExpression,
    AstType::LogicalExpression,
    AstType::ConditionalExpression,
    AstType::AssignmentExpression,
    AstType::ArrayAssignmentTarget,
    AstType::ObjectAssignmentTarget,
    AstType::AssignmentTargetRest,
    AstType::AssignmentTargetWithDefault,
    AstType::AssignmentTargetPropertyIdentifier,
    AstType::AssignmentTargetPropertyProperty,
    AstType::ChainExpression,
    AstType::ParenthesizedExpression,
    AstType::BlockStatement,
    AstType::VariableDeclaration,
    AstType::VariableDeclarator,
    AstType::EmptyStatement,
    AstType::ExpressionStatement,
    AstType::IfStatement,
    AstType::ForInStatement,
    AstType::ForOfStatement,
    AstType::BreakStatement,
    AstType::ReturnStatement,
    AstType::SwitchStatement,
    AstType::SwitchCase,
    AstType::AssignmentPattern,
    AstType::ObjectPattern,
    AstType::BindingProperty,
    AstType::ArrayPattern,
    AstType::BindingRestElement,
    AstType::Function,
    AstType::FormalParameters,
    AstType::FormalParameter,
    AstType::FormalParameterRest,
    AstType::FunctionBody,
    AstType::ArrowFunctionExpression,
    AstType::ImportDeclaration,
    AstType::ImportSpecifier,
    AstType::ExportDeclaration,
    AstType::ExportNamedDeclaration,
    AstType::ExportSpecifier,
    AstType::BooleanLiteral,
    AstType::NullLiteral,
    AstType::NumericLiteral,
    AstType::StringLiteral,
];

const GLOBALS: &[&str] = &[
    "Infinity",
    "JSON",
    "Math",
    "NaN",
    "Number",
    "Object",
    "String",
    "console",
    "extensions",
    "runtime",
    "undefined",
    "util",
];

/// Functions of built-in objects.
const STATICS: &[(&str, &[&str])] = &[
    ("JSON", &["parse", "stringify"]),
    ("Math", &["ceil", "floor", "max", "min", "random", "round"]),
    ("Number", &["isFinite", "isNaN"]),
    ("Object", &["assign", "entries", "hasOwn", "keys", "values"]),
    ("String", &["raw"]),
    ("console", &["error", "log"]),
];

/// Methods of texts and lists.
const METHODS: &[&str] = &[
    "charAt",
    "concat",
    "endsWith",
    "every",
    "fill",
    "filter",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "flat",
    "flatMap",
    "forEach",
    "indexOf",
    "join",
    "lastIndexOf",
    "map",
    "pop",
    "push",
    "reduce",
    "reduceRight",
    "replace",
    "replaceAll",
    "reverse",
    "shift",
    "slice",
    "some",
    "sort",
    "splice",
    "split",
    "startsWith",
    "toLowerCase",
    "toUpperCase",
    "trim",
    "trimEnd",
    "trimStart",
    "unshift",
];

/// What AWS gives; its functions are AWS's to list.
const PROVIDED: &[&str] = &["extensions", "runtime", "util"];

/// Everything in `code` that AppSync would refuse, and the code's nodes in order.
pub(crate) fn read(code: &str) -> (Vec<String>, Vec<String>) {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, code, SourceType::mjs()).parse();
    let mut rules = Rules::default();
    if parsed.panicked || !parsed.diagnostics.is_empty() {
        rules.refuse(format!("no JavaScript: {:?}", parsed.diagnostics));
    }
    for statement in &parsed.program.body {
        rules.declare(statement);
    }
    rules.visit_program(&parsed.program);
    rules.finish();
    (rules.refused, rules.nodes)
}

#[derive(Default)]
struct Rules {
    refused: Vec<String>,
    nodes: Vec<String>,
    /// Names that the module binds anywhere.
    bound: BTreeSet<String>,
    imported: BTreeSet<String>,
    read: BTreeSet<String>,
    /// The module's own functions, and which of them each one calls.
    own: BTreeMap<String, BTreeSet<String>>,
    /// The one that is being read.
    inside: Option<String>,
}

impl Rules {
    fn refuse(&mut self, what: impl Into<String>) {
        self.refused.push(what.into());
    }

    /// Notes the functions of the module's top level by name.
    fn declare(&mut self, statement: &Statement<'_>) {
        let mut names = Vec::new();
        let declarations = match statement {
            Statement::FunctionDeclaration(function) => {
                names.extend(function.id.as_ref().map(|id| id.name.to_string()));
                None
            }
            Statement::VariableDeclaration(variables) => Some(&variables.declarations),
            _ => None,
        };
        for variable in declarations.into_iter().flatten() {
            if let (
                Some(name),
                Some(Expression::ArrowFunctionExpression(_) | Expression::FunctionExpression(_)),
            ) = (variable.id.get_identifier_name(), &variable.init)
            {
                names.push(name.to_string());
            }
        }
        self.own
            .extend(names.into_iter().map(|name| (name, BTreeSet::new())));
    }

    fn call(&mut self, call: &CallExpression<'_>) {
        match &call.callee {
            Expression::Identifier(name) => {
                let passes_function = call.arguments.iter().any(|argument| match argument {
                    Argument::ArrowFunctionExpression(_) | Argument::FunctionExpression(_) => true,
                    Argument::Identifier(argument) => self.own.contains_key(argument.name.as_str()),
                    _ => false,
                });
                if passes_function {
                    self.refuse(format!("a function passed to {}", name.name));
                }
            }
            Expression::StaticMemberExpression(member) => {
                let method = member.property.name.as_str();
                let root = root(&member.object);
                let allowed = match root {
                    Some(root) if PROVIDED.contains(&root) => true,
                    Some(root) => match STATICS.iter().find(|(object, _)| *object == root) {
                        Some((_, functions)) => functions.contains(&method),
                        None => METHODS.contains(&method) || self.imported.contains(root),
                    },
                    None => METHODS.contains(&method),
                };
                if !allowed {
                    self.refuse(format!("the method {method}"));
                }
                if method == "sort" && !call.arguments.is_empty() {
                    self.refuse("sort with a comparator");
                }
            }
            _ => self.refuse("a call of what has no name"),
        }
    }

    fn finish(&mut self) {
        let unknown: Vec<String> = self
            .read
            .iter()
            .filter(|name| !self.bound.contains(*name) && !GLOBALS.contains(&name.as_str()))
            .cloned()
            .collect();
        for name in unknown {
            self.refuse(format!("the global {name}"));
        }
        let recursive: Vec<String> = self
            .own
            .keys()
            .filter(|name| self.reaches(name))
            .cloned()
            .collect();
        for name in recursive {
            self.refuse(format!("recursion in {name}"));
        }
    }

    /// Whether a function leads back to itself.
    fn reaches(&self, name: &str) -> bool {
        let mut known = BTreeSet::new();
        let mut ahead: Vec<&String> = self.own[name].iter().collect();
        while let Some(next) = ahead.pop() {
            if next == name {
                return true;
            }
            if known.insert(next) {
                ahead.extend(self.own.get(next).into_iter().flatten());
            }
        }
        false
    }
}

/// The identifier that a chain of members begins with: `util` of `util.time.nowISO8601`.
fn root<'a>(object: &'a Expression<'_>) -> Option<&'a str> {
    let mut object = object;
    while let Expression::StaticMemberExpression(member) = object {
        object = &member.object;
    }
    match object {
        Expression::Identifier(name) => Some(name.name.as_str()),
        _ => None,
    }
}

impl<'a> Visit<'a> for Rules {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        let ty = kind.ty();
        if !KINDS.contains(&ty) {
            self.refuse(format!("{ty:?}"));
        }
        let mut node = format!("{ty:?}");
        match kind {
            AstKind::BindingIdentifier(name) => {
                self.bound.insert(name.name.to_string());
                node = format!("{node} {}", name.name);
            }
            AstKind::IdentifierName(name) => node = format!("{node} {}", name.name),
            AstKind::IdentifierReference(name) => {
                let name = name.name.to_string();
                node = format!("{node} {name}");
                if let Some(calls) = self.inside.as_ref().and_then(|inside| self.own.get_mut(inside)) {
                    calls.insert(name.clone());
                }
                self.read.insert(name);
            }
            AstKind::StringLiteral(text) => node = format!("{node} {:?}", text.value),
            AstKind::TemplateElement(text) => node = format!("{node} {:?}", text.value.raw),
            AstKind::NumericLiteral(number) => node = format!("{node} {}", number.value),
            AstKind::ImportDeclaration(import) => {
                let from = import.source.value.as_str();
                if from != "@aws-appsync/utils" && !from.starts_with("@aws-appsync/utils/") {
                    self.refuse(format!("an import of {from}"));
                }
                for specifier in import.specifiers.iter().flatten() {
                    self.imported.insert(specifier.name().to_string());
                }
            }
            AstKind::UnaryExpression(unary) => {
                node = format!("{node} {:?}", unary.operator);
                if unary.operator == UnaryOperator::BitwiseNot {
                    self.refuse("~");
                }
            }
            AstKind::BinaryExpression(binary) => {
                node = format!("{node} {:?}", binary.operator);
                if matches!(binary.operator, BinaryOperator::In | BinaryOperator::Instanceof) {
                    self.refuse(binary.operator.as_str());
                }
            }
            AstKind::LogicalExpression(logical) => node = format!("{node} {:?}", logical.operator),
            AstKind::AssignmentExpression(assignment) => node = format!("{node} {:?}", assignment.operator),
            AstKind::VariableDeclaration(variables) => {
                use VariableDeclarationKind::{Const, Let, Var};
                if !matches!(variables.kind, Const | Let | Var) {
                    self.refuse("using");
                }
            }
            AstKind::Function(function) if function.r#async || function.generator => {
                self.refuse("async or a generator");
            }
            AstKind::ArrowFunctionExpression(arrow) if arrow.r#async => self.refuse("async"),
            AstKind::ForOfStatement(each) if each.r#await => self.refuse("for await"),
            AstKind::BreakStatement(end) if end.label.is_some() => self.refuse("a label"),
            AstKind::CallExpression(call) => self.call(call),
            _ => {}
        }
        match kind {
            AstKind::VariableDeclarator(variable) => {
                self.enter(variable.id.get_identifier_name().map(|name| name.to_string()));
            }
            AstKind::Function(function) => self.enter(function.id.as_ref().map(|id| id.name.to_string())),
            _ => {}
        }
        self.nodes.push(node);
    }

    fn leave_node(&mut self, kind: AstKind<'a>) {
        let name = match kind {
            AstKind::VariableDeclarator(variable) => {
                variable.id.get_identifier_name().map(|name| name.to_string())
            }
            AstKind::Function(function) => function.id.as_ref().map(|id| id.name.to_string()),
            _ => return,
        };
        if self.inside == name {
            self.inside = None;
        }
    }
}

impl Rules {
    fn enter(&mut self, name: Option<String>) {
        if self.inside.is_none() {
            self.inside = name.filter(|name| self.own.contains_key(name));
        }
    }
}
