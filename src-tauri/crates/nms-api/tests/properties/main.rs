//! Whatever comes from outside is read or refused, and never ends the process. Some thousand cases of each are tried in
//! `cargo nextest run`; `PROPTEST_CASES=1000000 cargo nextest run -p nms-api -E 'binary(properties)'` tries a million.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod answers;
mod samples;
mod tokens;

use proptest::prelude::ProptestConfig;

/// As many cases as the environment wants, or two thousand.
fn config() -> ProptestConfig {
    let usual = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => usual,
        None => ProptestConfig { cases: 2_000, ..usual },
    }
}
