//! Lists that come in pages.

use graphql_client::GraphQLQuery;

use super::{
    ApiError,
    call::Caller,
    data::{BadRow, Data},
    graphql::Request,
};

/// No list of this program's is longer; a backend that goes on handing out pages is broken.
const MAX_PAGES: usize = 2_000;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page<R> {
    pub(crate) rows: Vec<R>,
    /// Names the page after this one.
    pub(crate) next: Option<String>,
}

impl<R> Page<R> {
    /// The page of a list that is null.
    pub(crate) const EMPTY: Self = Self {
        rows: Vec::new(),
        next: None,
    };

    pub(crate) fn new(rows: Vec<R>, next: Option<String>) -> Self {
        let next = next.filter(|token| !token.is_empty());
        Self { rows, next }
    }

    /// A page as it is answered. A null item is a row whose own fields failed; the error beside it has been reported already.
    pub(crate) fn of_items(items: Option<Vec<Option<R>>>, next: Option<String>) -> Self {
        Self::new(items.into_iter().flatten().flatten().collect(), next)
    }
}

/// Every row of a list from the page that `token` names on.
pub(crate) async fn all<Q: GraphQLQuery, R>(
    caller: &Caller,
    mut token: Option<String>,
    request: impl Fn(Option<String>) -> Request<Q>,
    page: impl Fn(Data) -> Result<Page<R>, BadRow>,
) -> Result<Vec<R>, ApiError> {
    let mut rows = Vec::new();
    for _ in 0..MAX_PAGES {
        let data = caller.run(&request(token.clone())).await.result?;
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
    Err(ApiError::Protocol("its pages have no end".to_owned()))
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
