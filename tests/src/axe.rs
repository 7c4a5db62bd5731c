//! axe-core in the real window, where layout and contrast can be judged.

use std::path::Path;

use crate::app::App;
use crate::patience::until;

/// Each violation that axe finds on the page at rest, with the elements and what is wrong with them. What it measured
/// while something moved is void, whatever it found: a contrast in the middle of a fade is nobody's.
#[track_caller]
pub fn violations(app: &App<'_>) -> Vec<String> {
    load(app);
    let found = until("axe has measured a page at rest", || {
        let found = app.look_later(MEASURE);
        (!found.is_null()).then_some(found)
    });
    let Some(found) = found.as_array() else { panic!("axe says {found}") };
    found.iter().map(|violation| violation.as_str().unwrap_or_default().to_owned()).collect()
}

/// Null: something moved before, meanwhile or after. The page is told of a start with a frame only, and axe lets none pass
/// while it measures: before and after it, the frames are waited for.
const MEASURE: &str = "const done = arguments[arguments.length - 1];
    const frame = () => new Promise(requestAnimationFrame);
    const isAtRest = () => document.getAnimations().every((animation) => animation.playState !== 'running');
    const starts = ['transitionrun', 'animationstart'];
    let moved = false;
    const note = () => { moved = true; };
    const measure = async () => {
        await frame();
        await frame();
        if (!isAtRest()) return null;
        starts.forEach((start) => document.addEventListener(start, note, true));
        try {
            const { violations } = await axe.run(document, { resultTypes: ['violations'] });
            await frame();
            await frame();
            if (moved || !isAtRest()) return null;
            return violations.flatMap((violation) => violation.nodes.map((node) =>
                `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary}`));
        } finally {
            starts.forEach((start) => document.removeEventListener(start, note, true));
        }
    };
    measure().then(done, (error) => done([`axe itself failed: ${error}`]));";

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
