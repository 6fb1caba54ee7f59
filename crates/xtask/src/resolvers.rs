//! The resolvers as CloudFormation's resources.

use std::fmt::Write as _;

use caltrack_resolvers::{Files, PipelineFunction, Resolver, ResolverKind, Source};

/// Where the resources stand: in a template of their own, or in the one that has everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TemplateKind {
    /// API and data sources are parameters.
    Alone,
    /// API and data sources are resources beside them.
    Joined,
}

impl TemplateKind {
    fn api(self) -> &'static str {
        match self {
            Self::Alone => "!Ref AppSyncApiId",
            Self::Joined => "!GetAtt Api.ApiId",
        }
    }

    fn source(self, source: Source) -> &'static str {
        match (self, source) {
            (Self::Alone, Source::UserTable) => "!Ref AppSyncUserTableDataSourceName",
            (Self::Alone, Source::ActivityTable) => "!Ref AppSyncActivityTableDataSourceName",
            (Self::Alone, Source::ActivityCategoryTable) => "!Ref AppSyncActivityCategoryTableDataSourceName",
            (Self::Alone, Source::UserAggregateTable) => "!Ref AppSyncUserAggTableDataSourceName",
            (Self::Joined, Source::UserTable) => "!GetAtt UserTableSource.Name",
            (Self::Joined, Source::ActivityTable) => "!GetAtt ActivityTableSource.Name",
            (Self::Joined, Source::ActivityCategoryTable) => "!GetAtt ActivityCategoryTableSource.Name",
            (Self::Joined, Source::UserAggregateTable) => "!GetAtt UserAggregateTableSource.Name",
            (Self::Alone | Self::Joined, Source::NoneSource) => "!GetAtt NoneSource.Name",
        }
    }

    /// Without it a resolver may be made before its field.
    fn depends(self) -> &'static str {
        match self {
            Self::Alone => "",
            Self::Joined => "  DependsOn: ApiSchema\n",
        }
    }
}

const HEAD: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
# Generated from graphql/ by `cargo run -p xtask -- generate`; indented by one space, since --template-body accepts 51,200 bytes.
Description: caltrack - the resolvers of an AppSync API that has the schema of assets/schema.graphql and the guide's four data sources.
Parameters:
 AppSyncApiId: {Type: String, Description: The API's id}
 AppSyncUserTableDataSourceName: {Type: String, Description: The data source of the user table, Default: UserTable}
 AppSyncActivityTableDataSourceName: {Type: String, Description: The data source of the activity table, Default: ActivityTable}
 AppSyncActivityCategoryTableDataSourceName: {Type: String, Description: The data source of the category table, Default: ActivityCategoryTable}
 AppSyncUserAggTableDataSourceName: {Type: String, Description: The data source of the aggregate table, Default: UserAggregateTable}
Resources:
"#;

/// The template of its own.
pub(crate) fn template(files: &Files) -> String {
    let mut out = HEAD.to_owned();
    out.push_str(&resources(files, TemplateKind::Alone));
    out
}

/// The resources, indented by one blank.
pub(crate) fn resources(files: &Files, place: TemplateKind) -> String {
    let api = place.api();
    let mut out = format!(
        " NoneSource:\n  Type: AWS::AppSync::DataSource\n  Properties: {{ApiId: {api}, Name: NoneSource, Type: NONE}}\n"
    );
    for function in &files.functions {
        write_function(&mut out, function, place);
    }
    for resolver in &files.resolvers {
        write_resolver(&mut out, resolver, place);
    }
    out
}

const RUNTIME: &str = "   Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}\n";

fn write_function(out: &mut String, function: &PipelineFunction, place: TemplateKind) {
    let PipelineFunction { name, source, code } = function;
    let id = function_id(name);
    let (api, source, depends) = (place.api(), place.source(*source), place.depends());
    // Writing into a text can't fail.
    let _ = write!(
        out,
        " {id}:\n  Type: AWS::AppSync::FunctionConfiguration\n{depends}  Properties:\n   ApiId: {api}\n   Name: {name}\n   DataSourceName: {source}\n"
    );
    write_code(out, code);
}

fn write_resolver(out: &mut String, resolver: &Resolver, place: TemplateKind) {
    let Resolver {
        type_name,
        field,
        kind,
        code,
    } = resolver;
    let (api, depends) = (place.api(), place.depends());
    let id = format!("{type_name}{}", capital(field));
    // Writing into a text can't fail.
    let _ = write!(
        out,
        " {id}:\n  Type: AWS::AppSync::Resolver\n{depends}  Properties:\n   ApiId: {api}\n   TypeName: {type_name}\n   FieldName: {field}\n"
    );
    let _ = match kind {
        ResolverKind::Unit(source) => writeln!(out, "   DataSourceName: {}", place.source(*source)),
        ResolverKind::Pipeline(functions) => {
            let ids: Vec<String> = functions
                .iter()
                .map(|name| format!("!GetAtt {}.FunctionId", function_id(name)))
                .collect();
            writeln!(
                out,
                "   Kind: PIPELINE\n   PipelineConfig: {{Functions: [{}]}}",
                ids.join(", ")
            )
        }
    };
    write_code(out, code);
}

fn write_code(out: &mut String, code: &str) {
    out.push_str(RUNTIME);
    out.push_str("   Code: |\n");
    for line in code.lines() {
        out.push_str("    ");
        out.push_str(line);
        out.push('\n');
    }
}

fn function_id(name: &str) -> String {
    format!("Function{}", capital(name))
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
