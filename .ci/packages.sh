#!/bin/sh
# packages.sh JOB…: installs what packages.txt lists for these jobs and the machine lacks. Says so before it does.

. "$(dirname -- "$0")/common.sh"

# Lines of the table for these jobs, as: package|shown by|what for.
table() {
    sed -e '/^#/d' -e 's/ *| */|/g' "$root/.ci/packages.txt" | awk -F'|' -v jobs=" $* " 'index(jobs, " " $1 " ") { print $2 "|" $3 "|" $4 }'
}

# Is it here without Debian's package, from another distribution or built by hand?
is_here() {
    case $1 in
        *.pc) pkg-config --exists "${1%.pc}" 2>/dev/null ;;
        *.ttf) fc-list 2>/dev/null | grep -qF "/$1" ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

# Lines of the table whose package is not installed and whose purpose nothing else serves.
lacking() {
    table "$@" >"$scratch/table"
    # shellcheck disable=SC2016 # dpkg-query's own variables
    cut -d'|' -f1 "$scratch/table" | xargs dpkg-query -W -f='${Package} ${db:Status-Status}\n' 2>/dev/null |
        sed -n 's/ installed$//p' >"$scratch/installed" || true
    while IFS='|' read -r package shown_by purpose; do
        grep -qxF "$package" "$scratch/installed" || is_here "$shown_by" || say "$package|$shown_by|$purpose"
    done <"$scratch/table"
}

in_words() {
    while IFS='|' read -r package shown_by purpose; do
        case $shown_by in
            *.pc) evidence="pkg-config knows ${shown_by%.pc}" ;;
            *.ttf) evidence="fc-list shows $shown_by" ;;
            *) evidence="the command $shown_by" ;;
        esac
        say "  $package: $purpose$([ "${1:-}" != "with evidence" ] || printf ' (%s)' "$evidence")"
    done <"$scratch/lacking"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
lacking "$@" >"$scratch/lacking"
[ -s "$scratch/lacking" ] || exit 0
packages=$(cut -d'|' -f1 "$scratch/lacking" | tr '\n' ' ')
packages=${packages% }

if ! command -v apt-get >/dev/null; then
    complain "This machine lacks what is needed, and has no apt-get to install it with. Please install, by Debian's names:"
    in_words "with evidence" >&2
    complain "What stands in brackets is how it is recognised; your distribution may call the package by another name."
    exit 1
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        complain "This machine lacks:"
        in_words >&2
        complain "Only root can install them, and there is no sudo here. As root: apt-get install $packages"
        exit 1
    fi
    as_root=sudo
fi

say "This machine lacks:"
in_words
say "They are installed now: ${as_root:+$as_root }apt-get install --no-install-recommends $packages"
options="-q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0"
# shellcheck disable=SC2086 # lists of words
if ! { $as_root apt-get $options update && $as_root env DEBIAN_FRONTEND=noninteractive apt-get $options install --no-install-recommends $packages; } </dev/null; then
    complain "apt-get could not install them; its own words stand above. By hand: ${as_root:+$as_root }apt-get install $packages"
    exit 1
fi
