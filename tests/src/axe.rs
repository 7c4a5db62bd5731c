//! axe-core in the real window, where layout and contrast can be judged.

use std::path::Path;

use crate::app::App;
use crate::patience::until_true;

const LOOKS: usize = 4;

/// Each violation that axe finds on the page, with the elements and what is wrong with them. A fade that begins while axe
/// measures a contrast is no fault of the page, so what it finds must stay for some looks.
#[track_caller]
pub fn violations(app: &App<'_>) -> Vec<String> {
    load(app);
    let mut found = Vec::new();
    for _ in 0..LOOKS {
        until_true("the page is at rest", || {
            app.look("return document.getAnimations().every((animation) => animation.playState !== 'running')") == true
        });
        found = look(app);
        if found.is_empty() {
            break;
        }
    }
    found
}

#[track_caller]
fn look(app: &App<'_>) -> Vec<String> {
    let script = "const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations'] }).then(
            (result) => done(result.violations.flatMap((violation) => violation.nodes.map((node) =>
                `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary}`))),
            (error) => done([`axe itself failed: ${error}`]));";
    let found = app.look_later(script);
    let Some(found) = found.as_array() else { panic!("axe says {found}") };
    found.iter().map(|violation| violation.as_str().unwrap_or_default().to_owned()).collect()
}

fn load(app: &App<'_>) {
    if app.look("return typeof axe") == "object" {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
    let source = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; `npm --prefix ui ci` fetches it", path.display()));
    // It looks for a module loader before it puts itself into the window.
    app.look(&format!("const module = undefined; {source}; window.axe = axe;"));
}
