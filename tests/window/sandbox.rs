//! What the page cannot do, whatever runs on it: fetch, run or show what is not the app's own. (That nothing of this is
//! tried in all other tests is seen by the bench: it reads the web view's console at the end of each.)

use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::json;

const ADDRESSES: [&str; 4] =
    ["https://palpabl.example/", "http://127.0.0.1:1/", "data:text/html,x", "file:///etc/hostname"];

#[test]
fn nothing_that_is_not_the_apps_own_is_fetched_run_or_shown() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let before = app.look("return location.href");

    for address in ADDRESSES {
        let fetched = format!(
            "const done = arguments[arguments.length - 1];
            fetch({address:?}).then(() => done('fetched'), () => done('refused'))"
        );
        assert_eq!(app.look_later(&fetched), json!("refused"), "{address}");
        app.look(&format!("location.href = {address:?}"));
        app.look(&format!("open({address:?})"));
        app.look(&format!(
            "const frame = document.createElement('iframe'); frame.src = {address:?}; document.body.append(frame)"
        ));
    }
    app.look("const script = document.createElement('script'); script.text = 'globalThis.ran = true'; document.body.append(script)");
    app.look("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"globalThis.ran = true\">')");
    app.look("document.querySelector('main').setAttribute('style', 'display: none')");
    assert_eq!(app.look("return globalThis.ran ?? null"), json!(null));
    assert_ne!(app.look("return getComputedStyle(document.querySelector('main')).display"), json!("none"));
    assert_eq!(app.look("try { return eval('1') } catch (error) { return error.name }"), json!("EvalError"));
    assert_eq!(app.look("return location.href"), before);
    assert_eq!(app.look("return frames.length && [...document.querySelectorAll('iframe')].some((one) => one.contentDocument?.body?.innerText)"), json!(false));
    app.until_ready();
    assert!(app.refusals().len() >= ADDRESSES.len(), "each is told");
}
