//! Everything that goes between the page and the shell, heard in the page where it leaves and where it arrives: what is
//! asked, what is answered, what is told unasked.

use crate::app::App;

/// Commands and their answers go by `fetch`, or where that is refused by `ipc.postMessage`; every answer, event and
/// message of a channel arrives through one table of callbacks.
const HEAR: &str = "
    const heard = [], internals = window.__TAURI_INTERNALS__, { fetch, ipc } = window;
    Object.defineProperty(window, '__heard', { value: heard });
    const text = (data) => ArrayBuffer.isView(data) || data instanceof ArrayBuffer
        ? [...new Uint8Array(data.buffer ?? data)].map((byte) => String.fromCharCode(byte)).join('')
        : typeof data === 'string' ? data : JSON.stringify(data) ?? '';
    window.fetch = async (address, options) => {
        heard.push(`ASKED ${address} ${text(options?.body)} ${JSON.stringify([...new Headers(options?.headers)])}`);
        const answer = await fetch(address, options);
        const body = text(await answer.clone().arrayBuffer());
        heard.push(`ANSWERED ${address} ${body} ${JSON.stringify([...answer.headers])}`);
        return answer;
    };
    window.ipc = { postMessage: (message) => { heard.push(`POSTED ${text(message)}`); ipc.postMessage(message); } };
    const { callbacks } = internals, get = callbacks.get.bind(callbacks);
    callbacks.get = (id) => {
        const callback = get(id);
        return callback && ((data) => { heard.push(`TOLD ${text(data)}`); return callback(data); });
    };";

impl App<'_> {
    /// Hears everything from now on.
    #[track_caller]
    pub fn hear_all(&self) {
        self.look(HEAR);
    }

    /// What was heard, a message in a line.
    #[track_caller]
    pub fn all_heard(&self) -> Vec<String> {
        serde_json::from_value(self.look("return window.__heard")).unwrap()
    }
}
