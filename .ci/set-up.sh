#!/bin/sh
# set-up.sh JOB…: makes this machine ready for the jobs (run, desk, test, lint) and does nothing when it is.
# First what cannot be installed from here (Rust, Node), then Debian's packages, tools, the UI's packages, the UI.

. "$(dirname -- "$0")/common.sh"

"$root/.ci/versions.sh"
jobs="run"
for job in "$@"; do
    case $job in
        run) ;;
        desk | lint) jobs="$jobs $job" ;;
        test) jobs="$jobs desk test" ;;
        *) complain "set-up.sh: no job is called '$job': run, desk, test, lint."; exit 2 ;;
    esac
done
# shellcheck disable=SC2086 # a list of words
"$root/.ci/packages.sh" $jobs
for job in "$@"; do
    case $job in
        test) "$root/.ci/tools.sh" cargo-nextest schemathesis ;;
        lint) "$root/.ci/tools.sh" cargo-fmt cargo-clippy cargo-shear cargo-deny ;;
    esac
done
"$root/.ci/ui.sh"
