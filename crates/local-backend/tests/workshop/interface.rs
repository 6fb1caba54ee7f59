//! The interface of the workshop, and its comparison with a schema.

use std::{collections::BTreeMap, fmt::Write as _};

use apollo_compiler::ast::{Definition, Document, FieldDefinition, InputValueDefinition, Type};

const WORKSHOP: &str = include_str!("interface.graphql");
const OURS: &str = include_str!("../../../../graphql/schema.graphql");

/// Fields that are never null in the workshop, and here where the profile has no such value. The workshop's client always writes both,
/// and its documents stay valid.
const NULLABLE: [&str; 2] = ["User.height", "User.weight"];

/// Members of objects with their arguments, and of inputs, by the names of their types.
pub(crate) struct Interface {
    objects: BTreeMap<String, Vec<FieldDefinition>>,
    inputs: BTreeMap<String, Vec<InputValueDefinition>>,
}

impl Interface {
    pub(crate) fn workshop() -> Self {
        Self::parse(WORKSHOP)
    }

    fn parse(text: &str) -> Self {
        let document = Document::parse(text, "schema.graphql").unwrap();
        let (mut objects, mut inputs) = (BTreeMap::new(), BTreeMap::new());
        for definition in &document.definitions {
            match definition {
                Definition::ObjectTypeDefinition(object) => {
                    let fields = object.fields.iter().map(|field| (**field).clone()).collect();
                    objects.insert(object.name.to_string(), fields);
                }
                Definition::InputObjectTypeDefinition(input) => {
                    let members = input.fields.iter().map(|member| (**member).clone()).collect();
                    inputs.insert(input.name.to_string(), members);
                }
                _ => {}
            }
        }
        Self { objects, inputs }
    }

    /// The fields of `Query`, `Mutation`, `Subscription` or an object.
    pub(crate) fn fields(&self, name: &str) -> &[FieldDefinition] {
        self.objects.get(name).map_or(&[], Vec::as_slice)
    }

    /// The members of an input.
    pub(crate) fn members(&self, name: &str) -> &[InputValueDefinition] {
        self.inputs.get(name).map_or(&[], Vec::as_slice)
    }

    /// A document that requests a root field with all its arguments as variables, and selects every field.
    pub(crate) fn document(&self, root: &str, field: &str) -> String {
        let field = self
            .fields(root)
            .iter()
            .find(|found| found.name == field)
            .unwrap();
        let (mut declared, mut passed) = (String::new(), String::new());
        for argument in &field.arguments {
            write!(declared, "${}: {} ", argument.name, argument.ty).unwrap();
            write!(passed, "{0}: ${0} ", argument.name).unwrap();
        }
        let around = |text: String| {
            if text.is_empty() {
                text
            } else {
                format!("({text})")
            }
        };
        format!(
            "{} Workshop{} {{ {}{} {{ {} }} }}",
            root.to_lowercase(),
            around(declared),
            field.name,
            around(passed),
            self.selection(field.ty.inner_named_type())
        )
    }

    fn selection(&self, object: &str) -> String {
        let mut selection = String::new();
        for field in self.fields(object) {
            let inner = self.selection(field.ty.inner_named_type());
            write!(selection, "{} ", field.name).unwrap();
            if !inner.is_empty() {
                write!(selection, "{{ {inner} }} ").unwrap();
            }
        }
        selection
    }

    /// The parts of this interface that `other` lacks.
    fn missing_in(&self, other: &Self) -> Vec<String> {
        let mut missing = Vec::new();
        for (object, fields) in &self.objects {
            for field in fields {
                let place = format!("{object}.{}", field.name);
                match other.fields(object).iter().find(|found| found.name == field.name) {
                    None => missing.push(place),
                    Some(found) => {
                        let may_be_null =
                            NULLABLE.contains(&place.as_str()) && found.ty == optional(&field.ty);
                        if found.ty != field.ty && !may_be_null {
                            missing.push(format!("{place}: {}", field.ty));
                        }
                        let given = field.arguments.iter().map(|argument| &**argument);
                        let taken: Vec<_> = found
                            .arguments
                            .iter()
                            .map(|argument| (**argument).clone())
                            .collect();
                        report_not_taken(&place, given, &taken, &mut missing);
                        report_not_triggered(&place, field, found, &mut missing);
                    }
                }
            }
        }
        for (input, members) in &self.inputs {
            report_not_taken(input, members.iter(), other.members(input), &mut missing);
        }
        missing
    }
}

