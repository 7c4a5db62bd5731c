# shellcheck shell=sh
# What every script here begins with: the folder of the project, how to speak, and which Rust to use.
# Not here: anything that installs or builds.

set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"

# One place for what is built, whatever the person's own configuration of cargo says; scripts and tests look there.
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
export CARGO_TARGET_DIR
if [ "${CI:-}" = true ]; then
    # Everything is built once: what would help a second build only costs time and disk.
    export CARGO_INCREMENTAL=0
fi

# What the tests are built of: the same as the app for the window, so that nothing below both is compiled twice.
# shellcheck disable=SC2034 # test.sh and e2e-app.sh use it
parts="--locked --workspace --features palpabl-nms-settings/e2e"

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }

# at_least 1.94 1.95.0: is the second version at least the first? Compares the first two numbers.
at_least() {
    wanted_minor=${1#*.} found_minor=${2#*.}
    wanted_minor=${wanted_minor%%.*} found_minor=${found_minor%%.*}
    case ${2%%.*}$found_minor in *[!0-9]* | '') return 1 ;; esac
    [ "${2%%.*}" -gt "${1%%.*}" ] || { [ "${2%%.*}" -eq "${1%%.*}" ] && [ "$found_minor" -ge "$wanted_minor" ]; }
}

rust_needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
# shellcheck disable=SC2034 # versions.sh asks for it
node_needed=20.19
rust_home=${CARGO_HOME:-${HOME:-/nonexistent}/.cargo}/bin

# The number in "rustc 1.95.0 (…)"; empty where there is no rustc, or one that cannot say its version.
rust_found() { rustc --version 2>/dev/null | sed -n 's/^rustc \([0-9][0-9.]*\).*/\1/p'; }

# rustup puts Rust where a shell finds it only after the next login.
if ! at_least "$rust_needed" "$(rust_found)" && [ -x "$rust_home/rustc" ]; then
    PATH=$rust_home:$PATH
fi
# What `cargo install` builds lands here.
case :$PATH: in *":$rust_home:"*) ;; *) PATH=$PATH:$rust_home ;; esac
export PATH
