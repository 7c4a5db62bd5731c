//! How long each thing may last.

use std::time::Duration;

/// The delays of one [`Custody`](crate::Custody). The defaults are what the app promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How long a copied value stays on the clipboard. Zero: for ever, until the app ends.
    pub clipboard_delay: Duration,
    /// How long a secret stays before the person is asked whether it should.
    pub vault_life: Duration,
    /// How long that question stands before the secret is wiped.
    pub vault_grace: Duration,
    /// How long a revealed value is shown.
    pub reveal_life: Duration,
    /// How long a person may take at the prompt of a locked keyring before they are told that nothing is saved yet.
    pub keyring_limit: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            clipboard_delay: Duration::from_secs(60),
            vault_life: Duration::from_secs(600),
            vault_grace: Duration::from_secs(60),
            reveal_life: Duration::from_secs(60),
            keyring_limit: Duration::from_secs(20),
        }
    }
}
