//! Resolvers as modules, and by field.

use std::{borrow::Cow, collections::BTreeMap};

use caltrack_local_core::tables::{
    ACTIVITY_CATEGORY_TABLE, ACTIVITY_TABLE, USER_AGGREGATE_TABLE, USER_TABLE,
};
use caltrack_resolvers::{Files, Source};

/// The data source of a resolver or function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DataSource {
    /// The table of this name.
    Table(&'static str),
    /// None: the result is the request's payload.
    None,
}

impl From<Source> for DataSource {
    fn from(source: Source) -> Self {
        match source {
            Source::UserTable => Self::Table(USER_TABLE),
            Source::ActivityTable => Self::Table(ACTIVITY_TABLE),
            Source::ActivityCategoryTable => Self::Table(ACTIVITY_CATEGORY_TABLE),
            Source::UserAggregateTable => Self::Table(USER_AGGREGATE_TABLE),
            Source::NoneSource => Self::None,
        }
    }
}

/// How a field is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ResolverKind {
    /// By one module with a data source.
    Unit(DataSource),
    /// By functions in their order: module and data source of each.
    Pipeline(Vec<(String, DataSource)>),
}

/// Modules by name, and kinds by `Type.field`.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) modules: BTreeMap<String, Cow<'static, str>>,
    pub(super) kinds: BTreeMap<String, ResolverKind>,
}

impl From<Files> for Catalog {
    fn from(files: Files) -> Self {
        let mut catalog = Self::default();
        let mut sources = BTreeMap::new();
        for function in files.functions {
            sources.insert(function.name.clone(), DataSource::from(function.source));
            catalog.modules.insert(module_of(&function.name), function.code);
        }
        for resolver in files.resolvers {
            let name = format!("{}.{}", resolver.type_name, resolver.field);
            let kind = match resolver.kind {
                caltrack_resolvers::ResolverKind::Unit(source) => ResolverKind::Unit(source.into()),
                caltrack_resolvers::ResolverKind::Pipeline(functions) => ResolverKind::Pipeline(
                    functions
                        .iter()
                        .filter_map(|function| Some((module_of(function), *sources.get(function)?)))
                        .collect(),
                ),
            };
            catalog.modules.insert(name.clone(), resolver.code);
            catalog.kinds.insert(name, kind);
        }
        catalog
    }
}

fn module_of(function: &str) -> String {
    format!("function:{function}")
}
