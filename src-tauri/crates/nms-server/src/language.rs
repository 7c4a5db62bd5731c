//! In which language descriptions are answered (RFC 9110, section 12.5.4).

/// A language that answers to people are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
    Arabic,
}

impl Language {
    /// Those that there are; the first serves whoever wants none of them.
    pub(crate) const ALL: [Self; 3] = [Self::English, Self::German, Self::Arabic];

    /// As in `Content-Language`.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Arabic => "ar",
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

    #[track_caller]
    fn check(wanted: &str, language: Language) {
        assert_eq!(Language::negotiate(Some(wanted)), language, "{wanted}");
    }

    #[test]
    fn the_language_that_is_wanted_most_is_answered_among_those_that_there_are() {
        for wanted in ["en-GB", "fr, en;q=0.5", "en, de", "*", "de;q=0.4, en;q=0.5, ar;q=0.3", "de;q=0, en"] {
            check(wanted, Language::English);
        }
        for wanted in ["de", "DE-ch", "fr, de;q=0.9, en;q=0.8", "en;q=0.5, de", "de, en"] {
            check(wanted, Language::German);
        }
        for wanted in ["ar", "ar-EG, en;q=0.9", "fa, ar;q=0.1"] {
            check(wanted, Language::Arabic);
        }
    }

    #[test]
    fn whoever_wants_what_there_is_not_gets_english() {
        assert_eq!(Language::negotiate(None), Language::English);
        for wanted in ["", "fr", "*;q=0", ";;q=x,", "de;q=none", "german"] {
            check(wanted, Language::English);
        }
    }

    #[test]
    fn ranges_are_read_with_their_weights() {
        assert_eq!(weighed(" de-CH ;q=0.5"), ("de-CH", 0.5));
        assert_eq!(weighed("en"), ("en", 1.0));
        assert_eq!(weighed("en;q=much"), ("en", 0.0));
    }
}
