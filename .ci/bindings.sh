#!/bin/sh
# bindings.sh: writes ui/src/ipc/generated anew. The test that fails when it is stale does the writing.

. "$(dirname -- "$0")/common.sh"

"$root/.ci/set-up.sh" run
WRITE_BINDINGS=1 cargo test --locked --quiet --workspace --test bindings
