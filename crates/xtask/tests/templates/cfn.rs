//! Templates, parsed.

use std::{fs, path::Path};

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;

/// The templates that make the tables and the function: alone, and with everything else.
pub(crate) const BACKEND: [&str; 2] = ["dynamodb-lambda", "caltrack"];
/// The templates that make the pool and the API: alone, and with everything else.
pub(crate) const API: [&str; 2] = ["appsync-api", "caltrack"];

/// A file of the repository.
pub(crate) fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A template as CloudFormation reads it: tags in their long form, `!Ref X` as `{"Ref": "X"}`, `!GetAtt A.B` as `{"Fn::GetAtt": "A.B"}`.
pub(crate) fn template(name: &str) -> Value {
    let path = format!("templates/{name}.yaml");
    let parsed: Yaml =
        serde_yaml_ng::from_str(&read(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    long_form(parsed)
}

fn long_form(value: Yaml) -> Value {
    match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => json!(value),
        Yaml::Number(value) => value
            .as_i64()
            .map_or_else(|| json!(value.as_f64()), |value| json!(value)),
        Yaml::String(value) => json!(value),
        Yaml::Sequence(items) => items.into_iter().map(long_form).collect(),
        Yaml::Mapping(members) => members
            .into_iter()
            .map(|(name, value)| (name.as_str().unwrap().to_owned(), long_form(value)))
            .collect::<Map<String, Value>>()
            .into(),
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let name = match tag.trim_start_matches('!') {
                name @ ("Ref" | "Condition") => name.to_owned(),
                name => format!("Fn::{name}"),
            };
            json!({ name: long_form(tagged.value) })
        }
    }
}

/// The properties of a resource.
pub(crate) fn properties(template: &Value, resource: &str) -> Value {
    let found = &template["Resources"][resource]["Properties"];
    assert!(found.is_object(), "there is no {resource}");
    found.clone()
}

/// All resources of a type, by name, with their properties.
pub(crate) fn resources(template: &Value, kind: &str) -> Vec<(String, Value)> {
    let all = template["Resources"].as_object().unwrap();
    let found = all.iter().filter(|(_, resource)| resource["Type"] == kind);
    found
        .map(|(name, resource)| (name.clone(), resource["Properties"].clone()))
        .collect()
}

/// `!Ref`
pub(crate) fn reference(name: &str) -> Value {
    json!({ "Ref": name })
}

/// `!GetAtt`
pub(crate) fn attribute(name: &str) -> Value {
    json!({ "Fn::GetAtt": name })
}

/// `!Sub`
pub(crate) fn sub(text: &str) -> Value {
    json!({ "Fn::Sub": text })
}

/// `!If [condition, yes, no]`
pub(crate) fn when(condition: &str, yes: &Value, no: &Value) -> Value {
    json!({ "Fn::If": [condition, yes, no] })
}

/// `!If [condition, yes, !Ref AWS::NoValue]`
pub(crate) fn only_when(condition: &str, yes: &Value) -> Value {
    when(condition, yes, &reference("AWS::NoValue"))
}

#[test]
fn tags_are_read_in_their_long_form() {
    let parsed =
        serde_yaml_ng::from_str("a: !If [X, !GetAtt B.Arn, !Ref AWS::NoValue]\nb: [1, true, -1]\n").unwrap();
    assert_eq!(
        long_form(parsed),
        json!({ "a": only_when("X", &attribute("B.Arn")), "b": [1, true, -1] })
    );
}
