//! Literals against their types, and how graphql-java writes them (`ValidationUtil`, `ArgumentValidationUtil`).

use std::fmt::Write as _;

use apollo_compiler::{
    Schema,
    ast::{Type, Value as Literal},
    schema::{ExtendedType, InputObjectType},
};

use crate::appsync::{
    errors::LONGEST_MESSAGE,
    scalars::{self, JsonText},
};

/// A literal that its type doesn't take.
pub(super) struct Wrong {
    /// The way to it from the argument, outermost last: `.name` and `[0]`.
    way: Vec<String>,
    /// The literal that is quoted; none where it is the whole argument.
    quoted: Option<String>,
    reason: String,
}

impl Wrong {
    fn whole(reason: String) -> Self {
        Self {
            way: Vec::new(),
            quoted: None,
            reason,
        }
    }

    fn of(value: &Literal, reason: String) -> Self {
        Self {
            quoted: Some(text(value)),
            ..Self::whole(reason)
        }
    }

    fn within(mut self, step: String) -> Self {
        self.way.push(step);
        self
    }

    /// The words for an argument.
    pub(super) fn message(&self, argument: &str, value: &Literal) -> String {
        let way: String = self.way.iter().rev().map(String::as_str).collect();
        let quoted = self.quoted.clone().unwrap_or_else(|| text(value));
        format!("argument '{argument}{way}' with value '{quoted}' {}", self.reason)
    }
}

/// Whether a type takes a literal. `too_deep` is set where one is JSON that is nested too deeply, which is for the caller to refuse.
pub(super) fn check(schema: &Schema, ty: &Type, value: &Literal, too_deep: &mut bool) -> Result<(), Wrong> {
    match value {
        Literal::Null if ty.is_non_null() => return Err(Wrong::of(value, "must not be null".to_owned())),
        Literal::Null | Literal::Variable(_) => return Ok(()),
        _ => {}
    }
    if ty.is_list() {
        let Literal::List(items) = value else {
            return check(schema, ty.item_type(), value, too_deep);
        };
        return items.iter().enumerate().try_for_each(|(index, item)| {
            check(schema, ty.item_type(), item, too_deep).map_err(|wrong| wrong.within(format!("[{index}]")))
        });
    }
    let name = ty.inner_named_type();
    let wrong = || Wrong::of(value, format!("is not a valid '{name}'"));
    match schema.types.get(name) {
        Some(ExtendedType::InputObject(input)) => check_members(schema, input, value, too_deep),
        Some(ExtendedType::Enum(definition)) => {
            let known = value
                .as_enum()
                .is_some_and(|name| definition.values.contains_key(name));
            known.then_some(()).ok_or_else(wrong)
        }
        Some(ExtendedType::Scalar(_)) => {
            let json = value.as_str().filter(|_| name == "AWSJSON").map(JsonText::of);
            *too_deep |= json == Some(JsonText::TooDeep);
            scalars::parse_literal(name, value).map(drop).ok_or_else(wrong)
        }
        _ => Ok(()),
    }
}

fn check_members(
    schema: &Schema,
    input: &InputObjectType,
    value: &Literal,
    too_deep: &mut bool,
) -> Result<(), Wrong> {
    let Literal::Object(members) = value else {
        return Err(Wrong::whole("must be an object type".to_owned()));
    };
    let missing: Vec<&str> = input
        .fields
        .iter()
        .filter(|(name, field)| field.is_required() && !members.iter().any(|(given, _)| given == *name))
        .map(|(name, _)| name.as_str())
        .collect();
    if !missing.is_empty() {
        return Err(Wrong::whole(format!(
            "is missing required fields '[{}]'",
            missing.join(", ")
        )));
    }
    for (name, member) in members {
        let Some(field) = input.fields.get(name) else {
            return Err(Wrong::whole(format!(
                "contains a field not in '{}': '{name}'",
                input.name
            )));
        };
        check(schema, &field.ty, member, too_deep).map_err(|wrong| wrong.within(format!(".{name}")))?;
    }
    Ok(())
}

/// `ObjectValue{objectFields=[ObjectField{name='a', value=IntValue{value=1}}]}`; no longer than a message may be.
pub(super) fn text(value: &Literal) -> String {
    let mut text = String::new();
    write_literal(&mut text, value);
    text
}

fn write_literal(text: &mut String, value: &Literal) {
    if text.len() > LONGEST_MESSAGE {
        return;
    }
    // Writing into a string doesn't fail.
    let _ = match value {
        Literal::Null => write!(text, "NullValue{{}}"),
        Literal::Variable(name) => write!(text, "VariableReference{{name='{name}'}}"),
        Literal::Enum(name) => write!(text, "EnumValue{{name='{name}'}}"),
        Literal::String(value) => {
            let start: String = value.chars().take(LONGEST_MESSAGE).collect();
            write!(text, "StringValue{{value='{start}'}}")
        }
        Literal::Int(number) => write!(text, "IntValue{{value={}}}", number.as_str()),
        Literal::Float(number) => write!(text, "FloatValue{{value={}}}", number.as_str()),
        Literal::Boolean(value) => write!(text, "BooleanValue{{value={value}}}"),
        Literal::List(items) => {
            text.push_str("ArrayValue{values=[");
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write_literal(text, item);
            }
            write!(text, "]}}")
        }
        Literal::Object(members) => {
            text.push_str("ObjectValue{objectFields=[");
            for (index, (name, member)) in members.iter().enumerate() {
                let comma = if index == 0 { "" } else { ", " };
                let _ = write!(text, "{comma}ObjectField{{name='{name}', value=");
                write_literal(text, member);
                text.push('}');
            }
            write!(text, "]}}")
        }
    };
}
