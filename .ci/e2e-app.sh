#!/bin/sh
# e2e-app.sh: builds the one app that the tests in the real window, the demonstration and the measurements share, and
# prints where it is.

. "$(dirname -- "$0")/common.sh"

# What the app shows is part of it.
"$root/.ci/ui.sh" >&2
cargo build --locked --profile e2e --features e2e -p palpabl-nms-settings >&2
say "$CARGO_TARGET_DIR/e2e/palpabl-nms-settings"
