#!/bin/sh
# fuzz.sh: whatever comes from outside, a million times each (PALPABL_CASES), and every zone of the world a hundred thousand
# times. Each test has an hour at the most; all together take about half an hour on two processors.

. "$(dirname -- "$0")/common.sh"

"$root/.ci/set-up.sh" test
"$root/.ci/ui.sh" >&2
PROPTEST_CASES=${PALPABL_CASES:-1000000}
PALPABL_ROUNDS=long
export PROPTEST_CASES PALPABL_ROUNDS
# The journal and the settings have a file for each case: what the disk adds is not what is tried.
if [ -d /dev/shm ]; then
    TMPDIR=/dev/shm
    export TMPDIR
fi
# shellcheck disable=SC2086 # a list of words
cargo nextest run --profile soak --cargo-profile e2e $parts -E 'binary(properties) | test(/^inspect::tests::/)
    | test(/^answer::tests::/) | test(whatever_the_file_holds) | test(what_is_computed_here_is_accepted_here)'
exec npm --prefix ui run --silent test -- src/tokens/zones.test.ts
