#!/bin/bash
# Installs what MotCua needs beside Swift: the headers of libpq, libcurl and libqrencode, and PostgreSQL's programs. Says what it
# does; does nothing when all is there. Debian and Ubuntu; elsewhere it says what is missing.
set -euo pipefail
. "$(dirname "$0")/packages.sh"

missing=()
pkg-config --exists libpq 2>/dev/null || [ -e /usr/include/postgresql/libpq-fe.h ] || missing+=(libpq-dev)
[ -e /usr/include/qrencode.h ] || pkg-config --exists libqrencode 2>/dev/null || missing+=(libqrencode-dev)
pkg-config --exists libcurl 2>/dev/null || compgen -G '/usr/include/*/curl/curl.h' >/dev/null \
    || [ -e /usr/include/curl/curl.h ] || missing+=(libcurl4-openssl-dev)
command -v pkg-config >/dev/null || missing+=(pkg-config)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)

if ! command -v swift >/dev/null; then
    echo "install.sh: Swift 6.3 or later is not installed: see https://www.swift.org/install/linux/" >&2
    exit 2
fi
version=$(swift --version 2>&1 | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -1)
read -r major minor <<<"${version:-0 0}"
if ((major < 6 || (major == 6 && minor < 3))); then
    echo "install.sh: Swift $major.$minor is installed; 6.3 or later is needed" >&2
    exit 2
fi

[ ${#missing[@]} -eq 0 ] && exit 0

require_apt "${missing[@]}"
# Debian would make and start a cluster of its own for every version installed; MotCua keeps its own.
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    as_root mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
install_packages "${missing[@]}"
