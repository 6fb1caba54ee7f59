//! Whether an event is for a subscriber.
//!
//! Source: AppSync guide, "Enhanced subscriptions filtering" and "Using subscription arguments".

use serde::Deserialize;
use serde_json::{Map, Value};

/// A subscriber's filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filter {
    /// By `extensions.setSubscriptionFilter`: any group whose filters all hold.
    Enhanced(Vec<Group>),
    /// By arguments: each given one equals the event's field; a null is equal to a missing field alone.
    Arguments(Map<String, Value>),
}

/// Filters that must all hold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Group {
    filters: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    field_name: String,
    operator: Operator,
    #[serde(default)]
    value: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operator {
    Eq,
    Ne,
    Le,
    Lt,
    Ge,
    Gt,
    Contains,
    NotContains,
    BeginsWith,
    In,
    NotIn,
    Between,
    ContainsAny,
}

impl Filter {
    /// The filter of a registration: the resolver's, or the arguments.
    pub(super) fn new(set: Option<&Value>, arguments: Map<String, Value>) -> Result<Self, serde_json::Error> {
        match set.and_then(|set| set.get("filterGroup")) {
            Some(groups) => Ok(Self::Enhanced(serde_json::from_value(groups.clone())?)),
            None => Ok(Self::Arguments(arguments)),
        }
    }

    /// Whether an event passes.
    pub(super) fn passes(&self, event: &Value) -> bool {
        match self {
            Self::Enhanced(groups) => groups
                .iter()
                .any(|group| group.filters.iter().all(|rule| rule.holds(event))),
            Self::Arguments(arguments) => arguments
                .iter()
                .all(|(name, value)| event.get(name).unwrap_or(&Value::Null) == value),
        }
    }

    /// The value that a field must have in every event that passes, where the filter says so: what the hub sorts by.
    pub(super) fn pinned(&self, field: &str) -> Option<&str> {
        let value = match self {
            Self::Enhanced(groups) => {
                let [group] = groups.as_slice() else { return None };
                let rule = group
                    .filters
                    .iter()
                    .find(|rule| rule.field_name == field && rule.operator == Operator::Eq)?;
                &rule.value
            }
            Self::Arguments(arguments) => arguments.get(field)?,
        };
        value.as_str()
    }
}

impl Rule {
    fn holds(&self, event: &Value) -> bool {
        let found = self
            .field_name
            .split('.')
            .try_fold(event, |value, name| value.get(name))
            .unwrap_or(&Value::Null);
        let wanted = &self.value;
        let among = |list: &Value, one: &Value| {
            list.as_array()
                .is_some_and(|list| list.iter().any(|item| same(item, one)))
        };
        match self.operator {
            Operator::Eq => same(found, wanted),
            Operator::Ne => !same(found, wanted),
            Operator::Le => order(found, wanted).is_some_and(std::cmp::Ordering::is_le),
            Operator::Lt => order(found, wanted).is_some_and(std::cmp::Ordering::is_lt),
            Operator::Ge => order(found, wanted).is_some_and(std::cmp::Ordering::is_ge),
            Operator::Gt => order(found, wanted).is_some_and(std::cmp::Ordering::is_gt),
            Operator::Contains => contains(found, wanted),
            Operator::NotContains => !contains(found, wanted),
            Operator::BeginsWith => {
                matches!((found.as_str(), wanted.as_str()), (Some(found), Some(wanted)) if found.starts_with(wanted))
            }
            Operator::In => among(wanted, found),
            Operator::NotIn => !among(wanted, found),
            Operator::Between => match wanted.as_array().map(Vec::as_slice) {
                Some([from, to]) => {
                    order(found, from).is_some_and(std::cmp::Ordering::is_ge)
                        && order(found, to).is_some_and(std::cmp::Ordering::is_le)
                }
                _ => false,
            },
            Operator::ContainsAny => wanted
                .as_array()
                .is_some_and(|list| list.iter().any(|one| contains(found, one))),
        }
    }
}

fn same(left: &Value, right: &Value) -> bool {
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => (left - right).abs() < f64::EPSILON,
        _ => left == right,
    }
}

fn order(left: &Value, right: &Value) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

fn contains(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::String(found), Value::String(wanted)) => found.contains(wanted.as_str()),
        (Value::Array(found), wanted) => found.iter().any(|item| same(item, wanted)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("eq", json!(5), true)]
    #[case("eq", json!(5.0), true)]
    #[case("ne", json!(5), false)]
    #[case("le", json!(5), true)]
    #[case("lt", json!(5), false)]
    #[case("ge", json!(6), false)]
    #[case("gt", json!(4), true)]
    #[case("in", json!([1, 5]), true)]
    #[case("notIn", json!([1, 5]), false)]
    #[case("between", json!([5, 9]), true)]
    #[case("between", json!([6, 9]), false)]
    fn operators_on_numbers(#[case] operator: &str, #[case] value: Value, #[case] passes: bool) {
        let set = json!({ "filterGroup": [{ "filters": [{ "fieldName": "n", "operator": operator, "value": value }] }] });
        let filter = Filter::new(Some(&set), Map::new()).unwrap();
        assert_eq!(filter.passes(&json!({ "n": 5 })), passes);
    }

    #[rstest]
    #[case("beginsWith", json!("Lu"), true)]
    #[case("contains", json!("unc"), true)]
    #[case("notContains", json!("unc"), false)]
    #[case("contains", json!("UNC"), false)]
    #[case("containsAny", json!(["x", "nch"]), true)]
    #[case("gt", json!("Breakfast"), true)]
    fn operators_on_text(#[case] operator: &str, #[case] value: Value, #[case] passes: bool) {
        let set = json!({ "filterGroup": [{ "filters": [{ "fieldName": "t", "operator": operator, "value": value }] }] });
        let filter = Filter::new(Some(&set), Map::new()).unwrap();
        assert_eq!(filter.passes(&json!({ "t": "Lunch" })), passes);
    }

    #[test]
    fn groups_are_alternatives_and_the_filters_in_one_must_all_hold() {
        let rule = |name: &str, value: i32| json!({ "fieldName": name, "operator": "eq", "value": value });
        let set = json!({ "filterGroup": [{ "filters": [rule("a", 1), rule("b", 1)] }, { "filters": [rule("c", 1)] }] });
        let filter = Filter::new(Some(&set), Map::new()).unwrap();
        assert!(filter.passes(&json!({ "a": 1, "b": 1 })));
        assert!(!filter.passes(&json!({ "a": 1, "b": 2 })));
        assert!(filter.passes(&json!({ "a": 9, "c": 1 })));
    }

    #[test]
    fn an_argument_given_as_null_wants_events_without_the_field() {
        let arguments = |value: Value| Filter::Arguments(value.as_object().cloned().unwrap());
        assert!(arguments(json!({})).passes(&json!({ "userid": "a" })));
        assert!(arguments(json!({ "userid": "a" })).passes(&json!({ "userid": "a" })));
        assert!(!arguments(json!({ "userid": null })).passes(&json!({ "userid": "a" })));
        assert!(arguments(json!({ "userid": null })).passes(&json!({ "id": "x" })));
    }
}
