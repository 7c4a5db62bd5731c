//! The bench on which the whole app is tested from outside: the built binary in a real window, on a private desktop with
//! a display, a session bus, a keyring and a clipboard of its own.
//!
//! What happens is asserted where it has its effect: another process reads the clipboard, curl uses the token,
//! `secret-tool` looks into the keyring, `/proc` is searched for the secret. Nothing here knows an inner type of the app.
//! A step that does not come about panics with its reason; the last picture of the screen is then in `target/window/`.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test bench: whatever it cannot do is a failure with a reason"
)]

pub mod app;
pub mod axe;
mod canaries;
pub mod clipboard;
pub mod compositor;
pub mod desktop;
pub mod display;
pub mod http;
pub mod keyring;
pub mod keys;
pub mod many;
pub mod memory;
pub mod notifier;
pub mod page;
pub mod patience;
pub mod person;
pub mod portal;
pub mod process;
pub mod pulse;
pub mod reader;
pub mod real_portal;
pub mod relay;
pub mod seed;
pub mod shell;
pub mod wire;

pub use app::App;
pub use desktop::{Desktop, KeyringAtStart};
