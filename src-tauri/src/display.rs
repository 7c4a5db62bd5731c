//! The display, looked for before anything needs it: the toolkit below would end in a panic without one.

use std::io::Write;

/// Connects to the display; says on stderr, for whoever started the program, why that cannot be. On the main thread,
/// first of all.
pub(crate) fn is_there() -> bool {
    if gtk::init().is_ok() {
        return true;
    }
    // Nobody who could read it: the exit status says it too.
    drop(writeln!(std::io::stderr(), "{}", explain(|name| std::env::var(name).ok())));
    false
}

fn explain(variable: impl Fn(&str) -> Option<String>) -> String {
    let named = ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().find_map(|name| {
        let value = variable(name).filter(|value| !value.is_empty())?;
        Some(format!("{name}={value}"))
    });
    match named {
        Some(named) => format!(
            "The window cannot be opened: the display that {named} names does not answer.\n\
             Nothing was changed. Start this on a desktop, or set {} to a display that runs.",
            named.split('=').next().unwrap_or_default()
        ),
        None => "The window cannot be opened: neither WAYLAND_DISPLAY nor DISPLAY names a display.\n\
                 Nothing was changed. Start this on a desktop."
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_which_display_was_looked_for() {
        let with = |set: &'static [(&str, &str)]| {
            explain(move |name| set.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned()))
        };
        assert!(with(&[("DISPLAY", ":7")]).contains("DISPLAY=:7 names"));
        assert!(with(&[("DISPLAY", ":7"), ("WAYLAND_DISPLAY", "wayland-0")]).contains("WAYLAND_DISPLAY=wayland-0"));
        assert!(with(&[("DISPLAY", "")]).contains("neither"));
    }
}
