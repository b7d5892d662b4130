#!/bin/bash
# Installs other people's programs that the tests set beside MotCua, and MotCua itself does not need: Debian's
# python3-feedparser (Atom), python3-rdflib (Turtle, JSON-LD) and pgbouncer. Says what it does; does nothing when all is there.
set -euo pipefail
. "$(dirname "$0")/apt.sh"

missing=()
[ -x /usr/bin/python3 ] || missing+=(python3)
/usr/bin/python3 -c 'import feedparser' 2>/dev/null || missing+=(python3-feedparser)
/usr/bin/python3 -c 'import rdflib' 2>/dev/null || missing+=(python3-rdflib)
[ -x /usr/sbin/pgbouncer ] || missing+=(pgbouncer)
install_packages "${missing[@]}"
# Debian starts a pooler of its own at once; the tests start theirs, and nobody asked for another.
if [[ " ${missing[*]} " == *" pgbouncer "* && -d /run/systemd/system ]]; then
    as_root systemctl disable --now --quiet pgbouncer
fi
