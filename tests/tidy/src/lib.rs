//! What the house's rules are read from: the files of this checkout, as text.
//!
//! The rules themselves are tests in `tests/house`. Not here: any parser. A rule that cannot be told by plain text is
//! left to a compiler, a linter or a reader.

use std::{fs, path::Path};

/// What git leaves out, and so do the rules.
const NOT_OURS: [&str; 5] = [".git", "node_modules", "target", "ui/dist", "src-tauri/gen"];

/// One text file of the project.
#[derive(Debug)]
pub struct SourceFile {
    /// From the top of the project, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl SourceFile {
    /// Whether the name ends in one of these, given without the dot.
    pub fn is_a(&self, extensions: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
    }

    /// Whether it was written by a program: bindings, snapshots, lock files.
    pub fn is_generated(&self) -> bool {
        self.path.contains("/generated/")
            || self.path.contains("/snapshots/")
            || self.path.ends_with("Cargo.lock")
            || self.path.ends_with("package-lock.json")
    }

    /// Lines with their numbers from 1, without what stands behind `//`.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().map(|(number, line)| (number, line.split("//").next().unwrap_or_default()))
    }

    /// Lines with their numbers from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// How a place in this file is named in a message.
    pub fn place(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {}", self.path, what.trim())
    }
}

/// The top of the project.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// Every text file of the project below `folder` (`""` for all), in order. Performs I/O.
pub fn files(folder: &str) -> Vec<SourceFile> {
    let read = |path: String| Some(SourceFile { text: fs::read_to_string(root().join(&path)).ok()?, path });
    paths(folder).into_iter().filter_map(read).collect()
}

/// Every file of the project below `folder` (`""` for all), whatever it holds, in order. Performs I/O.
pub fn paths(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(folder, &mut found);
    found.sort();
    found
}

fn collect(folder: &str, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if NOT_OURS.contains(&name.as_str()) || NOT_OURS.contains(&path.as_str()) {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Whether `word` stands in `line` as a word of its own.
pub fn has_word(line: &str, word: &str) -> bool {
    let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        !part_of_word(line[..at].chars().next_back()) && !part_of_word(line[at + word.len()..].chars().next())
    })
}

/// What stands between the first `opening` and the next `closing` after it.
pub fn between<'a>(text: &'a str, opening: &str, closing: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(opening)?;
    rest.split_once(closing).map(|(inside, _)| inside)
}

/// Fails with the rule and each place that breaks it.
///
/// # Panics
/// When there is such a place.
pub fn hold(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule} Broken here:\n  {}", broken.join("\n  "));
}
