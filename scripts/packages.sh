# Sourced by the install scripts: brings Debian packages onto this machine, as root or by sudo, and says so; elsewhere than
# on Debian and Ubuntu it says what is missing. Fetches wheels of PyPI into folders of ours.

# as_root COMMAND…: runs it as root.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# require_apt PACKAGE…: ends the script, and says what is missing, where it cannot be installed from here.
require_apt() {
    local script=${0##*/}
    if ! command -v apt-get >/dev/null; then
        echo "$script: missing: $* (Debian's names); install them with this system's package manager" >&2
        exit 2
    fi
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        echo "$script: run as root: apt-get install $*" >&2
        exit 2
    fi
}

# install_packages PACKAGE…: installs them; does nothing without any.
install_packages() {
    [ $# -gt 0 ] || return 0
    require_apt "$@"
    echo "${0##*/}: apt-get install --no-install-recommends $*"
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

# unpack_wheel NAME==VERSION SHA256 FOLDER: unpacks a wheel into a folder that may exist; pip refuses any other bytes.
# SHA256 may be several, one a kind of machine.
unpack_wheel() {
    local work
    work=$(mktemp -d)
    echo "${0##*/}: pip download $1"
    echo "$1$(printf -- ' --hash=sha256:%s' $2)" >"$work/requirements.txt"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --dest "$work" \
        --requirement "$work/requirements.txt"
    mkdir -p "$3"
    python3 -m zipfile -e "$work"/*.whl "$3"
    rm -r "$work"
}
