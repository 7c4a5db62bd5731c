#!/bin/sh
# audit.sh: asks the advisory databases about every dependency, of Rust and of the UI. Where a database cannot be reached
# that question is skipped, said so with the reason, and is no failure. What is found is one, and so is what went wrong
# in any other way.

. "$(dirname -- "$0")/common.sh"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
summary=
broken=0

# How the tools speak of what they found: cargo-deny's heads of advisories, npm's last line.
found='^(error|warning)\[(vulnerability|unmaintained|unsound|notice|yanked)\]|[0-9] (low |moderate |high |critical )?(severity )?vulnerabilit'
# How they speak when they did not get so far.
unreachable='failed to fetch|failed to open advisory|unable to (fetch|access)|audit endpoint returned an error|ENOAUDIT|ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN|dns error|could not resolve|timed out'

# heard PATTERN: the first line that fits, without colours and short enough for a summary.
heard() { sed "s/$(printf '\033')\[[0-9;]*m//g" "$log" | grep -m 1 -iE "$1" | cut -c 1-160 || true; }

# verdict WORD NAME [WHY]
verdict() {
    summary="$summary
  $1  $2${3:+: $3}"
}

# ask NAME COMMAND…
ask() {
    name=$1
    shift
    printf '\n== %s: %s\n' "$name" "$*"
    if "$@" </dev/null >"$log" 2>&1; then
        said="nothing known"
    elif [ -n "$(heard "$found")" ]; then
        said="FOUND        "
    elif [ -n "$(heard "$unreachable")" ]; then
        said="SKIPPED      "
    else
        said="BROKEN       "
    fi
    cat "$log"
    case $said in
        SKIPPED*) verdict "$said" "$name" "its database cannot be reached ($(heard "$unreachable"))" ;;
        nothing*) verdict "$said" "$name" ;;
        *)
            verdict "$said" "$name"
            broken=$((broken + 1))
            ;;
    esac
}

# here NAME PROGRAM: is it? Else the question is skipped.
here() {
    command -v "$2" >/dev/null || {
        verdict "SKIPPED      " "$1" "$2 is not installed"
        return 1
    }
}

if here "Rust's dependencies" cargo-deny; then
    ask "Rust's dependencies" cargo deny --log-level warn --locked --config .deny.toml check advisories
fi
if here "the UI's dependencies" npm; then
    ask "the UI's dependencies" npm --prefix ui audit --package-lock-only
fi
printf '\nAdvisories:%s\n' "$summary"
[ "$broken" -eq 0 ]
