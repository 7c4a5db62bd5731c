#!/bin/sh
# app.sh: sets up, builds the optimised app and opens its window. Without a display: the demonstration instead.

. "$(dirname -- "$0")/common.sh"

# What names a display that has gone (a terminal outlived it) names none. One over a network is not judged.
is_gone() {
    case $1 in
        :*)
            number=${1#:}
            number=${number%%.*}
            ! { [ -S "/tmp/.X11-unix/X$number" ] || grep -q "@/tmp/.X11-unix/X$number\$" /proc/net/unix; }
            ;;
        *) false ;;
    esac
}

reason=
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    reason="There is no display here (DISPLAY and WAYLAND_DISPLAY are empty)"
elif [ -z "${WAYLAND_DISPLAY:-}" ] && is_gone "$DISPLAY"; then
    reason="The display $DISPLAY that DISPLAY names is not there"
fi
if [ -n "$reason" ]; then
    say "$reason, so no window can be shown."
    say "Instead the main job is done on a private virtual display, step by step: make demo"
    exec "$root/.ci/in-window.sh" demo
fi
"$root/.ci/set-up.sh" run
cargo build --locked --release -p palpabl-nms-settings
exec "$CARGO_TARGET_DIR/release/palpabl-nms-settings"
