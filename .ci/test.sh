#!/bin/sh
# test.sh: sets up, then runs every test. Each runner runs, whatever became of the one before; the last line counts them all.

. "$(dirname -- "$0")/common.sh"

"$root/.ci/set-up.sh" test
logs=$CARGO_TARGET_DIR/test
rm -rf "$logs"
mkdir -p "$logs"

# run NAME COMMAND…: its output goes to the terminal and to NAME.log, its exit status to NAME.status.
run() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    { "$@" 2>&1 && echo 0 >"$logs/$name.status" || echo $? >"$logs/$name.status"; } </dev/null | tee "$logs/$name.log"
}

# A build that fails leaves no app: the tests in the window then fail one by one and say why.
PALPABL_E2E_APP=$CARGO_TARGET_DIR/e2e/palpabl-nms-settings
export PALPABL_E2E_APP
run app "$root/.ci/e2e-app.sh" with-tests

# Only this run's reports may be counted.
reports=$CARGO_TARGET_DIR/nextest/default
rm -f "$reports/junit.xml"
# shellcheck disable=SC2086 # a list of words
run rust cargo nextest run --cargo-profile e2e $parts
[ ! -e "$reports/junit.xml" ] || cp "$reports/junit.xml" "$logs/rust.xml"

# Examples in the documentation, which nextest does not run.
if grep -rqE --include='*.rs' '^ *//[/!] *```' src-tauri tests; then
    # shellcheck disable=SC2086 # a list of words
    run examples cargo test --profile e2e $parts --doc --no-fail-fast
fi

run types npm --prefix ui run --silent check
run ui npm --prefix ui run --silent test -- --reporter=default --reporter=json --outputFile.json="$logs/ui.json"

printf '\n'
exec "$root/.ci/total.sh" "$logs"
