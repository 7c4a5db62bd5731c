//! A test that needs another environment runs itself again in a process of its own: a process cannot change its own
//! environment safely.

use std::{ffi::OsStr, process::Command};

const MARK: &str = "NMS_CLIENT_TEST_AGAIN";

/// Whether this already is the process with that environment. If not, runs the test of this name in one, and checks
/// that it passes there.
#[track_caller]
pub(crate) fn with_environment<V: AsRef<OsStr>>(
    test: &str,
    variables: impl IntoIterator<Item = (&'static str, V)>,
) -> bool {
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", test]).env_remove("no_proxy").env_remove("NO_PROXY").envs(variables).env(MARK, "1");
    let output = again.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
    false
}
