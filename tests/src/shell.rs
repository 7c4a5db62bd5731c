//! The shell, asked as the page asks it: for what a test needs many times over, and for what has no button yet. The
//! window's own permissions hold for it as for the page.

use serde_json::{Value, json};

use crate::app::App;
use crate::patience::until;

/// A call that is under way.
pub struct Asked<'app> {
    app: &'app App<'app>,
    command: String,
    number: u64,
}

impl App<'_> {
    /// Calls a command, which must succeed.
    #[track_caller]
    pub fn ask(&self, command: &str, arguments: &Value) -> Value {
        self.begin(command, arguments).answer()
    }

    /// Calls a command that answers later, for instance when a person has done something.
    #[track_caller]
    pub fn begin(&self, command: &str, arguments: &Value) -> Asked<'_> {
        let script = format!(
            "const asked = (window.__asked ??= []);
            const number = asked.push(null) - 1;
            const done = (result) => (asked[number] = result);
            window.__TAURI_INTERNALS__.invoke({}, {arguments})
                .then((answer) => done({{ answer }}), (failure) => done({{ failure }}));
            return number;",
            json!(command)
        );
        let Some(number) = self.look(&script).as_u64() else { panic!("{command} could not be called") };
        Asked { app: self, command: command.to_owned(), number }
    }

    /// Listens to an event of the shell from now on.
    #[track_caller]
    pub fn hear(&self, event: &str) {
        let script = format!(
            "const told = (window.__told ??= {{}});
            told[{0}] = [];
            return window.__TAURI_INTERNALS__.transformCallback((event) => told[{0}].push(event.payload));",
            json!(event)
        );
        let handler = self.look(&script);
        self.ask("plugin:event|listen", &json!({"event": event, "target": {"kind": "Any"}, "handler": handler}));
    }

    /// What the shell has told with this event since [`hear`](Self::hear).
    #[track_caller]
    pub fn told(&self, event: &str) -> Vec<Value> {
        let told = self.look(&format!("return window.__told[{}]", json!(event)));
        told.as_array().cloned().unwrap_or_else(|| panic!("nobody listens to {event}"))
    }
}

impl Asked<'_> {
    /// Waits for the answer.
    #[track_caller]
    pub fn answer(self) -> Value {
        let result = self.result();
        result.get("answer").cloned().unwrap_or_else(|| panic!("{} fails: {}", self.command, result["failure"]))
    }

    /// Waits for the failure.
    #[track_caller]
    pub fn failure(self) -> Value {
        let result = self.result();
        result.get("failure").cloned().unwrap_or_else(|| panic!("{} answers {}", self.command, result["answer"]))
    }

    #[track_caller]
    fn result(&self) -> Value {
        let script = format!("return window.__asked[{}]", self.number);
        until(&format!("an answer of {}", self.command), || Some(self.app.look(&script)).filter(Value::is_object))
    }
}
