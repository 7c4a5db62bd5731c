//! Where the app's own words for its operators go: stderr, `PALPABL_LOG` says how much. Never a secret, a credential,
//! a body, or a name that somebody typed: functions name what they log.

use tracing_subscriber::EnvFilter;

/// Starts the log. Warnings only, unless `PALPABL_LOG` (for instance `nms_client=debug`) says otherwise.
pub(crate) fn start() {
    let wanted = EnvFilter::try_from_env("PALPABL_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    // Fails only where a test has started one before.
    drop(tracing_subscriber::fmt().with_env_filter(wanted).with_writer(std::io::stderr).try_init());
}
