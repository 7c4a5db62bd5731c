//! What stands in no Rust file, or only where it must.

use tidy::{SourceFile, files, has_word, hold, root};

fn rust() -> Vec<SourceFile> {
    let sources: Vec<_> = files("").into_iter().filter(|file| file.is_a(&["rs"])).collect();
    assert!(sources.len() > 20);
    sources
}

#[test]
fn only_custody_may_be_unsafe() {
    let mut broken = Vec::new();
    for file in rust().iter().filter(|file| !file.path.starts_with("src-tauri/crates/nms-custody/")) {
        for (number, line) in file.code().filter(|(_, line)| is_unsafe(line)) {
            broken.push(file.place(number, line));
        }
    }
    hold("Whatever needs unsafe code is nms-custody's.", &broken);
}

#[test]
fn nothing_is_allowed_that_is_not_expected() {
    let (outer, inner) = (["#[", "allow("].concat(), ["#![", "allow("].concat());
    let mut broken = Vec::new();
    for file in rust() {
        for (number, line) in file.code().filter(|(_, line)| line.contains(&outer) || line.contains(&inner)) {
            broken.push(file.place(number, line));
        }
    }
    hold(
        "A lint is silenced with #[expect(…, reason = \"…\")], so that it is heard again when the reason is gone.",
        &broken,
    );
}

#[test]
fn no_argument_reaches_the_log_by_default() {
    let attribute = ["#[", "instrument"].concat();
    let qualified = ["#[", "tracing::instrument"].concat();
    let mut broken = Vec::new();
    for file in rust() {
        let code: String = file.code().flat_map(|(_, line)| [line, "\n"]).collect();
        for (at, _) in code.match_indices(&attribute).chain(code.match_indices(&qualified)) {
            let written = code[at..].split("fn ").next().unwrap_or_default();
            if !written.contains("skip_all") {
                broken.push(file.place(code[..at].lines().count() + 1, written.lines().next().unwrap_or_default()));
            }
        }
    }
    hold("Each instrumented function has skip_all and names the fields it means.", &broken);
}

fn is_unsafe(line: &str) -> bool {
    has_word(line, concat!("un", "safe")) && !line.contains('"')
}

#[test]
fn the_page_is_compiled_into_one_target_only() {
    // With two at once, one of them may read a file that the other is writing, and the window stays empty.
    let others: Vec<_> = files("src-tauri")
        .into_iter()
        .filter(|file| file.is_a(&["rs"]) && file.text.contains("generate_context!"))
        .map(|file| file.path)
        .filter(|path| path != "src-tauri/src/main.rs")
        .collect();
    hold("The page is compiled into the program alone, which has no tests of its own (src-tauri/Cargo.toml).", &others);
    let manifest: toml::Table = std::fs::read_to_string(root().join("src-tauri/Cargo.toml")).unwrap().parse().unwrap();
    assert_eq!(manifest["bin"][0]["test"].as_bool(), Some(false));
}
