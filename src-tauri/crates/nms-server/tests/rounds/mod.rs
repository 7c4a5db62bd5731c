//! How often a test tries what depends on chance. The same test has a short form for every run and a long one, which
//! proves more: `.ci/soak-server.sh` runs that.

use std::env;
use std::io::{self, Write};

/// `PALPABL_ROUNDS` unset: `short`; `long`: `long`; a number: that many, in every test.
pub(crate) fn rounds(short: usize, long: usize) -> usize {
    match env::var("PALPABL_ROUNDS").as_deref() {
        Err(_) | Ok("") => short,
        Ok("long") => long,
        Ok(number) => number.parse().expect("PALPABL_ROUNDS is \"long\" or a number"),
    }
}

/// Tells a figure to whoever reads the test's output.
pub(crate) fn tell(figure: &str) {
    // With nobody to read it there is nobody to tell.
    let _ = writeln!(io::stdout().lock(), "FIGURE {figure}");
}
