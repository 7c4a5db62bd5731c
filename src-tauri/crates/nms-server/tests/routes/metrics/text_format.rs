//! A reader of Prometheus's text format 0.0.4 that forgives nothing, of a kind that the server does not have.

use std::collections::{BTreeMap, BTreeSet};

/// A figure: its family and its labels.
pub(super) type Series = (String, BTreeMap<String, String>);

/// What a text says.
#[derive(Debug, Default)]
pub(super) struct Figures {
    helped: BTreeSet<String>,
    pub(super) kinds: BTreeMap<String, String>,
    pub(super) values: BTreeMap<Series, f64>,
    /// Whose figures may come now.
    current: Option<String>,
}

impl Figures {
    /// Reads a text, or says which line is wrong.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let lines = text.strip_suffix('\n').ok_or("it does not end with a newline")?;
        let mut figures = Self::default();
        for line in lines.split('\n') {
            figures.line(line).map_err(|wrong| format!("{wrong}: {line:?}"))?;
        }
        Ok(figures)
    }

    /// The figure with this one label, or nought.
    pub(super) fn of(&self, name: &str, label: &str, value: &str) -> f64 {
        let labels = BTreeMap::from([(label.to_owned(), value.to_owned())]);
        self.values.get(&(name.to_owned(), labels)).copied().unwrap_or(0.0)
    }

    fn line(&mut self, line: &str) -> Result<(), &'static str> {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, text) = help.split_once(' ').ok_or("a help without a text")?;
            return (is_name(name) && !text.is_empty() && self.helped.insert(name.to_owned()))
                .then_some(())
                .ok_or("a help of no name, or a second one");
        }
        if let Some(kind) = line.strip_prefix("# TYPE ") {
            return self.kind(kind);
        }
        self.sample(line)
    }

    fn kind(&mut self, line: &str) -> Result<(), &'static str> {
        let (name, kind) = line.split_once(' ').ok_or("a type without a name")?;
        if !self.helped.contains(name) {
            return Err("a type before its help");
        }
        if !["counter", "gauge", "histogram", "summary", "untyped"].contains(&kind) {
            return Err("an unknown type");
        }
        self.current = Some(name.to_owned());
        self.kinds.insert(name.to_owned(), kind.to_owned()).map_or(Ok(()), |_| Err("a second type"))
    }

    fn sample(&mut self, line: &str) -> Result<(), &'static str> {
        let end = line.find(['{', ' ']).ok_or("a figure without a value")?;
        let (name, rest) = line.split_at(end);
        if self.current.as_deref() != Some(name) {
            return Err("a figure outside its family");
        }
        let (labels, value) = match rest.strip_prefix('{') {
            Some(rest) => labels(rest)?,
            None => (BTreeMap::new(), rest),
        };
        let value = value.strip_prefix(' ').ok_or("no blank before the value")?;
        let value: f64 = value.parse().map_err(|_| "a value that is no number")?;
        self.values.insert((name.to_owned(), labels), value).map_or(Ok(()), |_| Err("a figure twice"))
    }
}

/// The labels up to the closing brace, and what follows it.
fn labels(mut rest: &str) -> Result<(BTreeMap<String, String>, &str), &'static str> {
    let mut labels = BTreeMap::new();
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return Ok((labels, after));
        }
        let (name, quoted) = rest.split_once("=\"").ok_or("a label without a value")?;
        if !is_name(name) || name.contains(':') || name.starts_with("__") {
            return Err("a label with another name than labels have");
        }
        let (value, after) = unquoted(quoted)?;
        if labels.insert(name.to_owned(), value).is_some() {
            return Err("a label twice");
        }
        rest = after.strip_prefix(',').unwrap_or(after);
        if rest.len() == after.len() && !rest.starts_with('}') {
            return Err("labels without a comma between");
        }
    }
}

/// A value up to its closing quote, and what follows it.
fn unquoted(text: &str) -> Result<(String, &str), &'static str> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' => return Ok((value, &text[place + 1..])),
            '\\' => value.push(match letters.next() {
                Some((_, 'n')) => '\n',
                Some((_, escaped @ ('\\' | '"'))) => escaped,
                _ => return Err("an unknown escape"),
            }),
            _ => value.push(letter),
        }
    }
    Err("a value without an end")
}

fn is_name(name: &str) -> bool {
    let is_first = |letter: char| letter.is_ascii_alphabetic() || "_:".contains(letter);
    name.starts_with(is_first) && name.chars().all(|letter| is_first(letter) || letter.is_ascii_digit())
}

#[test]
fn what_is_well_formed_is_read() {
    let text = "# HELP a_total What.\n# TYPE a_total counter\na_total{b=\"x\\\"\\\\\\n\",c=\"\"} 1\na_total 2.5\n";
    let figures = Figures::read(text).unwrap();
    assert_eq!(figures.kinds["a_total"], "counter");
    let labels = [("b", "x\"\\\n"), ("c", "")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(figures.values[&("a_total".to_owned(), BTreeMap::from(labels))], 1.0);
    assert_eq!(figures.values[&("a_total".to_owned(), BTreeMap::new())], 2.5);
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let opening = "# HELP a What.\n# TYPE a gauge\n";
    for text in ["a 1\n", "# TYPE a gauge\na 1\n", "# HELP a What.\na 1\n", "# HELP a What.\n# TYPE a gauge\na 1"] {
        assert!(Figures::read(text).is_err(), "{text}");
    }
    for figure in [
        "b 1",
        "a one",
        "a{b=\"c\" 1",
        "a{b=\"c} 1",
        "a{b=c} 1",
        "a{1b=\"c\"} 1",
        "a{b=\"\\x\"} 1",
        "a{b=\"c\"}1",
        "",
        "a{b=\"c\"d=\"e\"} 1",
        "a{b=\"c\",b=\"d\"} 1",
        "a 1\na 1",
        "# HELP a Again.",
        "# TYPE a gauge",
        "# TYPE b gauge",
        "a{__b=\"c\"} 1",
        "a{b:c=\"d\"} 1",
        "# HELP 1 What.",
        "# HELP b What.\n# TYPE b figure",
    ] {
        let text = format!("{opening}{figure}\n");
        assert!(Figures::read(&text).is_err(), "{text}");
    }
}
