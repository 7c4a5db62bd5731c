#!/bin/sh
# app.sh: sets up, builds the optimised app and opens its window. Without a display: the demonstration instead.

. "$(dirname -- "$0")/common.sh"

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    say "There is no display here (DISPLAY and WAYLAND_DISPLAY are empty), so no window can be shown."
    say "Instead the main job is done on a private virtual display, step by step: make demo"
    exec "$root/.ci/in-window.sh" demo
fi
"$root/.ci/set-up.sh" run
cargo build --locked --release -p palpabl-nms-settings
exec "$CARGO_TARGET_DIR/release/palpabl-nms-settings"
