//! `--format`: a text with names of JSON members in braces, such as `{remaining} left`.

use caltrack_domain::{clean, nearest, shortened};
use serde_json::Value;

use super::error::CommandError;

/// Characters of an unknown name that an error shows.
const MAX_NAME: usize = 30;

/// A text with members to be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Format(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Member(&'static str),
}

impl Format {
    /// Reads a format whose names are among `members`; `{{` and `}}` stand for braces.
    pub(super) fn parse(text: &str, members: &[&'static str]) -> Result<Self, CommandError> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = brace.strip_prefix("{{").or_else(|| brace.strip_prefix("}}")) {
                plain.extend(brace.chars().next());
                rest = after;
                continue;
            }
            let named = brace.strip_prefix('{').and_then(|open| open.split_once('}'));
            let Some((name, after)) = named else {
                return Err(CommandError::usage(
                    "a brace of the format has no counterpart; a single brace is written `{{` or `}}`",
                ));
            };
            parts.push(Part::Text(std::mem::take(&mut plain)));
            parts.push(Part::Member(member(name.trim(), members)?));
            rest = after;
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        parts.retain(|part| *part != Part::Text(String::new()));
        Ok(Self(parts))
    }

    /// The text with the members of an object; an absent one is empty.
    pub(super) fn fill(&self, object: &Value) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Member(name) => match object.get(name) {
                    None | Some(Value::Null) => String::new(),
                    Some(Value::String(text)) => text.clone(),
                    Some(value) => value.to_string(),
                },
            })
            .collect()
    }
}

fn member(name: &str, members: &[&'static str]) -> Result<&'static str, CommandError> {
    if let Some(member) = members.iter().find(|member| **member == name) {
        return Ok(member);
    }
    let hint = nearest(name, members.iter().copied()).map_or_else(
        || format!("known are {}", members.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    let name = shortened(&clean(name), MAX_NAME);
    Err(CommandError::usage(format!("the format has no `{name}`; {hint}")))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    const MEMBERS: &[&str] = &["date", "remaining", "weight"];

    #[rstest]
    #[case("{remaining} left", "-5 left")]
    #[case("{date}: { remaining }", "2026-11-30: -5")]
    #[case("weight {weight}.", "weight .")]
    #[case("{{{remaining}}}", "{-5}")]
    #[case("no name", "no name")]
    #[case("", "")]
    fn names_are_replaced_by_values(#[case] format: &str, #[case] filled: &str) {
        let object = json!({"date": "2026-11-30", "remaining": -5, "weight": null});
        assert_eq!(Format::parse(format, MEMBERS).unwrap().fill(&object), filled);
    }

    #[rstest]
    #[case("{remainin}", "did you mean `remaining`?")]
    #[case("{Remaining}", "did you mean `remaining`?")]
    #[case("{kcal}", "known are date, remaining, weight")]
    #[case("{}", "known are")]
    #[case("{remaining", "no counterpart")]
    #[case("remaining}", "no counterpart")]
    fn an_unknown_name_is_an_error_that_names_the_nearest(#[case] format: &str, #[case] says: &str) {
        let error = Format::parse(format, MEMBERS).unwrap_err();
        assert!(error.message().contains(says), "{error:?}");
        assert_eq!(error.exit_code(), 2);
    }
}
