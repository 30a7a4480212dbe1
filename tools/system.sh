#!/bin/sh
# What only the system's package manager can bring. As root on Debian or Ubuntu it is installed; otherwise looked for,
# and what is missing is named, so that the tests which need it are skipped by name.
set -u

have() { command -v "$1" >/dev/null 2>&1; }
install() {
    if [ "$(id -u)" = 0 ] && have apt-get; then
        echo "installing: $*"
        apt-get update -qq >/dev/null 2>&1
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
    fi
}

case "${1:-}" in
venv)
    python3 -c 'import ensurepip, venv' 2>/dev/null || install python3-venv
    python3 -c 'import ensurepip, venv' 2>/dev/null || { echo "missing: apt-get install python3-venv" >&2; exit 1; }
    ;;
browser)
    # Ubuntu's chromium is a snap and cannot be had from apt; there a Chromium or Chrome on the PATH is used.
    # The headless shell is the same engine without the window, and takes a third less time.
    browser() { have chromium-headless-shell || have chromium || have chromium-browser || have google-chrome; }
    browser || install chromium-headless-shell
    browser || install chromium
    browser || echo "missing: chromium (apt-get install chromium)"
    fc-list 2>/dev/null | grep -qi 'CJK' || install fonts-noto-cjk fontconfig
    fc-list 2>/dev/null | grep -qi 'CJK' || echo "missing: a CJK font (apt-get install fonts-noto-cjk)"
    ;;
*)
    echo "usage: system.sh venv|browser" >&2
    exit 2
    ;;
esac
exit 0
