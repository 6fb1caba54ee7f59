//! All resolvers of an API, by field.

use std::{collections::BTreeMap, sync::Arc};

use caltrack_local_core::tables::TableApi;
use caltrack_resolvers::Files;

use super::{
    catalog::{Catalog, ResolverKind},
    datasource::DynamoSource,
    field::{FieldContext, LoadError, Resolved, ResolverError},
    run::Run,
    token::Tokens,
    worker::JsWorker,
};

/// All resolvers, compiled. Clones share them.
#[derive(Debug, Clone)]
pub struct Resolvers {
    kinds: Arc<BTreeMap<String, ResolverKind>>,
    below_roots: bool,
    worker: JsWorker,
    tables: DynamoSource,
}

impl Resolvers {
    /// Compiles resolvers, and starts the thread that runs them. Blocks for some milliseconds.
    ///
    /// Requests of resolvers with a table as data source go to `tables`. Page tokens are valid wherever the secret is
    /// the same.
    ///
    /// # Errors
    ///
    /// [`LoadError`] if one of them can't be compiled.
    pub fn load(files: Files, tables: Arc<dyn TableApi>, secret: &str) -> Result<Self, LoadError> {
        let catalog = Catalog::from(files);
        let is_root = |field: &String| {
            let parent = field.split('.').next().unwrap_or_default();
            ["Query", "Mutation", "Subscription"].contains(&parent)
        };
        Ok(Self {
            below_roots: !catalog.kinds.keys().all(is_root),
            kinds: Arc::new(catalog.kinds),
            worker: JsWorker::start(catalog.modules)?,
            tables: DynamoSource::new(tables, Tokens::of(secret)),
        })
    }

    /// Whether a field has a resolver; otherwise its value is the parent's member.
    pub fn has(&self, parent_type: &str, field: &str) -> bool {
        self.kinds.contains_key(&format!("{parent_type}.{field}"))
    }

    /// Whether any type besides the root types has resolvers.
    pub(crate) fn below_roots(&self) -> bool {
        self.below_roots
    }

    /// Resolves a field: runs its handlers and data sources.
    ///
    /// # Errors
    ///
    /// The error of `util.error` or `util.unauthorized`, or `Runtime Error` (type `Code`) if the code failed.
    pub async fn run(&self, context: FieldContext) -> Result<Resolved, ResolverError> {
        let module = format!("{}.{}", context.parent_type, context.field);
        let Some(kind) = self.kinds.get(&module) else {
            return Ok(Resolved::default());
        };
        Run::new(&self.worker, &self.tables, context)
            .resolve(&module, kind)
            .await
    }
}
