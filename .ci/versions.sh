#!/bin/sh
# versions.sh: says in words what of Rust and Node is missing or too old, and where it looked. Installs nothing.

. "$(dirname -- "$0")/common.sh"
wrong=

# lacking NAME NEEDED FOUND COMMAND REMEDY
lacking() {
    wrong=yes
    if place=$(command -v "$4"); then
        complain "$1 $2 or newer is needed. $place is $1 ${3:-of a version that it does not tell}."
    else
        complain "$1 $2 or newer is needed, and $4 was not found. Looked in: $(printf %s "$PATH" | tr ':' ' ')."
    fi
    complain "  $5"
}

rust=$(rust_found)
at_least "$rust_needed" "$rust" || lacking Rust "$rust_needed" "$rust" rustc \
    "With rustup: 'rustup update stable'. Without it: https://www.rust-lang.org/tools/install"
[ -n "$wrong" ] || command -v cargo >/dev/null || lacking Rust "$rust_needed" "" cargo \
    "rustc is here but cargo is not: https://www.rust-lang.org/tools/install"

node=$(node --version 2>/dev/null | sed -n 's/^v\([0-9][0-9.]*\).*/\1/p') || node=
node_remedy="The current long-term version does: https://nodejs.org/en/download"
if ! at_least "$node_needed" "$node"; then
    lacking Node "$node_needed" "$node" node "$node_remedy"
elif [ "${node%%.*}" -ge 21 ] && ! at_least 22.12 "$node"; then
    wrong=yes
    complain "Node $node is between two versions that do: 20.19 or newer of 20, or 22.12 and newer. It is $(command -v node)."
    complain "  $node_remedy"
elif ! command -v npm >/dev/null; then
    wrong=yes
    complain "Node $node is here, but npm, which comes with it, is not. Looked in: $(printf %s "$PATH" | tr ':' ' ')."
    complain "  $node_remedy (Debian's own package keeps it apart, as npm)."
fi

[ -z "$wrong" ] || { complain "Nothing was installed or changed."; exit 1; }
