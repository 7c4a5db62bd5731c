#!/bin/sh
# soak.sh [FOLDER]: what is short in `make test`, long. First the app's code, without its window, is killed 500 times
# (PALPABL_KILLS) at random moments of a creation; then a thousand copies meet faults, and three thousand are cleared, ten
# minutes in all; then whatever comes from outside is made up a million times each; then the server is killed, raced and
# timed; then the app as people get it is tried for doors; then the main job, over and over, in one window.

. "$(dirname -- "$0")/common.sh"

"$root/.ci/set-up.sh" desk
PALPABL_KILLS=${PALPABL_KILLS:-500}
export PALPABL_KILLS
# Not by nextest: it would end what takes minutes.
cargo test --locked --quiet -p palpabl-nms-settings --lib -- --exact --nocapture \
    creations::tests::kills::no_kill_leaves_an_orphan_or_makes_a_token_twice
"$root/.ci/set-up.sh" test
folder=$CARGO_TARGET_DIR/soak
mkdir -p "$folder"
PALPABL_ROUNDS=long cargo nextest run --locked --profile soak -p nms-custody -E 'test(/::often::/)' >"$folder/custody.log" 2>&1 || {
    complain "A copy or a clearing did not hold; $folder/custody.log says why."
    exit 1
}
sed -n 's/.*FIGURE //p' "$folder/custody.log" | tee "$folder/custody.txt"
"$root/.ci/fuzz.sh"
"$root/.ci/soak-server.sh"
"$root/.ci/closed.sh"
exec "$root/.ci/in-window.sh" soak "$@"
