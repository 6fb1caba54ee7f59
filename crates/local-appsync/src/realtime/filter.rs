//! Filters of subscriptions: whether an event is for a subscriber.
//!
//! Source: AppSync guide, "Enhanced subscriptions filtering" and "Using subscription arguments".

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Which events a subscription receives.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filter {
    /// By `extensions.setSubscriptionFilter`: an event passes any group whose filters it all passes.
    Enhanced(Vec<Group>),
    /// By arguments: each given argument equals the event's field; a null equals only a missing field.
    Arguments(Map<String, Value>),
}

/// AppSync's limits of `setSubscriptionFilter` (AppSync guide, "Enhanced subscriptions filtering").
const MOST_GROUPS: usize = 10;
const MOST_FIELDS: usize = 5;
const MOST_IN: usize = 5;
const MOST_ANY: usize = 20;
const LONGEST_TEXT: usize = 256;
/// Maximum nesting of a filter's field name.
const DEEPEST: usize = 5;

/// A filter that AppSync rejects.
#[derive(Debug, thiserror::Error)]
pub(super) enum FilterError {
    #[error("{0}")]
    Malformed(#[from] serde_json::Error),
    #[error("at most {MOST_GROUPS} filters may stand in a filterGroup")]
    Groups,
    #[error("at most {MOST_FIELDS} different fields may stand in one filter")]
    Fields,
    #[error("in and notIn take at most {MOST_IN} values, containsAny {MOST_ANY}")]
    Values,
    #[error("a text may have at most {LONGEST_TEXT} characters")]
    Text,
}

impl Group {
    fn check(&self) -> Result<(), FilterError> {
        let fields: BTreeSet<&str> = self.filters.iter().map(|rule| rule.field_name.as_str()).collect();
        if fields.len() > MOST_FIELDS {
            return Err(FilterError::Fields);
        }
        self.filters.iter().try_for_each(Rule::check)
    }
}

/// Filters that an event must all pass.
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
    /// The filter of a subscription: its resolver's, or its arguments.
    pub(super) fn new(set: Option<&Value>, arguments: Map<String, Value>) -> Result<Self, FilterError> {
        let Some(groups) = set.and_then(|set| set.get("filterGroup")) else {
            return Ok(Self::Arguments(arguments));
        };
        let groups: Vec<Group> = serde_json::from_value(groups.clone())?;
        if groups.len() > MOST_GROUPS {
            return Err(FilterError::Groups);
        }
        for group in &groups {
            group.check()?;
        }
        Ok(Self::Enhanced(groups))
    }

    /// Whether an event passes the filter.
    pub(super) fn passes(&self, event: &Value) -> bool {
        match self {
            Self::Enhanced(groups) => {
                let mut rules = groups.iter().flat_map(|group| &group.filters);
                !rules.any(|rule| rule.looks_into_a_list_of_objects(event))
                    && groups
                        .iter()
                        .any(|group| group.filters.iter().all(|rule| rule.holds(event)))
            }
            Self::Arguments(arguments) => arguments
                .iter()
                .all(|(name, value)| event.get(name).unwrap_or(&Value::Null) == value),
        }
    }

    /// The value that a field has in every event that passes, if there is one. The hub groups subscribers by it.
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
    fn check(&self) -> Result<(), FilterError> {
        let values = self.value.as_array().map_or(&[] as &[Value], Vec::as_slice);
        let most = match self.operator {
            Operator::In | Operator::NotIn => MOST_IN,
            Operator::ContainsAny => MOST_ANY,
            _ => usize::MAX,
        };
        if values.len() > most {
            return Err(FilterError::Values);
        }
        let mut texts = values.iter().chain([&self.value]).filter_map(Value::as_str);
        if texts.any(|text| text.chars().count() > LONGEST_TEXT) {
            return Err(FilterError::Text);
        }
        Ok(())
    }

    /// AppSync doesn't filter on lists of objects: with such a field in the filter, no event passes, whatever the operator.
    fn looks_into_a_list_of_objects(&self, event: &Value) -> bool {
        let top = self.field_name.split('.').next().unwrap_or_default();
        event
            .get(top)
            .and_then(Value::as_array)
            .is_some_and(|items| items.iter().any(Value::is_object))
    }

