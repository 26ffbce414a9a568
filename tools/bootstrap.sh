# Sets up what the other targets of the Makefile need. It speaks on standard error only, so that
# `make -s bench` prints nothing but JSON.
#
#   sh tools/bootstrap.sh packages    creates .venv (with $PYTHON) and installs the pinned packages
#   sh tools/bootstrap.sh chromium    installs Chromium and its fonts if there is no /usr/bin/chromium
#   sh tools/bootstrap.sh readers     installs libical and calcurse if they are missing, and khal into .readers

set -eu

say() { printf '%s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# Runs a command and shows what it printed only if it failed.
quietly() {
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then rm -f "$log"; return 0; fi
    tail -n 40 "$log" >&2
    rm -f "$log"
    return 1
}

packages() {
    python=${PYTHON:-python3}
    new_enough "$python" || fail "Office Hours needs Python 3.11 or newer, and '$python' is not. Try: make PYTHON=python3.12"
    if ! new_enough .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        rm -rf .venv
        quietly "$python" -m venv .venv || fail "Python's venv is missing. On Debian: apt-get install python3-venv"
    fi
    say "Installing the Python packages (a minute or two, only when they change) …"
    quietly .venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet \
        --require-hashes -r requirements-dev.txt || fail "The packages could not be installed."
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs Debian packages: what needs them in words, how to have them otherwise, and their names.
from_debian() {
    needs=$1 by_hand=$2
    shift 2
    command -v apt-get >/dev/null || fail "$needs. There is no apt-get here: install $by_hand."
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail "$needs. Ask who runs this machine to install $by_hand."
    quietly as_root apt-get -qq update || fail "apt-get could not update its lists."
    quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$@" ||
        fail "They could not be installed. Install $by_hand."
}

chromium() {
    if [ -x /usr/bin/chromium ]; then return 0; fi
    say "Installing Chromium and its fonts (only this once) …"
    from_debian "The browser tests need Chromium" \
        "it so that there is a /usr/bin/chromium (on Debian: the packages chromium and fonts-liberation)" \
        chromium fonts-liberation
}

has_libical() { /usr/bin/python3 -c "import gi; gi.require_version('ICalGLib', '3.0')" 2>/dev/null; }

readers() {
    if ! has_libical || ! command -v calcurse >/dev/null; then
        say "Installing libical and calcurse (only this once) …"
        from_debian "The outside readers need libical and calcurse" \
            "them (on Debian: the packages python3-gi, gir1.2-ical-3.0 and calcurse)" \
            python3-gi gir1.2-ical-3.0 calcurse
    fi
    say "Installing khal (only when its pins change) …"
    rm -rf .readers
    quietly "${PYTHON:-python3}" -m venv .readers || fail "Python's venv is missing. On Debian: apt-get install python3-venv"
    quietly .readers/bin/python -m pip --disable-pip-version-check --no-input install --quiet \
        --require-hashes -r requirements-readers.txt || fail "khal could not be installed."
}

case "${1:-}" in
    packages | chromium | readers) "$1" ;;
    *) fail "Say what to set up: packages, chromium or readers." ;;
esac
