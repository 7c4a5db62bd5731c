//! The expiries for a calendar: iCalendar (RFC 5545), an event for each, with alarms 14, 7 and 1 day before.
//!
//! An event has the same identifier each time, so that a calendar that takes the file in again moves what it has.

use chrono::{DateTime, Utc};
use nms_api::Token;

use crate::view::CalendarWords;

/// The most bytes of a line, its end not counted (RFC 5545, section 3.1).
const MAX_LINE_BYTES: usize = 75;
const ALARM_DAYS: [u32; 3] = [14, 7, 1];

pub(super) fn text(words: &CalendarWords, tokens: &[Token], server: &str, at: DateTime<Utc>) -> String {
    let mut calendar = Lines::default();
    calendar.put("BEGIN", "VCALENDAR");
    calendar.put("VERSION", "2.0");
    calendar.put("PRODID", concat!("-//Palpabl//NMS settings ", env!("CARGO_PKG_VERSION"), "//EN"));
    calendar.put("CALSCALE", "GREGORIAN");
    // What calendars have read for twenty years, and what RFC 7986 made of it.
    calendar.put_text("X-WR-CALNAME", &words.title);
    calendar.put_text("NAME", &words.title);
    for token in tokens {
        put_event(&mut calendar, words, token, host(server), at);
    }
    calendar.put("END", "VCALENDAR");
    calendar.0
}

