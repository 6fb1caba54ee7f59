//! Lists in pages.

use graphql_client::GraphQLQuery;

use super::{
    call::GraphQlClient,
    data::{BadRow, DataObject},
    graphql::GraphQlOperation,
};
use crate::error::ApiError;

/// No list of this program has more pages; a backend that returns more is faulty.
const MAX_PAGES: usize = 2_000;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page<R> {
    pub(crate) rows: Vec<R>,
    /// The token of the next page.
    pub(crate) next: Option<String>,
}

impl<R> Page<R> {
    /// The page of a null list.
    pub(crate) const EMPTY: Self = Self {
        rows: Vec::new(),
        next: None,
    };

    pub(crate) fn new(rows: Vec<R>, next: Option<String>) -> Self {
        let next = next.filter(|token| !token.is_empty());
        Self { rows, next }
    }

    /// A page from a response. A null item is a row whose fields failed; its error is reported by the call.
    pub(crate) fn of_items(items: Option<Vec<Option<R>>>, next: Option<String>) -> Self {
        Self::new(items.into_iter().flatten().flatten().collect(), next)
    }
}

/// All rows of a list, starting at the page of `token`.
pub(crate) async fn all<Q: GraphQLQuery, R>(
    client: &GraphQlClient,
    mut token: Option<String>,
    operation: impl Fn(Option<String>) -> GraphQlOperation<Q>,
    page: impl Fn(DataObject) -> Result<Page<R>, BadRow>,
) -> Result<Vec<R>, ApiError> {
    let mut rows = Vec::new();
    for _ in 0..MAX_PAGES {
        let data = client.run(&operation(token.clone())).await.result?;
        let more = page(data)?;
        rows.extend(more.rows);
        if more.next.is_none() {
            return Ok(rows);
        }
        if more.next == token {
            break;
        }
        token = more.next;
    }
    Err(ApiError::Protocol("its pages don't end".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_be_empty_or_partial() {
        let partial = Page::of_items(Some(vec![Some(1), None, Some(2)]), Some("t".to_owned()));
        assert_eq!((partial.rows, partial.next.as_deref()), (vec![1, 2], Some("t")));
        assert_eq!(Page::<i32>::of_items(None, Some(String::new())), Page::EMPTY);
    }
}
