//! In which language descriptions are answered (RFC 9110, section 12.5.4).

/// A language that the catalogue is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
}

impl Language {
    /// Those that there are; the first serves whoever wants none of them.
    const ALL: [Self; 1] = [Self::English];

    /// As in `Content-Language`.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
        }
    }

    /// The language that an `Accept-Language` wants most among those that there are. A range also stands for what is
    /// narrower or wider in its first part: `en-GB` is served in `en`.
    pub(crate) fn negotiate(accept_language: Option<&str>) -> Self {
        let mut wanted: Vec<(&str, f32)> = accept_language.unwrap_or_default().split(',').map(weighed).collect();
        // Stable: of two that are wanted alike the first comes first.
        wanted.sort_by(|one, other| other.1.total_cmp(&one.1));
        wanted
            .into_iter()
            .filter(|(_, weight)| *weight > 0.0)
            .find_map(|(range, _)| Self::matching(range))
            .unwrap_or(Self::ALL[0])
    }

    fn matching(range: &str) -> Option<Self> {
        let primary = range.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| range == "*" || primary.eq_ignore_ascii_case(language.tag()))
    }
}

/// A range with its weight: `de;q=0.5`. What cannot be read weighs nothing.
fn weighed(part: &str) -> (&str, f32) {
    let mut parameters = part.split(';').map(str::trim);
    let range = parameters.next().unwrap_or_default();
    let weight =
        parameters.find_map(|parameter| parameter.strip_prefix("q=")).map(|weight| weight.parse().unwrap_or(0.0));
    (range, weight.unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_wanted_english_is_what_there_is() {
        for wanted in [None, Some(""), Some("en-GB"), Some("de, en;q=0.5"), Some("ar"), Some("*;q=0"), Some(";;q=x,")] {
            assert_eq!(Language::negotiate(wanted), Language::English, "{wanted:?}");
        }
    }

    #[test]
    fn ranges_are_read_with_their_weights() {
        assert_eq!(weighed(" de-CH ;q=0.5"), ("de-CH", 0.5));
        assert_eq!(weighed("en"), ("en", 1.0));
        assert_eq!(weighed("en;q=much"), ("en", 0.0));
    }
}
