//! How much memory a JSON text would take once it is read, whatever its length: `[{"":0},{"":0},…` takes eighty times its
//! own. Told from the text, before anything is read.

/// Bytes of room for each value that an answer may hold: those that the contract gives take more.
const BYTES_PER_VALUE: usize = 24;
/// The same for each object, which takes ten times the memory of a value.
const BYTES_PER_OBJECT: usize = 200;

/// Whether the text holds no more values and objects than an answer that may have `room` bytes ever does. A text that is
/// no JSON may be judged either way.
pub(crate) fn fits(text: &[u8], room: usize) -> bool {
    let (values, objects) = counted(text);
    values <= room / BYTES_PER_VALUE && objects <= room / BYTES_PER_OBJECT
}

/// Values, members included, and objects. What stands in a string is none.
fn counted(text: &[u8]) -> (usize, usize) {
    let (mut values, mut objects) = (0, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => (values, objects) = (values + 1, objects + 1),
            b'[' | b',' if !in_string => values += 1,
            _ => {}
        }
    }
    (values, objects)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_and_what_stands_in_strings_is_not() {
        assert_eq!(counted(br#"{"a":[1,2],"b":{}}"#), (5, 2));
        assert_eq!(counted(br#"["{,[,\",{","\\",3]"#), (3, 0));
        assert_eq!(counted(b""), (0, 0));
    }

    #[test]
    fn what_is_dense_does_not_fit() {
        let room = 64 * 1024;
        assert!(fits(
            format!("[{}]", r#"{"permission":"devices:read","last_used_at":"2026-11-23T10:00:00Z"},"#.repeat(300))
                .as_bytes(),
            room
        ));
        assert!(!fits("{},".repeat(400).as_bytes(), room));
        assert!(!fits("0,".repeat(3_000).as_bytes(), room));
    }
}
