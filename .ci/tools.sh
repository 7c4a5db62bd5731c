#!/bin/sh
# tools.sh TOOL…: sees that these helpers of cargo are here. What belongs to Rust comes by rustup where that is here; the
# rest is built from source into cargo's own folder, once for the machine. Any version that is already here will do, but of
# schemathesis, which is written in Python and lies beside what is built: another one would send other requests.

. "$(dirname -- "$0")/common.sh"

# The newest that Rust 1.94 can build; looked at when rust-version moves.
version_of() {
    case $1 in
        cargo-nextest) say 0.9.143 ;;
        cargo-shear) say 1.13.0 ;;
        cargo-deny) say 0.20.2 ;;
    esac
}

# Without it, or without a network, one test fails and says so: all others can run.
checker_is_here() {
    checker=$CARGO_TARGET_DIR/set-up/schemathesis
    ! cmp -s .ci/schemathesis.txt "$checker/installed.txt" || return 0
    say "schemathesis is not here. It is installed now: python3 -m pip install -r .ci/schemathesis.txt (70 MB, into $checker)"
    rm -rf "$checker"
    if PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --no-deps \
        --target "$checker" -r .ci/schemathesis.txt; then
        cp .ci/schemathesis.txt "$checker/installed.txt"
    else
        complain "schemathesis could not be installed; pip's own words stand above."
    fi
}

for tool in "$@"; do
    [ "$tool" != schemathesis ] || { checker_is_here; continue; }
    ! command -v "$tool" >/dev/null || [ "$tool" = cargo-fmt ] || [ "$tool" = cargo-clippy ] || continue
    case $tool in
        cargo-fmt | cargo-clippy)
            component=rustfmt
            [ "$tool" = cargo-fmt ] || component=clippy
            # rustup leaves a stand-in where the real one is not installed.
            "$tool" --version >/dev/null 2>&1 && continue
            if command -v rustup >/dev/null; then
                say "$component is not here. It is installed now: rustup component add $component"
                rustup component add "$component"
            fi
            "$tool" --version >/dev/null 2>&1 || {
                complain "$component is not installed. With rustup: 'rustup component add $component' Debian's packages are rustfmt and rust-clippy."
                exit 1
            }
            continue
            ;;
        cargo-nextest) features="--no-default-features --features default-no-update" ;;
        *) features="" ;;
    esac
    version=$(version_of "$tool")
    say "$tool is not here. It is built now, once for this machine: cargo install --locked $tool@$version (a few minutes)"
    # Built to be ready soon, not to be fast: it runs for seconds. Its own target folder, so that ours stays as it is.
    # shellcheck disable=SC2086 # a list of words
    env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        cargo install --quiet --locked $features "$tool@$version"
done
