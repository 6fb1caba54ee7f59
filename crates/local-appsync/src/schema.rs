//! The schema, the access that its directives allow, and the subscriptions that mutations trigger.

use std::collections::HashMap;

use apollo_compiler::{Schema, ast::Value as AstValue, schema::ExtendedType, validation::Valid};
use caltrack_local_core::identity::Identity;

use super::settings::ApiSettings;

const SCHEMA: &str = include_str!("../../../graphql/schema.graphql");

/// AppSync's own declarations (AppSync guide, "AppSync scalars", "Authorization directives").
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

/// A schema that AppSync rejects.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the schema is not valid: {0}")]
pub struct SchemaError(pub String);

/// The callers that may access a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct AccessRule {
    cognito: bool,
    /// The groups of which a user must have one; empty for all users.
    groups: Vec<String>,
    iam: bool,
}

/// The schema with its access rules and subscriptions.
#[derive(Debug)]
pub(super) struct Api {
    pub(super) schema: Valid<Schema>,
    pub(super) settings: ApiSettings,
    rules: HashMap<String, HashMap<String, AccessRule>>,
    subscriptions: HashMap<String, Vec<String>>,
}

impl Api {
    pub(super) fn embedded(settings: ApiSettings) -> Result<Self, SchemaError> {
        Self::parse(SCHEMA, settings)
    }

