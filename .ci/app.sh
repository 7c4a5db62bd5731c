#!/bin/sh
# app.sh: sets up, builds the optimised app and opens its window. Without a display: the demonstration instead.

. "$(dirname -- "$0")/common.sh"

# Whether somebody listens on this socket: one that its server left behind has no line here (unix(7)).
listens() { grep -qE "( |@)$1\$" /proc/net/unix; }

# What names a display that has gone (a terminal outlived it) names none. One over a network is not judged.
is_gone() {
    case $1 in
        :*)
            number=${1#:}
            number=${number%%.*}
            ! listens "/tmp/.X11-unix/X$number"
            ;;
        *) false ;;
    esac
}

wayland_is_gone() {
    case $1 in
        '') true ;;
        /*) ! listens "$1" ;;
        *) ! listens "${XDG_RUNTIME_DIR:-/nonexistent}/$1" ;;
    esac
}

reason=
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    reason="There is no display here (DISPLAY and WAYLAND_DISPLAY are empty)"
elif wayland_is_gone "${WAYLAND_DISPLAY:-}" && [ -z "${DISPLAY:-}" ]; then
    reason="The display $WAYLAND_DISPLAY that WAYLAND_DISPLAY names is not there"
elif wayland_is_gone "${WAYLAND_DISPLAY:-}" && is_gone "$DISPLAY"; then
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
