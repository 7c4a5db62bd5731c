#!/bin/sh
# soak-server.sh: every test of the server, and what depends on chance in its long form: thousands of kills, races and
# timings, up to an hour on a busy machine. The figures land in target/soak/server.txt.

. "$(dirname -- "$0")/common.sh"

"$root/.ci/set-up.sh" test
folder=$CARGO_TARGET_DIR/soak
mkdir -p "$folder"
log=$folder/server.log
PALPABL_ROUNDS=${PALPABL_ROUNDS:-long}
export PALPABL_ROUNDS
status=0
# Optimised, as it is measured.
cargo nextest run --cargo-profile e2e --locked --profile soak -p nms-server >"$log" 2>&1 || status=$?
# What each test tells of itself, and which of them failed.
sed -n 's/.*FIGURE //p' "$log" | tee "$folder/server.txt"
grep -E '^ *(FAIL|TIMEOUT|Summary) ' "$log" || true
[ "$status" -eq 0 ] || complain "It did not hold; $log says why."
exit "$status"
