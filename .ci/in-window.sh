#!/bin/sh
# in-window.sh JOB [FOLDER]: does a job of the end-to-end crate (a program in tests/src/bin) with the real app on a private
# virtual display. Its pictures and figures land in FOLDER, target/JOB/ otherwise.

. "$(dirname -- "$0")/common.sh"

job=$1
folder=${2:-$CARGO_TARGET_DIR/$job}
if [ ! -e "tests/src/bin/$job.rs" ]; then
    complain "There is no such job yet: tests/src/bin/$job.rs is not there."
    exit 2
fi
"$root/.ci/set-up.sh" desk
PALPABL_E2E_APP=$("$root/.ci/e2e-app.sh")
export PALPABL_E2E_APP
mkdir -p "$folder"
# Pictures of an earlier run are of no use as soon as one of this run is missing.
[ "$folder" != "$CARGO_TARGET_DIR/$job" ] || rm -f "$folder"/*.png
exec cargo run --locked --quiet -p palpabl-nms-settings-tests --bin "$job" -- "$folder"
