//! Where a list goes on: opaque to callers, so that what it is made of may change.

use crate::error::{Error, Result};
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Packs the sort key of the last row shown.
pub fn encode(key: &impl Serialize) -> Result<String> {
    Ok(BASE64URL_NOPAD.encode(&serde_json::to_vec(key).map_err(Error::internal)?))
}

/// Unpacks it; `Invalid` with field `cursor` if it is none of ours.
pub fn decode<T: DeserializeOwned>(cursor: &str) -> Result<T> {
    BASE64URL_NOPAD
        .decode(cursor.as_bytes())
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or_else(|| Error::invalid("cursor", "cursor", "This cursor does not come from this list."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_a_foreign_one_refused() {
        let cursor = encode(&("Nowak", 7)).unwrap();
        assert_eq!(decode::<(String, i32)>(&cursor).unwrap(), ("Nowak".to_owned(), 7));
        assert_eq!(decode::<(i32, i32)>(&cursor).unwrap_err().status(), 422);
        assert_eq!(decode::<i32>("!").unwrap_err().status(), 422);
    }
}