    fn holds(&self, event: &Value) -> bool {
        let too_deep = self.field_name.split('.').nth(DEEPEST).is_some();
        let found = self
            .field_name
            .split('.')
            .try_fold(event, |value, name| value.get(name))
            .filter(|_| !too_deep)
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

    #[rstest]
    #[case(vec![("a", json!({ "operator": "eq", "value": 1 })); 10], 10, "")]
    #[case(vec![("a", json!({ "operator": "eq", "value": 1 })); 11], 11, "at most 10 filters")]
    #[case(["a", "b", "c", "d", "e", "a"].map(|name| (name, json!({ "operator": "ne", "value": 1 }))).to_vec(), 1, "")]
    #[case(["a", "b", "c", "d", "e", "f"].map(|name| (name, json!({ "operator": "ne", "value": 1 }))).to_vec(), 1, "at most 5 different")]
    #[case(vec![("a", json!({ "operator": "in", "value": [1, 2, 3, 4, 5, 6] }))], 1, "at most 5 values")]
    #[case(vec![("a", json!({ "operator": "notIn", "value": [1, 2, 3, 4, 5] }))], 1, "")]
    #[case(vec![("a", json!({ "operator": "containsAny", "value": vec!["x"; 21] }))], 1, "containsAny 20")]
    #[case(vec![("a", json!({ "operator": "eq", "value": "é".repeat(256) }))], 1, "")]
    #[case(vec![("a", json!({ "operator": "eq", "value": "é".repeat(257) }))], 1, "256 characters")]
    fn the_limits_of_a_filter(
        #[case] rules: Vec<(&str, Value)>,
        #[case] groups: usize,
        #[case] refusal: &str,
    ) {
        let rules: Vec<Value> = rules
            .into_iter()
            .map(|(name, mut rule)| {
                rule["fieldName"] = name.into();
                rule
            })
            .collect();
        let group = |rules: &[Value]| json!({ "filters": rules });
        let groups: Vec<Value> = match groups {
            1 => vec![group(&rules)],
            _ => rules.chunks(1).map(group).collect(),
        };
        let said = Filter::new(Some(&json!({ "filterGroup": groups })), Map::new());
        match said {
            Ok(_) => assert_eq!(refusal, ""),
            Err(error) => assert!(
                !refusal.is_empty() && error.to_string().contains(refusal),
                "{error}"
            ),
        }
    }

    #[test]
    fn a_filter_has_at_most_five_levels() {
        let event = json!({ "a": { "b": { "c": { "d": { "e": { "f": 1 } } } } } });
        let passes = |path: &str, value: Value| {
            let rule = json!({ "fieldName": path, "operator": "eq", "value": value });
            let set = json!({ "filterGroup": [{ "filters": [rule] }] });
            Filter::new(Some(&set), Map::new()).unwrap().passes(&event)
        };
        assert!(passes("a.b.c.d.e", json!({ "f": 1 })));
        assert!(!passes("a.b.c.d.e.f", json!(1)));
    }

    #[rstest]
    #[case("eq", json!(null))]
    #[case("ne", json!("a"))]
    #[case("notIn", json!(["a"]))]
    #[case("notContains", json!("a"))]
    #[case("contains", json!({ "name": "a" }))]
    fn a_filter_on_a_list_of_objects_passes_no_event(
        #[case] operator: &str,
        #[case] value: Value,
        #[values("items", "items.name")] field: &str,
    ) {
        let rule = json!({ "fieldName": field, "operator": operator, "value": value });
        let other = json!({ "fieldName": "n", "operator": "eq", "value": 1 });
        let event = json!({ "n": 1, "items": [{ "name": "a" }] });
        for groups in [
            json!([{ "filters": [rule] }]),
            json!([{ "filters": [other] }, { "filters": [rule] }]),
        ] {
            let filter = Filter::new(Some(&json!({ "filterGroup": groups })), Map::new()).unwrap();
            assert!(!filter.passes(&event), "{groups}");
        }
        let filter = Filter::new(
            Some(&json!({ "filterGroup": [{ "filters": [other] }] })),
            Map::new(),
        );
        assert!(filter.unwrap().passes(&event), "the list is not in the filter");
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

    /// The category subscriptions have no resolver: their arguments are the filter.
    #[test]
    fn an_argument_that_is_a_list_is_equal_to_the_whole_list_alone() {
        let filter = Filter::Arguments(
            json!({ "category": "Rest", "type": ["Nap", "Sleep"] })
                .as_object()
                .cloned()
                .unwrap(),
        );
        let event = |types: Value| json!({ "category": "Rest", "type": types });
        assert!(filter.passes(&event(json!(["Nap", "Sleep"]))));
        for other in [json!(["Nap"]), json!(["Sleep", "Nap"]), json!([]), Value::Null] {
            assert!(!filter.passes(&event(other)));
        }
        assert!(!filter.passes(&json!({ "category": "Food", "type": ["Nap", "Sleep"] })));
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
