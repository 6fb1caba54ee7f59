//! All resolvers of an API, by field.

use std::{collections::BTreeMap, sync::Arc};

use caltrack_local_core::tables::TableApi;
use caltrack_resolvers::Files;
use serde_json::{Value, json};

use super::{
    catalog::{Catalog, ResolverKind},
    datasource::DynamoSource,
    field::{FieldContext, LoadError, Resolved, ResolverError},
    run::Run,
    token::Tokens,
    worker::JsWorker,
};

/// Resolvers that are compiled and have no data sources yet. Clones share them.
#[derive(Debug, Clone)]
pub struct CompiledResolvers {
    kinds: Arc<BTreeMap<String, ResolverKind>>,
    below_roots: bool,
    worker: JsWorker,
}

/// All resolvers, compiled. Clones share them.
#[derive(Debug, Clone)]
pub struct Resolvers {
    compiled: CompiledResolvers,
    tables: DynamoSource,
    environment: Arc<Value>,
}

impl CompiledResolvers {
    /// Compiles resolvers, and starts the thread that runs them. Blocks for some milliseconds.
    ///
    /// # Errors
    ///
    /// [`LoadError`] if one of them can't be compiled.
    pub fn compile(files: Files) -> Result<Self, LoadError> {
        let catalog = Catalog::from(files);
        let is_root = |field: &String| {
            let parent = field.split('.').next().unwrap_or_default();
            ["Query", "Mutation", "Subscription"].contains(&parent)
        };
        Ok(Self {
            below_roots: !catalog.kinds.keys().all(is_root),
            kinds: Arc::new(catalog.kinds),
            worker: JsWorker::start(&catalog.modules)?,
        })
    }

    /// Requests of resolvers with a table as data source go to `tables`. Page tokens are valid wherever the secret is
    /// the same.
    #[must_use]
    pub fn on(self, tables: Arc<dyn TableApi>, secret: &str) -> Resolvers {
        Resolvers {
            compiled: self,
            tables: DynamoSource::new(tables, Tokens::of(secret)),
            environment: Arc::new(json!({})),
        }
    }
}

impl Resolvers {
    /// [`CompiledResolvers::compile`], then [`CompiledResolvers::on`].
    ///
    /// # Errors
    ///
    /// [`LoadError`] if one of them can't be compiled.
    pub fn load(files: Files, tables: Arc<dyn TableApi>, secret: &str) -> Result<Self, LoadError> {
        Ok(CompiledResolvers::compile(files)?.on(tables, secret))
    }

    /// The same with the API's `EnvironmentVariables`, by name: `ctx.env` of all resolvers.
    #[must_use]
    pub fn with_environment(self, variables: Value) -> Self {
        Self {
            environment: Arc::new(variables),
            ..self
        }
    }

    /// Whether a field has a resolver; otherwise its value is the parent's member.
    pub fn has(&self, parent_type: &str, field: &str) -> bool {
        self.compiled
            .kinds
            .contains_key(&format!("{parent_type}.{field}"))
    }

    /// Whether any type besides the root types has resolvers.
    pub(crate) fn below_roots(&self) -> bool {
        self.compiled.below_roots
    }

    /// Resolves a field: runs its handlers and data sources.
    ///
    /// # Errors
    ///
    /// The error of `util.error` or `util.unauthorized`, or `Runtime Error` (type `Code`) if the code failed.
    pub async fn run(&self, context: FieldContext) -> Result<Resolved, ResolverError> {
        let module = format!("{}.{}", context.parent_type, context.field);
        let Some(kind) = self.compiled.kinds.get(&module) else {
            return Ok(Resolved::default());
        };
        Run::new(&self.compiled.worker, &self.tables, &self.environment, context)
            .resolve(&module, kind)
            .await
    }
}
