//! Prometheus's text format, version 0.0.4: families of figures, each with its help and its type before it.
//!
//! Each family here has one label. What the figures mean is not known here.

use std::fmt::Display;

/// As it is sent, and as a collector recognises it.
pub(crate) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What a figure does over time.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// It only grows, until the server starts anew.
    Counter,
    /// It goes up and down.
    Gauge,
}

/// What a family is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) help: &'static str,
    /// By which its figures differ.
    pub(crate) label: &'static str,
}

/// A text that is being written.
#[derive(Debug, Default)]
pub(crate) struct Exposition(String);

impl Exposition {
    /// Writes a family: its figures, each with the value of its label.
    pub(crate) fn family<V: Display, F: Display>(
        mut self,
        family: Family,
        figures: impl IntoIterator<Item = (V, F)>,
    ) -> Self {
        let Family { name, kind, help, label } = family;
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        self.0 += &format!("# HELP {name} {}\n# TYPE {name} {kind}\n", in_help(help));
        for (value, figure) in figures {
            self.0 += &format!("{name}{{{label}=\"{}\"}} {figure}\n", in_quotes(&value.to_string()));
        }
        self
    }

    /// The text, as it is sent.
    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

fn in_help(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n")
}

fn in_quotes(text: &str) -> String {
    in_help(text).replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICES: Family = Family { name: "devices", kind: Kind::Gauge, help: "How many.", label: "site" };

    #[track_caller]
    fn check(family: Family, figures: &[(&str, u64)], expected: &str) {
        assert_eq!(Exposition::default().family(family, figures.iter().copied()).into_text(), expected);
    }

    #[test]
    fn a_family_is_its_help_its_type_and_its_figures() {
        check(
            DEVICES,
            &[("Berlin", 2), ("", 0)],
            "# HELP devices How many.\n# TYPE devices gauge\ndevices{site=\"Berlin\"} 2\ndevices{site=\"\"} 0\n",
        );
        let counter = Family { kind: Kind::Counter, ..DEVICES };
        check(counter, &[], "# HELP devices How many.\n# TYPE devices counter\n");
    }

    #[test]
    fn what_would_end_a_value_or_a_line_is_escaped() {
        let family = Family { help: "a\\b\n\"c\"", ..DEVICES };
        check(
            family,
            &[("\"\\\n", 1)],
            "# HELP devices a\\\\b\\n\"c\"\n# TYPE devices gauge\ndevices{site=\"\\\"\\\\\\n\"} 1\n",
        );
    }

    #[test]
    fn families_follow_each_other() {
        let other = Family { name: "others", ..DEVICES };
        let text = Exposition::default().family(DEVICES, [("a", 1)]).family(other, [("b", 2)]).into_text();
        let names: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
        assert_eq!(names, ["devices gauge", "others gauge"]);
    }
}
