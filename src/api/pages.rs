//! Lists that come in pages.

use serde_json::Value;

use super::{ApiError, call::Caller, graphql::Operation};

/// No list of this program's is longer; a backend that goes on handing out pages is broken.
const MAX_PAGES: usize = 2_000;

/// The rows of a page, and the token of the next one.
pub(crate) fn page(mut connection: Value) -> Result<(Vec<Value>, Option<String>), ApiError> {
    let rows = match connection.get_mut("items").map(Value::take) {
        Some(Value::Array(rows)) => rows,
        Some(Value::Null) | None => Vec::new(),
        Some(_) => return Err(ApiError::Protocol("its list is none".to_owned())),
    };
    let token = connection
        .get("nextToken")
        .and_then(Value::as_str)
        .filter(|token| !token.is_empty())
        .map(str::to_owned);
    // A null item is a row whose own fields failed; the error beside it has been reported already.
    Ok((rows.into_iter().filter(|row| !row.is_null()).collect(), token))
}

/// Every row of a list from the page that `token` names on.
pub(crate) async fn all(
    caller: &Caller,
    operation: Operation,
    mut token: Option<String>,
    variables: impl Fn(Option<&str>) -> Value,
) -> Result<Vec<Value>, ApiError> {
    let mut rows = Vec::new();
    for _ in 0..MAX_PAGES {
        let (more, next) = page(caller.field(operation, &variables(token.as_deref())).await?)?;
        rows.extend(more);
        if next.is_none() {
            return Ok(rows);
        }
        if next == token {
            break;
        }
        token = next;
    }
    Err(ApiError::Protocol("its pages have no end".to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_may_be_empty_partial_or_absent() {
        assert_eq!(page(Value::Null).unwrap(), (vec![], None));
        assert_eq!(
            page(json!({"items": [1, null, 2], "nextToken": "t"})).unwrap(),
            (vec![json!(1), json!(2)], Some("t".to_owned()))
        );
        assert_eq!(
            page(json!({"items": null, "nextToken": ""})).unwrap(),
            (vec![], None)
        );
        assert!(page(json!({"items": "x"})).is_err());
    }
}
