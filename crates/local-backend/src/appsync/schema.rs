//! The schema, what its directives allow, and which mutations fire which subscriptions.

use std::collections::HashMap;

use apollo_compiler::{Schema, ast::Value as AstValue, schema::ExtendedType, validation::Valid};

use super::identity::Identity;

const SCHEMA: &str = include_str!("../../../../graphql/schema.graphql");

/// What AppSync declares by itself (AppSync guide, "AppSync scalars", "Authorization directives").
const PRELUDE: &str = r"
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
directive @aws_api_key on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_oidc on OBJECT | FIELD_DEFINITION
directive @aws_lambda on OBJECT | FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
scalar AWSDate
scalar AWSTime
scalar AWSDateTime
scalar AWSTimestamp
scalar AWSEmail
scalar AWSJSON
scalar AWSURL
scalar AWSPhone
scalar AWSIPAddress
";

/// A schema that AppSync would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the schema is not valid: {0}")]
pub struct SchemaError(pub String);

/// Who may see a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Rule {
    cognito: bool,
    /// Of these groups alone; empty: any user.
    groups: Vec<String>,
    iam: bool,
}

/// The schema and what follows from it.
#[derive(Debug)]
pub(super) struct Api {
    pub(super) schema: Valid<Schema>,
    rules: HashMap<String, HashMap<String, Rule>>,
    subscriptions: HashMap<String, Vec<String>>,
}

impl Api {
    pub(super) fn embedded() -> Result<Self, SchemaError> {
        Self::parse(SCHEMA)
    }

    fn parse(sdl: &str) -> Result<Self, SchemaError> {
        let schema = Schema::builder()
            .parse(PRELUDE, "appsync.graphql")
            .parse(sdl, "schema.graphql")
            .build()
            .map_err(|error| SchemaError(error.errors.to_string()))?
            .validate()
            .map_err(|error| SchemaError(error.errors.to_string()))?;
        let mut rules: HashMap<String, HashMap<String, Rule>> = HashMap::new();
        let mut subscriptions: HashMap<String, Vec<String>> = HashMap::new();
        for (type_name, definition) in &schema.types {
            let ExtendedType::Object(object) = definition else {
                continue;
            };
            let of_type = rule(object.directives.iter().map(|directive| &***directive));
            let fields = rules.entry(type_name.to_string()).or_default();
            for (field_name, field) in &object.fields {
                let of_field = rule(field.directives.iter().map(|directive| &**directive));
                let default = || Rule {
                    cognito: true,
                    ..Rule::default()
                };
                fields.insert(
                    field_name.to_string(),
                    of_field.or_else(|| of_type.clone()).unwrap_or_else(default),
                );
                for mutation in field
                    .directives
                    .get("aws_subscribe")
                    .into_iter()
                    .flat_map(|directive| {
                        strings(
                            directive
                                .specified_argument_by_name("mutations")
                                .map(|value| &**value),
                        )
                    })
                {
                    subscriptions
                        .entry(mutation)
                        .or_default()
                        .push(field_name.to_string());
                }
            }
        }
        Ok(Self {
            schema,
            rules,
            subscriptions,
        })
    }

    /// Whether a caller may see a field. Once a field or its type names modes, only these may; else the default mode alone,
    /// which is Cognito.
    pub(super) fn allows(&self, type_name: &str, field: &str, identity: &Identity) -> bool {
        let Some(rule) = self.rules.get(type_name).and_then(|fields| fields.get(field)) else {
            return false;
        };
        match identity {
            Identity::Iam(_) => rule.iam,
            Identity::Cognito(user) => {
                let groups = user.groups.as_deref().unwrap_or_default();
                rule.cognito
                    && (rule.groups.is_empty() || rule.groups.iter().any(|group| groups.contains(group)))
            }
        }
    }

    /// The subscription fields that a mutation fires.
    pub(super) fn subscriptions_of(&self, mutation: &str) -> Option<&[String]> {
        self.subscriptions.get(mutation).map(Vec::as_slice)
    }
}

fn rule<'a>(directives: impl Iterator<Item = &'a apollo_compiler::ast::Directive>) -> Option<Rule> {
    let mut rule = None;
    for directive in directives {
        match directive.name.as_str() {
            "aws_iam" => rule.get_or_insert_with(Rule::default).iam = true,
            "aws_cognito_user_pools" => {
                let rule = rule.get_or_insert_with(Rule::default);
                rule.cognito = true;
                rule.groups = strings(
                    directive
                        .specified_argument_by_name("cognito_groups")
                        .map(|value| &**value),
                );
            }
            "aws_api_key" | "aws_oidc" | "aws_lambda" => {
                rule.get_or_insert_with(Rule::default);
            }
            // `@aws_auth` counts for nothing on an API with several modes, as on AWS.
            _ => {}
        }
    }
    rule
}

fn strings(value: Option<&AstValue>) -> Vec<String> {
    let list = value.and_then(AstValue::as_list).unwrap_or_default();
    list.iter()
        .filter_map(|one| one.as_str().map(str::to_owned))
        .collect()
}
