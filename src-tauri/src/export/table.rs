//! The list for a spreadsheet: CSV as RFC 4180 has it, in UTF-8 with a byte order mark.
//!
//! The mark is there because a spreadsheet is what this form is for, and Excel reads a file without one in the old
//! code page of its country. Programs have the JSON. A cell that a spreadsheet would compute gets an apostrophe in
//! front: a name that somebody else typed must not run on the computer of whoever opens the list.

use std::borrow::Cow;
use std::io;

use chrono::{DateTime, SecondsFormat, Utc};
use csv::{Terminator, WriterBuilder};
use nms_api::{PermissionName, Token, TokenId};

use crate::view::{COLUMNS, ColumnWords};

const BYTE_ORDER_MARK: &str = "\u{feff}";

pub(super) fn bytes(words: &ColumnWords, tokens: &[Token]) -> io::Result<Vec<u8>> {
    let mut table = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    table.write_record(words.all().map(|head| harmless(head).into_owned()))?;
    for token in tokens {
        table.write_record(cells(token).map(|cell| harmless(&cell).into_owned()))?;
    }
    table.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// In the order of [`ColumnWords::all`].
fn cells(token: &Token) -> [String; COLUMNS] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let id = |id: Option<TokenId>| id.map(|id| id.to_string()).unwrap_or_default();
    [
        text(&token.name),
        text(&token.description),
        token.masked(),
        token.state.as_str().to_owned(),
        instant(token.expires_at),
        names(&token.permissions),
        names(&token.effective_permissions),
        token.allowed_addresses.join(" "),
        instant(token.created_at),
        instant(token.updated_at),
        token.last_used_at.map(instant).unwrap_or_default(),
        text(&token.last_used_from),
        token.use_count.to_string(),
        names(token.used_permissions.iter().map(|used| &used.permission)),
        id(token.replaces),
        id(token.replaced_by),
        token.ends_at.map(instant).unwrap_or_default(),
        token.id.to_string(),
    ]
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn names<'a>(permissions: impl IntoIterator<Item = &'a PermissionName>) -> String {
    permissions.into_iter().map(PermissionName::as_str).collect::<Vec<_>>().join(" ")
}

/// A cell that no spreadsheet computes. The wide forms count where East Asian input is usual.
fn harmless(cell: &str) -> Cow<'_, str> {
    const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'];
    if cell.starts_with(BEGINNINGS) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::export::tests::{columns, token};

    fn written(tokens: &[Token]) -> String {
        String::from_utf8(bytes(&columns(), tokens).unwrap()).unwrap()
    }

    /// The rows below the heads, as any reader of CSV has them.
    fn read(text: &str) -> Vec<Vec<String>> {
        let body = text.strip_prefix(BYTE_ORDER_MARK).unwrap();
        let rows = csv::ReaderBuilder::new().from_reader(body.as_bytes()).into_records();
        rows.map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_table_has_a_head_and_a_row_for_each_token_with_the_line_ends_of_the_standard() {
        let text = written(&[token(1, Some("poller-03"))]);
        let expected = "\u{feff}name,description,masked,state,expires_at,permissions,effective_permissions,\
            allowed_addresses,created_at,updated_at,last_used_at,last_used_from,use_count,used_permissions,replaces,\
            replaced_by,ends_at,id\r\n\
            poller-03,,pnms_pat_a1b2c3d4…f9g0,active,2027-02-21T10:00:00Z,devices:read metrics:read,devices:read,\
            10.2.0.0/16 2001:db8::/32,2026-11-23T10:00:00Z,2026-11-23T10:00:00Z,,,7,devices:read,,,,\
            00000000-0000-0000-0000-000000000001\r\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn an_empty_list_is_a_table_with_a_head() {
        assert_eq!(written(&[]).lines().count(), 1);
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_text() {
        for (name, cell) in [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-x", "'-x"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\0=1", "'\0=1"),
            ("＝1", "'＝1"),
            ("=HYPERLINK(\"https://x.example\",\"a,b\")", "'=HYPERLINK(\"https://x.example\",\"a,b\")"),
            ("a=1", "a=1"),
            ("'quoted", "'quoted"),
        ] {
            assert_eq!(read(&written(&[token(1, Some(name))]))[0][0], cell, "{name:?}");
        }
        let heads = ColumnWords { name: "=1+1".to_owned(), ..columns() };
        assert!(String::from_utf8(bytes(&heads, &[]).unwrap()).unwrap().starts_with("\u{feff}'=1+1,"));
    }

    proptest! {
        #[test]
        fn what_is_read_back_is_what_was_written_up_to_the_apostrophe(texts in prop::collection::vec(any::<(String, String)>(), 1..5)) {
            let tokens: Vec<_> = texts
                .into_iter()
                .map(|(name, description)| Token { description: Some(description), ..token(1, Some(&name)) })
                .collect();
            let text = written(&tokens);
            let rows = read(&text);
            prop_assert_eq!(rows.len(), tokens.len());
            for (row, token) in rows.iter().zip(&tokens) {
                prop_assert_eq!(row.len(), COLUMNS);
                for (cell, written) in row.iter().zip(cells(token)) {
                    prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
                    prop_assert!(*cell == written || cell.strip_prefix('\'') == Some(&written));
                }
            }
        }
    }
}
