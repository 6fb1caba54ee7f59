//! Converts XML to JSON: elements and attributes become members, repeated elements lists, and text beside them `content`.

use roxmltree::{Document, Node};
use serde_json::{Map, Value};

/// The document as JSON text; none if it is no XML. Documents with a DTD are rejected: entities can expand without bound.
pub(super) fn to_json(text: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let root = document.root_element();
    let mut members = Map::new();
    members.insert(root.tag_name().name().to_owned(), value(root));
    Some(Value::Object(members).to_string())
}

fn value(node: Node<'_, '_>) -> Value {
    let mut members = Map::new();
    for attribute in node.attributes() {
        members.insert(attribute.name().to_owned(), scalar(attribute.value()));
    }
    for child in node.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        match members.get_mut(name) {
            None => {
                members.insert(name.to_owned(), value(child));
            }
            Some(Value::Array(items)) => items.push(value(child)),
            Some(first) => *first = Value::Array(vec![first.take(), value(child)]),
        }
    }
    let text: String = node
        .children()
        .filter(Node::is_text)
        .filter_map(|child| child.text())
        .collect();
    let text = text.trim();
    if members.is_empty() {
        return scalar(text);
    }
    if !text.is_empty() {
        members.insert("content".to_owned(), scalar(text));
    }
    Value::Object(members)
}

/// A number or boolean if the text looks like one, otherwise the text.
fn scalar(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_attributes_and_repetitions_become_members() {
        let text =
            "<posts at=\"x\"><post><id>1</id><title>A &amp; B</title></post><post><id>2</id></post></posts>";
        assert_eq!(
            to_json(text).unwrap(),
            r#"{"posts":{"at":"x","post":[{"id":1,"title":"A & B"},{"id":2}]}}"#
        );
        assert_eq!(to_json("<a><b></a>"), None);
        assert_eq!(to_json("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"), None);
    }
}
