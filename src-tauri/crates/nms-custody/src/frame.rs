//! A text around a value: the lines of a file whose form carries the value itself. The whole is then a secret.

use nms_api::Secret;

use crate::Error;

/// What stands before and after a value. It is no secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// Before it.
    pub before: String,
    /// After it.
    pub after: String,
}

impl Frame {
    /// The value within its text. A frame that holds nothing takes every value; any other only what a `Bearer` header
    /// may carry (RFC 6750, section 2.1), since those characters mean nothing in YAML, TOML or to a shell.
    pub(crate) fn around(&self, value: Secret) -> Result<Secret, Error> {
        if *self == Self::default() {
            return Ok(value);
        }
        let text = value.expose();
        if text.is_empty() || !text.bytes().all(is_plain) {
            return Err(Error::NotFramable);
        }
        // Of the right size from the start: a string that grows leaves pieces of itself behind.
        let mut whole = String::with_capacity(self.before.len() + text.len() + self.after.len());
        for part in [&self.before, text, &self.after] {
            whole.push_str(part);
        }
        Ok(Secret::new(whole))
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(value: &str) -> Result<Secret, Error> {
        let frame = Frame { before: "PNMS_TOKEN=".into(), after: "\n".into() };
        frame.around(Secret::new(value.into()))
    }

    #[test]
    fn the_value_stands_between_its_texts() {
        assert!(framed("pnms_pat_aZ09").unwrap().matches(b"PNMS_TOKEN=pnms_pat_aZ09\n"));
        assert!(framed("aA0-._~+/==").unwrap().matches(b"PNMS_TOKEN=aA0-._~+/==\n"));
    }

    #[test]
    fn a_value_that_could_break_out_of_its_place_is_refused_unless_it_stands_alone() {
        for value in ["", "a\nLD_PRELOAD=x", "a\"", "a b", "$HOME", "a\\", "é", "a#"] {
            assert!(matches!(framed(value), Err(Error::NotFramable)), "{value:?}");
            let alone = Frame::default().around(Secret::new(value.into())).unwrap();
            assert!(alone.matches(value.as_bytes()));
        }
    }
}
