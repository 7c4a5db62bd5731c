#!/bin/sh
# lint.sh: sets up, then asks every linter. All of them run; the summary says which held.

. "$(dirname -- "$0")/common.sh"

"$root/.ci/set-up.sh" lint
summary=
broken=0

# lint NAME COMMAND…
lint() {
    name=$1
    shift
    printf '\n== %s: %s\n' "$name" "$*"
    if "$@" </dev/null; then
        verdict="holds "
    else
        verdict=BROKEN
        broken=$((broken + 1))
    fi
    summary="$summary
  $verdict  $name"
}

lint "Rust's form" cargo fmt --all --check
# In the profile of the tests: what runs while building (macros, build scripts, the C of SQLite) is then built once.
lint "Rust's lints" cargo clippy --locked --workspace --all-targets --profile e2e -- -D warnings
lint "unused dependencies" cargo shear
lint "licences" cargo deny --log-level warn --locked --config .deny.toml check bans licenses sources
lint "the UI's lints" npm --prefix ui run --silent lint
lint "the scripts" shellcheck --shell=sh --external-sources .ci/*.sh .ci/run
printf '\nLints:%s\n' "$summary"
[ "$broken" -eq 0 ]
