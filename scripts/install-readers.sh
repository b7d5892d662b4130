#!/bin/bash
# Installs other people's programs that the tests set beside MotCua, and MotCua itself does not need: Debian's
# python3-feedparser (Atom), python3-rdflib (Turtle, JSON-LD) and pgbouncer. Says what it does; does nothing when all is there.
set -euo pipefail

missing=()
[ -x /usr/bin/python3 ] || missing+=(python3)
/usr/bin/python3 -c 'import feedparser' 2>/dev/null || missing+=(python3-feedparser)
/usr/bin/python3 -c 'import rdflib' 2>/dev/null || missing+=(python3-rdflib)
pooler=/usr/sbin/pgbouncer
[ -x $pooler ] || missing+=(pgbouncer)
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
    echo "install-readers.sh: missing: ${missing[*]} (Debian's names); install them with this system's package manager" >&2
    exit 2
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "install-readers.sh: run as root: apt-get install ${missing[*]}" >&2
        exit 2
    fi
    as_root=(sudo)
fi
echo "install-readers.sh: apt-get install --no-install-recommends ${missing[*]}"
"${as_root[@]}" apt-get update -q
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}"
# Debian starts a pooler of its own at once; the tests start theirs, and nobody asked for another.
if [[ " ${missing[*]} " == *" pgbouncer "* && -d /run/systemd/system ]]; then
    "${as_root[@]}" systemctl disable --now --quiet pgbouncer
fi
