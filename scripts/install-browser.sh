#!/bin/bash
# Installs what the browser tests need, and nothing that MotCua itself does: Chromium, zbar-tools (reads the QR codes),
# and axe-core, which checks pages against WCAG. axe-core's own file is licensed under the MPL 2.0; it is fetched into the
# cache and is no part of this repository. Says what it does; does nothing when all is there.
set -euo pipefail
. "$(dirname "$0")/packages.sh"

# The wheel of PyPI that carries axe.min.js 4.12.1; pip refuses any other bytes.
wheel=axe-playwright-python==0.1.8
wheel_sha256=fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8
axe_sha256=84494fec757e4710dc751c8d7a636e457f4532f08f85c86dc9070133fbff53bc
cache=${XDG_CACHE_HOME:-$HOME/.cache}/motcua
axe=$cache/axe.min.js

is_right() { [ -f "$1" ] && echo "$axe_sha256  $1" | sha256sum --check --status; }

missing=()
[ -x /usr/bin/chromium ] || [ -x /usr/bin/chromium-browser ] || missing+=(chromium)
command -v zbarimg >/dev/null || missing+=(zbar-tools)
is_right "$axe" || python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip)

install_packages "${missing[@]}"

if ! is_right "$axe"; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    unpack_wheel "$wheel" "$wheel_sha256" "$work"
    if ! is_right "$work/axe_playwright_python/axe.min.js"; then
        echo "install-browser.sh: $wheel holds another axe.min.js than expected; the tests are not run with it" >&2
        exit 2
    fi
    mkdir -p "$cache"
    mv "$work/axe_playwright_python/axe.min.js" "$axe"
fi