    fn parse(sdl: &str, settings: ApiSettings) -> Result<Self, SchemaError> {
        let schema = Schema::builder()
            .parse(PRELUDE, "appsync.graphql")
            .parse(sdl, "schema.graphql")
            .build()
            .map_err(|error| SchemaError(error.errors.to_string()))?
            .validate()
            .map_err(|error| SchemaError(error.errors.to_string()))?;
        let mut rules: HashMap<String, HashMap<String, AccessRule>> = HashMap::new();
        let mut subscriptions: HashMap<String, Vec<String>> = HashMap::new();
        for (type_name, definition) in &schema.types {
            let ExtendedType::Object(object) = definition else {
                continue;
            };
            let of_type = rule(object.directives.iter().map(|directive| &***directive));
            let fields = rules.entry(type_name.to_string()).or_default();
            for (field_name, field) in &object.fields {
                let of_field = rule(field.directives.iter().map(|directive| &**directive));
                let default = || AccessRule {
                    cognito: true,
                    ..AccessRule::default()
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
            settings,
            rules,
            subscriptions,
        })
    }

    /// Whether a caller may access a field: by the authorisation modes of the field or else its type, or by the default
    /// mode, Cognito, if they name none.
    pub(super) fn allows(&self, type_name: &str, field: &str, identity: &Identity) -> bool {
        let Some(rule) = self.rules.get(type_name).and_then(|fields| fields.get(field)) else {
            return false;
        };
        match identity {
            // The role of the identity pool's users permits the fields that are for users as well.
            Identity::Iam(principal) => rule.iam && (principal.sign_in.is_none() || rule.cognito),
            Identity::Cognito(user) => {
                let groups = user.groups.as_deref().unwrap_or_default();
                rule.cognito
                    && (rule.groups.is_empty() || rule.groups.iter().any(|group| groups.contains(group)))
            }
        }
    }

    /// The subscription fields that a mutation triggers.
    pub(super) fn subscriptions_of(&self, mutation: &str) -> Option<&[String]> {
        self.subscriptions.get(mutation).map(Vec::as_slice)
    }
}

fn rule<'a>(directives: impl Iterator<Item = &'a apollo_compiler::ast::Directive>) -> Option<AccessRule> {
    let mut rule = None;
    for directive in directives {
        match directive.name.as_str() {
            "aws_iam" => rule.get_or_insert_with(AccessRule::default).iam = true,
            "aws_cognito_user_pools" => {
                let rule = rule.get_or_insert_with(AccessRule::default);
                rule.cognito = true;
                rule.groups = strings(
                    directive
                        .specified_argument_by_name("cognito_groups")
                        .map(|value| &**value),
                );
            }
            "aws_api_key" | "aws_oidc" | "aws_lambda" => {
                rule.get_or_insert_with(AccessRule::default);
            }
            // `@aws_auth` has no effect on an API with several modes, as on AWS.
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

#[cfg(test)]
mod tests {
    use super::*;
    use caltrack_local_core::identity::{CognitoIdentity, IamIdentity};

    fn api(sdl: &str) -> Api {
        Api::parse(sdl, ApiSettings::default()).unwrap()
    }

    fn user(groups: &[&str]) -> Identity {
        Identity::Cognito(CognitoIdentity {
            sub: "a".to_owned(),
            username: "anna".to_owned(),
            issuer: "http://localhost/pool".to_owned(),
            groups: Some(groups.iter().map(|group| (*group).to_owned()).collect()),
            claims: serde_json::Map::new(),
            source_ip: Vec::new(),
        })
    }

    /// Whether a user, an admin and an IAM principal may see a field.
    fn may(api: &Api, field: &str) -> [bool; 3] {
        let (type_name, field) = field.split_once('.').unwrap();
        let callers = [
            user(&[]),
            user(&["admin"]),
            Identity::Iam(IamIdentity::aggregator()),
        ];
        callers.map(|caller| api.allows(type_name, field, &caller))
    }

    #[test]
    fn what_carries_no_directive_is_for_the_default_mode_alone() {
        assert_eq!(may(&api("type Query { a: Int }"), "Query.a"), [true, true, false]);
    }

    #[test]
    fn any_directive_shuts_the_default_mode_out() {
        let api = api(
            "type Query { iam: Int @aws_iam key: Int @aws_api_key oidc: Int @aws_oidc lambda: Int @aws_lambda
            both: Int @aws_iam @aws_cognito_user_pools }",
        );
        assert_eq!(may(&api, "Query.iam"), [false, false, true]);
        for mode_of_nobody_here in ["Query.key", "Query.oidc", "Query.lambda"] {
            assert_eq!(
                may(&api, mode_of_nobody_here),
                [false; 3],
                "{mode_of_nobody_here}"
            );
        }
        assert_eq!(may(&api, "Query.both"), [true; 3]);
    }

    #[test]
    fn groups_are_those_of_the_token() {
        let api = api(
            r#"type Query { a: Int @aws_cognito_user_pools(cognito_groups: ["admin", "staff"])
            b: Int @aws_iam @aws_cognito_user_pools(cognito_groups: ["staff"]) }"#,
        );
        assert_eq!(may(&api, "Query.a"), [false, true, false]);
        assert_eq!(may(&api, "Query.b"), [false, false, true]);
        assert!(api.allows("Query", "b", &user(&["other", "staff"])));
    }

    #[test]
    fn aws_auth_counts_for_nothing_beside_a_second_mode() {
        let api = api(r#"type Query { open: Int @aws_auth(cognito_groups: ["admin"])
            iam: Int @aws_auth(cognito_groups: ["admin"]) @aws_iam }
            type T @aws_auth(cognito_groups: ["admin"]) { a: Int }"#);
        assert_eq!(may(&api, "Query.open"), [true, true, false]);
        assert_eq!(may(&api, "T.a"), [true, true, false]);
        assert_eq!(may(&api, "Query.iam"), [false, false, true]);
    }

    #[test]
    fn a_fields_directive_overrides_its_types() {
        let api = api(r#"type Query { t: T } type T @aws_iam @aws_cognito_user_pools {
            both: Int iam: Int @aws_iam admins: Int @aws_cognito_user_pools(cognito_groups: ["admin"])
            ignored: Int @aws_auth(cognito_groups: ["admin"]) }"#);
        assert_eq!(may(&api, "T.both"), [true; 3]);
        assert_eq!(may(&api, "T.iam"), [false, false, true]);
        assert_eq!(may(&api, "T.admins"), [false, true, false]);
        assert_eq!(may(&api, "T.ignored"), [true; 3], "as the type says");
        // The type's directive doesn't apply to the field that returns it.
        assert_eq!(may(&api, "Query.t"), [true, true, false]);
    }

    #[test]
    fn a_returned_type_needs_the_directive_as_well() {
        let api = api("type Query { t: T @aws_iam } type T { a: Int }");
        assert_eq!(may(&api, "Query.t"), [false, false, true]);
        assert_eq!(may(&api, "T.a"), [true, true, false]);
    }

    #[test]
    fn a_mutation_fires_each_subscription_that_names_it() {
        let api = api(
            r#"type Query { a: Int } type Mutation { x: Int y: Int z: Int } type Subscription {
            onX: Int @aws_subscribe(mutations: ["x"]) onBoth: Int @aws_subscribe(mutations: ["x", "y"]) }"#,
        );
        let fired = |mutation: &str| api.subscriptions_of(mutation).unwrap_or_default().to_vec();
        assert_eq!(fired("x"), ["onX", "onBoth"]);
        assert_eq!(fired("y"), ["onBoth"]);
        assert_eq!(fired("z"), [""; 0]);
    }
}
