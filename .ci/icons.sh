#!/bin/sh
# icons.sh: draws the set in icons/ anew from app-icon.svg, with the Tauri CLI that the UI's packages bring.
# Kept is what the window, the Debian package and the bundles of other systems name.

. "$(dirname -- "$0")/common.sh"

"$root/.ci/ui.sh"
drawn=$(mktemp -d)
trap 'rm -rf "$drawn"' EXIT
"$root/ui/node_modules/.bin/tauri" icon icons/app-icon.svg --output "$drawn"
for name in 32x32.png 128x128.png 128x128@2x.png icon.png icon.ico icon.icns; do
    cp "$drawn/$name" icons/
done
