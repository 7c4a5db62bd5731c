//! Cursors: where a page ended, bound to the list that it was a page of. Opaque to callers, hexadecimal JSON to us.

use data_encoding::HEXLOWER;
use nms_api::Slug;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::problems::{Answer, Refusal};

/// A cursor for the page after `position` of the list that `list` describes: everything that the caller asked for
/// besides the page.
pub(crate) fn write(list: &impl Serialize, position: &impl Serialize) -> Answer<String> {
    let json = serde_json::to_vec(&(fingerprint(list), position)).map_err(|_| Refusal::internal())?;
    Ok(HEXLOWER.encode(&json))
}

/// Reads a cursor; 422 when it is none, or belongs to another list.
pub(crate) fn read<P: DeserializeOwned>(cursor: &str, list: &impl Serialize) -> Answer<P> {
    let refused = || {
        Refusal::new(Slug::CursorInvalid, "Begin again without a cursor: this one belongs to another list, or to none.")
            .naming("cursor")
    };
    let (of, position): (String, P) = HEXLOWER
        .decode(cursor.as_bytes())
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or_else(refused)?;
    if of == fingerprint(list) { Ok(position) } else { Err(refused()) }
}

fn fingerprint(list: &impl Serialize) -> String {
    let json = serde_json::to_vec(list).unwrap_or_default();
    HEXLOWER.encode(&Sha256::digest(json)[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_own_list_only() {
        let cursor = write(&"by name", &(7, "ü")).unwrap();
        assert_eq!(read::<(i32, String)>(&cursor, &"by name").unwrap(), (7, "ü".to_owned()));
        assert_eq!(read::<(i32, String)>(&cursor, &"by date").unwrap_err().slug(), Some(Slug::CursorInvalid));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["", "0", "zz", "00", "é", "5b5d", "🦀🦀"] {
            assert_eq!(read::<i32>(text, &"").unwrap_err().slug(), Some(Slug::CursorInvalid), "{text}");
        }
    }
}
