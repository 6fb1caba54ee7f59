//! The `APPSYNC_JS` runtime: runs resolvers (`graphql/resolvers/<Type>.<field>.js`) on `QuickJS`.
//!
//! It works without the rest of this crate. [`Resolvers::load`] compiles code, [`Resolvers::run`] resolves a field; the
//! tables behind the data sources are a port, [`TableApi`](caltrack_local_core::tables::TableApi).
//!
//! ```
//! # use std::{error::Error, sync::Arc};
//! # use caltrack_local_appsync::resolver::{FieldContext, Resolvers};
//! # use caltrack_local_core::tables::{DynamoError, Operation, TableApi};
//! # use caltrack_resolvers::Files;
//! # use serde_json::{Value, json};
//! # #[derive(Debug)]
//! # struct NoTables;
//! # #[async_trait::async_trait]
//! # impl TableApi for NoTables {
//! #     async fn call_for(&self, _: &Arc<str>, _: Operation, _: Value) -> Result<Value, DynamoError> {
//! #         Err(DynamoError::closed())
//! #     }
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn Error>> {
//! let code = "// datasource: NoneSource
//!     import { util } from '@aws-appsync/utils';
//!     export function request(ctx) {
//!         return { payload: util.base64Encode(ctx.args.name) };
//!     }
//!     export function response(ctx) {
//!         return 'Hello, ' + ctx.result;
//!     }";
//! let files = Files::of(&[("Query.hello".to_owned(), code.to_owned())], &[], &[])?;
//! let resolvers = Resolvers::load(files, Arc::new(NoTables), "the secret of page tokens")?;
//! let field = FieldContext {
//!     parent_type: "Query".to_owned(),
//!     field: "hello".to_owned(),
//!     arguments: [("name".to_owned(), json!("Ann"))].into_iter().collect(),
//!     ..FieldContext::default()
//! };
//! assert_eq!(resolvers.run(field).await?.value, json!("Hello, QW5u"));
//! # Ok(())
//! # }
//! ```

mod batches;
mod catalog;
mod datasource;
mod engine;
mod failure;
mod field;
mod java_time;
mod natives;
mod reply;
mod resolvers;
mod run;
mod token;
mod typed;
mod worker;
mod xml;

pub use self::{
    field::{FieldContext, Invalidation, LoadError, Resolved, ResolverError},
    resolvers::{CompiledResolvers, Resolvers},
};
