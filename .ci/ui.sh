#!/bin/sh
# ui.sh: the UI's packages and the built UI, each only when what it is made from has changed.

. "$(dirname -- "$0")/common.sh"

# Contents, not times: a fresh clone and a changed branch have new times and the same files.
contents() { find "$@" -type f ! -name '*.test.*' -exec cksum {} + | LC_ALL=C sort -k3; }

wanted=$(node --version; contents ui/package.json ui/package-lock.json)
stamp=ui/node_modules/.set-up
if [ "$wanted" != "$(cat "$stamp" 2>/dev/null || true)" ]; then
    say "The UI's packages are installed: npm ci"
    (cd ui && npm ci --no-audit --no-fund)
    printf '%s\n' "$wanted" >"$stamp"
fi

sources=ui/src
for entry in ui/public ui/index.html ui/*.json ui/*.ts ui/*.js ui/.*.ts ui/.*.js; do
    [ ! -e "$entry" ] || sources="$sources $entry"
done
# shellcheck disable=SC2086 # a list of words
wanted=$(contents $sources)
stamp=$CARGO_TARGET_DIR/set-up/ui
if [ ! -e ui/dist/index.html ] || [ "$wanted" != "$(cat "$stamp" 2>/dev/null || true)" ]; then
    say "The UI is built: npm run build"
    rm -f "$stamp"
    (cd ui && npm run --silent build)
    mkdir -p "${stamp%/*}"
    printf '%s\n' "$wanted" >"$stamp"
fi
