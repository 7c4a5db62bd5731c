#!/bin/sh
# e2e-app.sh [with-tests]: builds the one app that the tests in the real window, the demonstration and the measurements
# share, and prints where it is. With the tests, every Rust test is built beside it, of the same parts.

. "$(dirname -- "$0")/common.sh"

# What the app shows is part of it.
"$root/.ci/ui.sh" >&2
if [ "${1:-}" = with-tests ]; then
    # shellcheck disable=SC2086 # a list of words
    cargo test --no-run --profile e2e $parts >&2
else
    cargo build --locked --profile e2e --features e2e -p palpabl-nms-settings >&2
fi
say "$CARGO_TARGET_DIR/e2e/palpabl-nms-settings"
