//! What stands in no file of the UI, or only where it must.

use tidy::{SourceFile, files, has_word, hold};

fn ui() -> Vec<SourceFile> {
    let mut sources = files("ui/src");
    sources.extend(files("ui").into_iter().filter(|file| file.path == "ui/index.html"));
    assert!(sources.iter().any(|file| file.is_a(&["svelte"])), "ui/src has no component");
    sources
}

/// Each line for which `rule` names something wrong.
fn broken(sources: &[SourceFile], rule: impl Fn(&SourceFile, &str) -> bool) -> Vec<String> {
    let lines = sources.iter().flat_map(|file| file.lines().map(move |(number, line)| (file, number, line)));
    lines.filter(|(file, _, line)| rule(file, line)).map(|(file, number, line)| file.place(number, line)).collect()
}

#[test]
fn only_ipc_calls_invoke() {
    let rooms: Vec<_> = ui().into_iter().filter(|file| !file.path.starts_with("ui/src/ipc/")).collect();
    let broken = broken(&rooms, |_, line| {
        let calls = has_word(line, "invoke") && (line.contains("invoke(") || line.contains("invoke<"));
        calls || line.contains("@tauri-apps/api/core") || line.contains("__TAURI")
    });
    hold("Whoever needs Rust calls a wrapper in ui/src/ipc.", &broken);
    assert!(files("ui/src/ipc").iter().any(|file| file.text.contains("invoke<")), "ipc itself calls it no more");
}

#[test]
fn no_style_stands_in_the_markup() {
    let markup: Vec<_> = ui().into_iter().filter(|file| file.is_a(&["html", "svelte"])).collect();
    let broken = broken(&markup, |_, line| {
        line.contains(" style=") || line.trim_start().starts_with("style=") || line.contains(" style:")
    });
    hold(
        "Styles are scoped and take their values from ui/src/theme; the content security policy blocks the rest.",
        &broken,
    );
}

#[test]
fn no_text_becomes_markup() {
    let broken = broken(&ui(), |_, line| line.contains("{@html") || line.contains("innerHTML"));
    hold("Other people's text stands in <bdi>, as text.", &broken);
}

#[test]
fn every_colour_stands_in_the_theme() {
    let rooms: Vec<_> = ui().into_iter().filter(|file| !file.path.starts_with("ui/src/theme/")).collect();
    let broken =
        broken(&rooms, |file, line| has_hex_colour(file, line) || (!file.is_a(&["ts"]) && has_colour_function(line)));
    hold("A colour is a custom property of ui/src/theme.", &broken);
    assert!(files("ui/src/theme").iter().any(|file| file.lines().any(|(_, line)| has_hex_colour(file, line))));
}

/// `#` with 3, 4, 6 or 8 hexadecimal digits, as a value. In TypeScript only at the start of a string: `this.#face` is a field.
fn has_hex_colour(file: &SourceFile, line: &str) -> bool {
    let before: &[char] = if file.is_a(&["ts"]) { &['"', '\'', '`'] } else { &['"', '\'', '`', ' ', ':', '(', ','] };
    line.match_indices('#').any(|(at, _)| {
        let digits =
            line[at + 1..].split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').next().unwrap_or_default();
        let colour = matches!(digits.len(), 3 | 4 | 6 | 8) && digits.chars().all(|c| c.is_ascii_hexdigit());
        colour && line[..at].ends_with(before)
    })
}

fn has_colour_function(line: &str) -> bool {
    ["rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch"]
        .iter()
        .any(|function| line.contains(&format!("{function}(")) && has_word(line, function))
}

#[test]
fn a_colour_is_told_from_a_block_and_a_private_field() {
    let file = |extension: &str| SourceFile { path: format!("a.{extension}"), text: String::new() };
    let check = |extension: &str, line: &str, expected: bool| {
        assert_eq!(has_hex_colour(&file(extension), line), expected, "{line}");
    };
    check("css", "color: #1f5fbf;", true);
    check("svelte", "background: light-dark(#fff, #10151f80);", true);
    check("svelte", "{#each faces as face}", false);
    check("svelte", "<a href=\"#face-to\">", false);
    check("ts", "this.#face = 1", false);
    check("ts", "const look = \"#fff\"", true);
    check("css", "#main { margin: 0; }", false);
}