/// Reports the members that clients give and the schema doesn't take, and new required ones. A required member may
/// have become optional.
fn report_not_taken<'a>(
    place: &str,
    given: impl Iterator<Item = &'a InputValueDefinition>,
    taken: &[InputValueDefinition],
    missing: &mut Vec<String>,
) {
    let given: Vec<&InputValueDefinition> = given.collect();
    for member in &given {
        let found = taken.iter().find(|found| found.name == member.name);
        let fits = found.is_some_and(|found| *found.ty == *member.ty || *found.ty == optional(&member.ty));
        if !fits {
            missing.push(format!("{place}({}: {})", member.name, member.ty));
        }
    }
    for more in taken {
        let known = given.iter().any(|member| member.name == more.name);
        if !known && more.ty.is_non_null() && more.default_value.is_none() {
            missing.push(format!("{place} without {}", more.name));
        }
    }
}

/// Reports the mutations that no longer trigger the subscription.
fn report_not_triggered(
    place: &str,
    field: &FieldDefinition,
    found: &FieldDefinition,
    missing: &mut Vec<String>,
) {
    let by = |field: &FieldDefinition| -> Vec<String> {
        let mutations = field
            .directives
            .get("aws_subscribe")
            .and_then(|directive| directive.specified_argument_by_name("mutations"));
        let mutations = mutations.and_then(|list| list.as_list()).unwrap_or_default();
        mutations.iter().map(ToString::to_string).collect()
    };
    let triggering = by(found);
    for mutation in by(field) {
        if !triggering.contains(&mutation) {
            missing.push(format!("{place} by {mutation}"));
        }
    }
}

fn optional(ty: &Type) -> Type {
    ty.clone().nullable()
}

#[test]
fn the_schema_has_the_whole_interface_of_the_workshop() {
    let workshop = Interface::workshop();
    let sizes = ["Query", "Mutation", "Subscription"].map(|root| workshop.fields(root).len());
    assert_eq!(sizes, [10, 12, 11]);
    assert_eq!((workshop.objects.len(), workshop.inputs.len()), (11, 21));
    assert_eq!(workshop.missing_in(&Interface::parse(OURS)), Vec::<String>::new());
}

/// The control: breaking changes are reported, compatible ones are not.
#[test]
fn breaking_changes_of_the_schema_are_reported() {
    let workshop = Interface::workshop();
    for (from, to, expected) in [
        (
            "  getUser(id: String!): User @aws_iam @aws_cognito_user_pools\n",
            "",
            "Query.getUser",
        ),
        (
            "  caloriesConsumed: Int\n  \"History",
            "  \"History",
            "User.caloriesConsumed",
        ),
        (
            "  caloriesTargetPerDay: Int!\n",
            "  caloriesTargetPerDay: Int\n",
            "User.caloriesTargetPerDay: Int!",
        ),
        (
            "getActivity(id: String!)",
            "getActivity(id: ID!)",
            "Query.getActivity(id: String!)",
        ),
        ("getActivity(id: String!)", "getActivity(id: String)", ""),
        (
            "getActivity(id: String!)",
            "getActivity(id: String!, at: Int!)",
            "Query.getActivity without at",
        ),
        (
            "getActivity(id: String!)",
            "getActivity(id: String!, at: Int)",
            "",
        ),
        (
            "getActivity(id: String!)",
            "getActivity(id: String!, at: Int! = 1)",
            "",
        ),
        (
            "input DeleteUserInput {\n  id: ID!",
            "input DeleteUserInput {\n  id: ID",
            "",
        ),
        (
            "input DeleteUserInput {\n  id: ID!",
            "input DeleteUserInput {\n  id: ID!\n  why: String!",
            "DeleteUserInput without why",
        ),
        (
            "  caloriesConsumed: Int\n  id: String!\n  userid: String\n",
            "  caloriesConsumed: Int!\n  id: String!\n  userid: String\n",
            "UpdateActivityInput(caloriesConsumed: Int)",
        ),
        (
            "input TableBooleanFilterInput {\n  eq: Boolean\n",
            "input TableBooleanFilterInput {\n",
            "TableBooleanFilterInput(eq: Boolean)",
        ),
        (
            "\"updateUserAggregate\", ",
            "",
            "Subscription.onUpdateUserAggregate by \"updateUserAggregate\"",
        ),
    ] {
        let changed = OURS.replacen(from, to, 1);
        assert_ne!(changed, OURS, "the schema no longer holds: {from}");
        let missing = workshop.missing_in(&Interface::parse(&changed));
        let expected: Vec<&str> = [expected].into_iter().filter(|text| !text.is_empty()).collect();
        assert_eq!(missing, expected, "{from} -> {to}");
    }
}
