//! The committed rule files, read and followed as the programs do for which they are.

use std::sync::LazyLock;

use nms_api::finding;
use regex::bytes::{Regex, RegexBuilder};
use yaml_rust2::{Yaml, YamlLoader};

/// What one of the files says.
pub(crate) struct Rule {
    pub(crate) file: &'static str,
    /// Its first group is the value.
    regex: Regex,
    keyword: Option<String>,
    /// Whether what stands beside one value may stand beside the next as well.
    overlaps: bool,
}

impl Rule {
    /// The values that it finds, whatever their checksum says.
    pub(crate) fn matches<'a>(&self, bytes: &'a [u8]) -> Vec<&'a [u8]> {
        // The programs look for a keyword in lower case first.
        let has_keyword = self.keyword.as_ref().is_none_or(|word| {
            let lower = bytes.to_ascii_lowercase();
            lower.windows(word.len()).any(|window| window == word.as_bytes())
        });
        if !has_keyword {
            return Vec::new();
        }
        let (mut values, mut from) = (Vec::new(), 0);
        while let Some(groups) = self.regex.captures_at(bytes, from) {
            let value = groups.get(1).unwrap();
            values.push(value.as_bytes());
            from = if self.overlaps { value.end() } else { groups.get_match().end() };
        }
        values
    }

    /// The same without its keyword, for large heaps.
    pub(crate) fn count(&self, bytes: &[u8]) -> usize {
        self.regex.find_iter(bytes).count()
    }

    /// How many tokens it finds: what it matches and the checksum proves.
    pub(crate) fn tokens(&self, bytes: &[u8]) -> usize {
        self.matches(bytes).into_iter().filter(|value| finding::find(value).count() == 1).count()
    }
}

/// All three.
pub(crate) static RULES: LazyLock<[Rule; 3]> = LazyLock::new(|| [gitleaks(), trufflehog(), github()]);

fn gitleaks() -> Rule {
    let file: toml::Table = include_str!("../../finding/gitleaks.toml").parse().unwrap();
    let [rule] = file["rules"].as_array().unwrap().as_slice() else { panic!("one rule") };
    assert_eq!(rule["secretGroup"].as_integer(), Some(1), "the group that is read here");
    assert_eq!(rule["id"].as_str(), Some("palpabl-nms-api-token"));
    Rule {
        file: "gitleaks.toml",
        regex: compiled(rule["regex"].as_str().unwrap()),
        keyword: Some(rule["keywords"][0].as_str().unwrap().to_owned()),
        overlaps: false,
    }
}

fn trufflehog() -> Rule {
    let detector = &yaml(include_str!("../../finding/trufflehog.yml"))["detectors"][0];
    Rule {
        file: "trufflehog.yml",
        regex: compiled(detector["regex"]["token"].as_str().unwrap()),
        keyword: Some(detector["keywords"][0].as_str().unwrap().to_owned()),
        overlaps: false,
    }
}

fn github() -> Rule {
    let pattern = &yaml(include_str!("../../finding/github.yml"))["patterns"][0];
    let part = |name: &str| pattern["regex"][name].as_str().unwrap().to_owned();
    let regex = format!("(?:{})({})(?:{})", part("start"), part("pattern"), part("end"));
    // Hyperscan tells of every match, also where two share a character.
    Rule { file: "github.yml", regex: compiled(&regex), keyword: None, overlaps: true }
}

/// GitHub's test string, which a person pastes beside the pattern.
pub(crate) fn sample() -> String {
    yaml(include_str!("../../finding/github.yml"))["patterns"][0]["sample"].as_str().unwrap().to_owned()
}

/// As in Go's RE2 and in Hyperscan, `\b` and classes are about ASCII.
fn compiled(regex: &str) -> Regex {
    RegexBuilder::new(regex).unicode(false).build().unwrap()
}

fn yaml(text: &str) -> Yaml {
    YamlLoader::load_from_str(text).unwrap().remove(0)
}
