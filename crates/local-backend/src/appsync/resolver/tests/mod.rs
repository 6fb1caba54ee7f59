//! The engine, and each resolver on it.

mod activities;
mod aggregates;
mod categories;
mod engine;
mod filters;
mod lists;
mod refusals;
mod users;

use serde_json::{Map, Value, json};

use super::{Catalog, FieldContext, Resolved, ResolverError, Resolvers, Tokens};
use crate::dynamodb::{Operation, Tables};

const ME: &str = "00000000-0000-4000-8000-00000000000a";
const YOU: &str = "00000000-0000-4000-8000-00000000000b";

/// Resolvers on tables of their own.
struct Api {
    resolvers: Resolvers,
    tables: Tables,
    _directory: tempfile::TempDir,
}

impl Api {
    fn new() -> Self {
        Self::of(Catalog::embedded().unwrap())
    }

    /// One resolver, `Query.test`, with this code.
    fn with(code: &str) -> Self {
        Self::of(Catalog::of(&[("Query.test".to_owned(), code.to_owned())], &[]).unwrap())
    }

    fn of(catalog: Catalog) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let tables = Tables::open(&directory.path().join("tables.db")).unwrap();
        let resolvers = Resolvers::of(catalog, &tables, Tokens::of("a test's")).unwrap();
        Self {
            resolvers,
            tables,
            _directory: directory,
        }
    }

    async fn full(&self, field: &str, caller: &str, arguments: Value) -> Result<Resolved, ResolverError> {
        let (parent_type, field) = field.split_once('.').unwrap();
        let Value::Object(arguments) = arguments else {
            panic!("arguments are an object")
        };
        self.resolvers
            .run(FieldContext {
                parent_type: parent_type.to_owned(),
                field: field.to_owned(),
                arguments,
                identity: json!({ "sub": caller, "username": "someone", "groups": null }),
                auth_type: "User Pool Authorization",
                source: Value::Null,
                headers: Map::new(),
                variables: Map::new(),
                selection_set_list: Vec::new(),
                selection_set_graphql: String::new(),
            })
            .await
    }

    async fn ok(&self, field: &str, caller: &str, arguments: Value) -> Value {
        self.full(field, caller, arguments)
            .await
            .unwrap_or_else(|error| panic!("{field}: {error:?}"))
            .value
    }

    /// The error's type and message. It must carry nothing that is stored.
    async fn refused(&self, field: &str, caller: &str, arguments: Value) -> (String, String) {
        let error = self.full(field, caller, arguments).await.expect_err(field);
        assert_eq!(
            (&error.data, &error.info),
            (&Value::Null, &Value::Null),
            "{field} tells too much"
        );
        (error.error_type.unwrap_or_default(), error.message)
    }

    async fn put(&self, table: &str, item: Value) {
        self.tables
            .call(Operation::PutItem, json!({ "TableName": table, "Item": item }))
            .await
            .unwrap();
    }
}