fn put_event(calendar: &mut Lines, words: &CalendarWords, token: &Token, host: &str, at: DateTime<Utc>) {
    let summary = match &token.name {
        Some(name) => filled(&words.summary, name, &token.masked()),
        None => filled(&words.summary_unnamed, "", &token.masked()),
    };
    // One that was replaced may end earlier.
    let ends_at = token.ends_at.map_or(token.expires_at, |ends_at| ends_at.min(token.expires_at));
    calendar.put("BEGIN", "VEVENT");
    calendar.put("UID", &format!("{}@{host}", token.id));
    calendar.put("DTSTAMP", &instant(at));
    calendar.put("LAST-MODIFIED", &instant(token.updated_at));
    calendar.put("DTSTART", &instant(ends_at));
    calendar.put_text("SUMMARY", &summary);
    let name = token.name.as_deref().unwrap_or_default();
    calendar.put_text("DESCRIPTION", &filled(&words.description, name, &token.masked()));
    // Nobody is busy because a token ends.
    calendar.put("TRANSP", "TRANSPARENT");
    for days in ALARM_DAYS {
        calendar.put("BEGIN", "VALARM");
        calendar.put("ACTION", "DISPLAY");
        calendar.put("TRIGGER", &format!("-P{days}D"));
        calendar.put_text("DESCRIPTION", &summary);
        calendar.put("END", "VALARM");
    }
    calendar.put("END", "VEVENT");
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// The host of an address: the built-in server's port may change from one start to the next.
fn host(server: &str) -> &str {
    let authority = server.split_once("://").map_or(server, |(_, authority)| authority);
    match authority.rsplit_once(':') {
        // Within brackets the colon is part of an IPv6 address.
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// The words with the token's own in their places. What is filled in is never looked at again.
fn filled(words: &str, name: &str, masked: &str) -> String {
    let mut filled = String::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        rest = if let Some(after) = after.strip_prefix("name}") {
            filled.push_str(name);
            after
        } else if let Some(after) = after.strip_prefix("masked}") {
            filled.push_str(masked);
            after
        } else {
            filled.push('{');
            after
        };
    }
    filled.push_str(rest);
    filled
}

/// Content lines, folded.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn put_text(&mut self, name: &str, text: &str) {
        self.put(name, &escaped(text));
    }

    /// `value` is written as it is.
    fn put(&mut self, name: &str, value: &str) {
        let mut length = 0;
        for character in name.chars().chain([':']).chain(value.chars()) {
            let bytes = character.len_utf8();
            if length + bytes > MAX_LINE_BYTES {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(character);
            length += bytes;
        }
        self.0.push_str("\r\n");
    }
}

/// As a value of type TEXT (RFC 5545, section 3.3.11). Controls besides line breaks have no form there.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\n' | '\r' => escaped.push_str("\\n"),
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::export::tests::{at, calendar as words, token};

    const SERVER: &str = "http://127.0.0.1:26780";

    fn written(tokens: &[Token]) -> String {
        text(&words(), tokens, SERVER, at())
    }

    /// The lines as a calendar has them after it has unfolded them.
    fn unfolded(text: &str) -> Vec<(String, String)> {
        let whole = text.replace("\r\n ", "");
        let pair = |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned()));
        whole.strip_suffix("\r\n").unwrap().split("\r\n").map(|line| pair(line).unwrap()).collect()
    }

    fn values(text: &str, name: &str) -> Vec<String> {
        unfolded(text).into_iter().filter(|(found, _)| found == name).map(|(_, value)| value).collect()
    }

    /// What a calendar shows of a value of type TEXT.
    fn shown(value: &str) -> String {
        let (mut shown, mut characters) = (String::new(), value.chars());
        while let Some(character) = characters.next() {
            match character {
                '\\' => match characters.next().unwrap() {
                    'n' | 'N' => shown.push('\n'),
                    escaped @ ('\\' | ';' | ',') => shown.push(escaped),
                    other => panic!("\\{other} is no escape"),
                },
                ';' | ',' => panic!("{character} must be escaped"),
                other => shown.push(other),
            }
        }
        shown
    }

    #[test]
    fn an_expiry_is_an_event_with_three_alarms() {
        let expected = "BEGIN:VCALENDAR|VERSION:2.0|PRODID:-//Palpabl//NMS settings 0.1.0//EN|CALSCALE:GREGORIAN|\
            X-WR-CALNAME:API tokens|NAME:API tokens|BEGIN:VEVENT|\
            UID:00000000-0000-0000-0000-000000000001@127.0.0.1|DTSTAMP:20261124T080000Z|\
            LAST-MODIFIED:20261123T100000Z|DTSTART:20270221T100000Z|SUMMARY:“poller-03” ends|\
            DESCRIPTION:API token pnms_pat_a1b2c3d4…f9g0\\, of an NMS|TRANSP:TRANSPARENT|\
            BEGIN:VALARM|ACTION:DISPLAY|TRIGGER:-P14D|DESCRIPTION:“poller-03” ends|END:VALARM|\
            BEGIN:VALARM|ACTION:DISPLAY|TRIGGER:-P7D|DESCRIPTION:“poller-03” ends|END:VALARM|\
            BEGIN:VALARM|ACTION:DISPLAY|TRIGGER:-P1D|DESCRIPTION:“poller-03” ends|END:VALARM|\
            END:VEVENT|END:VCALENDAR|";
        assert_eq!(written(&[token(1, Some("poller-03"))]), expected.replace('|', "\r\n"));
    }

    #[test]
    fn a_token_without_a_name_is_called_by_its_masked_value() {
        assert_eq!(values(&written(&[token(1, None)]), "SUMMARY"), ["pnms_pat_a1b2c3d4…f9g0 ends"]);
    }

    #[test]
    fn one_that_was_replaced_ends_when_it_is_deleted() {
        let ends = |ends_at: &str| Token { ends_at: Some(ends_at.parse().unwrap()), ..token(1, None) };
        let text = written(&[ends("2026-11-25T10:00:00Z"), ends("2028-01-01T00:00:00Z")]);
        assert_eq!(values(&text, "DTSTART"), ["20261125T100000Z", "20270221T100000Z"]);
    }

    #[test]
    fn an_event_keeps_its_identifier_over_ports_and_tells_servers_apart() {
        for (server, expected) in [
            ("http://127.0.0.1:26780", "127.0.0.1"),
            ("http://127.0.0.1:41000", "127.0.0.1"),
            ("https://nms.example", "nms.example"),
            ("https://nms.example:8443", "nms.example"),
            ("https://[2001:db8::1]", "[2001:db8::1]"),
            ("https://[2001:db8::1]:8443", "[2001:db8::1]"),
        ] {
            assert_eq!(host(server), expected, "{server}");
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_in_again() {
        assert_eq!(filled("{name} ({masked}) {other} {", "{masked}", "m"), "{masked} (m) {other} {");
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_every_name_is_shown_as_it_is(name in any::<String>(), description in "[^{]*") {
            let words = CalendarWords { description: description.clone(), ..words() };
            let text = text(&words, &[token(1, Some(&name))], SERVER, at());
            for line in text.split("\r\n") {
                prop_assert!(line.len() <= MAX_LINE_BYTES, "{} bytes: {line:?}", line.len());
                prop_assert!(!line.contains(['\r', '\n']));
            }
            let readable = |text: &str| -> String {
                let breaks = text.replace("\r\n", "\n").replace('\r', "\n");
                breaks.chars().filter(|character| *character == '\n' || !character.is_control()).collect()
            };
            prop_assert_eq!(shown(&values(&text, "SUMMARY")[0]), format!("“{}” ends", readable(&name)));
            prop_assert_eq!(shown(&values(&text, "DESCRIPTION")[0]), readable(&description));
            prop_assert_eq!(unfolded(&text).iter().filter(|(name, _)| name == "BEGIN").count(), 5);
        }
    }
}
