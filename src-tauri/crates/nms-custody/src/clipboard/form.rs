//! In which forms a value is offered on Wayland: as text under the names that programs ask for, and the hint for
//! clipboard managers that it is a password.

/// The name under which KDE's clipboard manager, and others after it, look for the hint.
pub(super) const HINT: &str = "x-kde-passwordManagerHint";
/// What the hint says.
pub(super) const HINT_SAYS: &[u8] = b"secret";
/// All names, the hint's included. The Latin-1 of STRING and UTF-8 are one for what we offer.
pub(super) const ALL: [&str; 6] = ["text/plain;charset=utf-8", "text/plain", "UTF8_STRING", "STRING", "TEXT", HINT];
