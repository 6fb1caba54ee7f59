//! An API and a resolver runtime on the tables that a test passes in. `crates/local-backend/tests/appsync`
//! uses this file too.

use std::sync::Arc;

use caltrack_local_appsync::{
    ApiSettings, AppSync, Caller, GraphQlRequest,
    resolver::{FieldContext, Resolved, ResolverError, Resolvers},
};
use caltrack_local_core::{
    account::SIGN_IN,
    identity::{CognitoIdentity, Identity},
    tables::TableApi,
};
use caltrack_resolvers::Files;
use serde_json::{Map, Value, json};

pub(crate) const ME: &str = "00000000-0000-4000-8000-00000000000a";
pub(crate) const YOU: &str = "00000000-0000-4000-8000-00000000000b";

const SECRET: &str = "a test's";

/// Resolvers (`Type.field` and code) and functions (name and code).
pub(crate) fn files(resolvers: &[(&str, &str)], functions: &[(&str, &str)]) -> Files {
    let owned = |files: &[(&str, &str)]| -> Vec<(String, String)> {
        files
            .iter()
            .map(|(name, code)| ((*name).to_owned(), (*code).to_owned()))
            .collect()
    };
    Files::of(&owned(resolvers), &owned(functions), &[]).unwrap()
}

/// A caller with a user pool token, in no group, and without request headers.
pub(crate) fn user(sub: &str) -> Caller {
    Caller {
        identity: Identity::Cognito(CognitoIdentity {
            sub: sub.to_owned(),
            username: "someone".to_owned(),
            issuer: "http://localhost/pool".to_owned(),
            groups: None,
            claims: Map::new(),
            source_ip: Vec::new(),
        }),
        headers: Map::new(),
    }
}

/// The deployed API, some of whose resolvers a test can replace.
pub(crate) struct Api {
    pub(crate) app: AppSync,
}

impl Api {
    pub(crate) fn of(tables: Arc<dyn TableApi>, others: &[(&str, &str)], settings: ApiSettings) -> Self {
        let mut deployed = Files::embedded();
        let others = files(others, &[]).resolvers;
        deployed.resolvers.retain(|resolver| {
            !others
                .iter()
                .any(|other| (&other.type_name, &other.field) == (&resolver.type_name, &resolver.field))
        });
        deployed.resolvers.extend(others);
        let resolvers = Resolvers::load(deployed, tables, SECRET)
            .unwrap()
            .with_environment(json!({ "SIGN_IN": SIGN_IN }));
        Self {
            app: AppSync::new(resolvers, settings).unwrap(),
        }
    }

    /// Executes a request and returns the body of the response.
    pub(crate) async fn run(&self, caller: &Caller, query: &str, variables: Value) -> Value {
        let request = GraphQlRequest {
            query: query.to_owned(),
            variables: variables.as_object().cloned().unwrap_or_default(),
            operation_name: None,
        };
        self.app.execute(&request, caller).await.unwrap().body
    }
}

/// Runs resolvers without an API.
pub(crate) struct Runtime {
    resolvers: Resolvers,
}

impl Runtime {
    pub(crate) fn of(files: Files, tables: Arc<dyn TableApi>) -> Self {
        Self {
            resolvers: Resolvers::load(files, tables, SECRET)
                .unwrap()
                .with_environment(json!({ "SIGN_IN": SIGN_IN })),
        }
    }

    /// The same API with other environment variables.
    pub(crate) fn with_environment(self, variables: Value) -> Self {
        Self {
            resolvers: self.resolvers.with_environment(variables),
        }
    }

    pub(crate) async fn full(
        &self,
        field: &str,
        caller: &str,
        arguments: Value,
    ) -> Result<Resolved, ResolverError> {
        let identity = json!({ "sub": caller, "username": "someone", "groups": null });
        self.full_as(field, identity, arguments).await
    }

    /// As [`Runtime::full`], for any `ctx.identity`.
    pub(crate) async fn full_as(
        &self,
        field: &str,
        identity: Value,
        arguments: Value,
    ) -> Result<Resolved, ResolverError> {
        let (parent_type, field) = field.split_once('.').unwrap();
        let Value::Object(arguments) = arguments else {
            panic!("the arguments are not an object")
        };
        self.resolvers
            .run(FieldContext {
                parent_type: parent_type.to_owned(),
                field: field.to_owned(),
                arguments,
                caller: identity.to_string(),
                identity,
                auth_type: "User Pool Authorization",
                source: Value::Null,
                headers: Map::new(),
                variables: Map::new(),
                selection_set_list: Vec::new(),
                selection_set_graphql: String::new(),
            })
            .await
    }

    pub(crate) async fn ok(&self, field: &str, caller: &str, arguments: Value) -> Value {
        self.full(field, caller, arguments)
            .await
            .unwrap_or_else(|error| panic!("{field}: {error:?}"))
            .value
    }

    /// The error's type and message. Panics if the error contains `data` or `info`, which could hold stored data.
    pub(crate) async fn error_of(&self, field: &str, caller: &str, arguments: Value) -> (String, String) {
        let error = self.full(field, caller, arguments).await.expect_err(field);
        assert_eq!(
            (&error.data, &error.info),
            (&Value::Null, &Value::Null),
            "the error of {field} reveals data"
        );
        (error.error_type.unwrap_or_default(), error.message)
    }
}
