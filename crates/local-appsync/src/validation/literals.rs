//! Validates literals against their types, with graphql-java's messages (`ValidationUtil`, `ArgumentValidationUtil`).

use std::fmt::Write as _;

use apollo_compiler::{
    Schema,
    ast::{Type, Value as Literal},
    schema::{ExtendedType, InputObjectType},
};

use crate::{
    errors::LONGEST_MESSAGE,
    scalars::{self, JsonText},
};

/// A literal that is invalid for its type.
pub(super) struct InvalidLiteral {
    /// Path from the argument, outermost segment last: `.name` and `[0]`.
    path: Vec<String>,
    /// The text of the nested literal; `None` to quote the whole argument.
    quoted: Option<String>,
    reason: String,
}

impl InvalidLiteral {
    fn whole(reason: String) -> Self {
        Self {
            path: Vec::new(),
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

    fn within(mut self, segment: String) -> Self {
        self.path.push(segment);
        self
    }

    /// The message for an argument with this value.
    pub(super) fn message(&self, argument: &str, value: &Literal) -> String {
        let path: String = self.path.iter().rev().map(String::as_str).collect();
        let quoted = self.quoted.clone().unwrap_or_else(|| text(value));
        format!(
            "argument '{argument}{path}' with value '{quoted}' {}",
            self.reason
        )
    }
}

/// Validates a literal. `too_deep` is set if it contains JSON that is nested too deeply, which the caller rejects.
///
/// # Errors
///
/// [`InvalidLiteral`] for the first invalid part of it.
pub(super) fn check(
    schema: &Schema,
    ty: &Type,
    value: &Literal,
    too_deep: &mut bool,
) -> Result<(), InvalidLiteral> {
    match value {
        Literal::Null if ty.is_non_null() => {
            return Err(InvalidLiteral::of(value, "must not be null".to_owned()));
        }
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
    let wrong = || InvalidLiteral::of(value, format!("is not a valid '{name}'"));
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
) -> Result<(), InvalidLiteral> {
    let Literal::Object(members) = value else {
        return Err(InvalidLiteral::whole("must be an object type".to_owned()));
    };
    let missing: Vec<&str> = input
        .fields
        .iter()
        .filter(|(name, field)| field.is_required() && !members.iter().any(|(given, _)| given == *name))
        .map(|(name, _)| name.as_str())
        .collect();
    if !missing.is_empty() {
        return Err(InvalidLiteral::whole(format!(
            "is missing required fields '[{}]'",
            missing.join(", ")
        )));
    }
    for (name, member) in members {
        let Some(field) = input.fields.get(name) else {
            return Err(InvalidLiteral::whole(format!(
                "contains a field not in '{}': '{name}'",
                input.name
            )));
        };
        check(schema, &field.ty, member, too_deep).map_err(|wrong| wrong.within(format!(".{name}")))?;
    }
    Ok(())
}

/// Java's text of a literal, such as `ObjectValue{objectFields=[ObjectField{name='a', value=IntValue{value=1}}]}`, cut off beyond the
/// length of a message.
pub(super) fn text(value: &Literal) -> String {
    let mut text = String::new();
    write_literal(&mut text, value);
    text
}

fn write_literal(text: &mut String, value: &Literal) {
    if text.len() > LONGEST_MESSAGE {
        return;
    }
    // Writing to a string can't fail.
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
