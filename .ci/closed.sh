#!/bin/sh
# closed.sh: builds the app as people get it, and sees that nobody can drive or inspect it.

. "$(dirname -- "$0")/common.sh"

"$root/.ci/set-up.sh" desk
"$root/.ci/ui.sh" >&2
cargo build --locked --release -p palpabl-nms-settings >&2
PALPABL_E2E_APP=$CARGO_TARGET_DIR/release/palpabl-nms-settings
export PALPABL_E2E_APP
exec cargo run --locked --quiet -p palpabl-nms-settings-tests --bin closed
