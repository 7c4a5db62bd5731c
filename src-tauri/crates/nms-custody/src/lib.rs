//! Custody of a secret from the moment it is made until it is handed over or wiped.
//!
//! [`Custody`] holds at most one secret that is shown only once: it copies it, alone or within a [`Frame`], saves it to
//! a file, draws it as a picture, and wipes it. [`inspect`] says what a text is that somebody found. [`keyring`] keeps a
//! person's session over restarts. The text of a secret leaves this crate on four ways only, each with one function: the
//! clipboard, a file, a picture, the keyring.
//!
//! Not here: where a secret comes from (HTTP), what it may do (permissions), how its state is told to a person.

mod clipboard;
mod clock;
mod custody;
mod error;
mod file;
mod frame;
pub mod inspect;
mod keeper;
pub mod keyring;
mod memory;
mod picture;
mod settings;
mod vault;
mod view;

pub use clock::Clock;
#[cfg(any(test, feature = "test-clock"))]
pub use clock::TestClock;
pub use custody::{Copied, Custody};
pub use error::{Error, NotRead};
pub use file::{Overwrite, SavedFile};
pub use frame::Frame;
pub use picture::{Look, Picture, PictureAddress};
pub use settings::Settings;
pub use vault::Handle;
pub use view::{ClipboardView, HeldView, Saved, StayView, VaultState, VaultView};
