#!/bin/bash
# Installs other people's programs that the tests set beside MotCua, and MotCua itself does not need: Debian's
# python3-feedparser (Atom), python3-rdflib (Turtle, JSON-LD), python3-dateutil and pgbouncer, and from PyPI, into the cache,
# the CloudEvents SDK and the reference library of Standard Webhooks. Says what it does; does nothing when all is there.
set -euo pipefail
. "$(dirname "$0")/packages.sh"

readers=${XDG_CACHE_HOME:-$HOME/.cache}/motcua/readers
events=cloudevents-2.2.0.dist-info
webhooks=standardwebhooks-1.1.0.dist-info

missing=()
[ -x /usr/bin/python3 ] || missing+=(python3)
for module in feedparser rdflib dateutil; do
    /usr/bin/python3 -c "import $module" 2>/dev/null || missing+=("python3-$module")
done
[ -d "$readers/$events" ] && [ -d "$readers/$webhooks" ] || python3 -m pip --version >/dev/null 2>&1 \
    || missing+=(python3-pip)
[ -x /usr/sbin/pgbouncer ] || missing+=(pgbouncer)
install_packages "${missing[@]}"
# Debian starts a pooler of its own at once; the tests start theirs, and nobody asked for another.
if [[ " ${missing[*]} " == *" pgbouncer "* && -d /run/systemd/system ]]; then
    as_root systemctl disable --now --quiet pgbouncer
fi

[ -d "$readers/$events" ] || unpack_wheel cloudevents==2.2.0 \
    9ff8adff01b997d251d0fb54076557daa9906330e16afc1712a6447122f8f7a4 "$readers"
[ -d "$readers/$webhooks" ] || unpack_wheel standardwebhooks==1.1.0 \
    9a88d48a1f198be61517fc7ad328cf58ba02b73f0fbd8941d4213e9c0b6c2a61 "$readers"
