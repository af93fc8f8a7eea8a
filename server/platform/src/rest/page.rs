//! Lists are always bounded.

use super::cursor;
use crate::error::Result;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// In the list's order.
    pub items: Vec<T>,
    /// Where it goes on; none at the end.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of rows of which one more than `limit` was asked for: its presence tells that there are more.
    pub fn of<K: Serialize>(mut items: Vec<T>, limit: i64, key: impl FnOnce(&T) -> K) -> Result<Page<T>> {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = match items.last() {
            Some(last) if more => Some(cursor::encode(&key(last))?),
            _ => None,
        };
        Ok(Page { items, next_cursor })
    }
}

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    pub limit: Option<i64>,
}

impl PageQuery {
    /// How many at most.
    pub fn limit(&self) -> i64 {
        self.limit.unwrap_or(50).clamp(1, 100)
    }

    /// The sort key after which the page starts.
    pub fn after<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        self.cursor.as_deref().map(cursor::decode).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_goes_on_only_where_there_is_more() {
        let page = Page::of(vec![1, 2, 3], 2, |last| *last).unwrap();
        assert_eq!(page.items, [1, 2]);
        let query = PageQuery { cursor: page.next_cursor, limit: Some(1000) };
        assert_eq!((query.after::<i32>().unwrap(), query.limit()), (Some(2), 100));
        assert_eq!(Page::of(vec![1, 2], 2, |last| *last).unwrap().next_cursor, None);
    }
}
