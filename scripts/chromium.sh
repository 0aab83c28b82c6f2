#!/usr/bin/env bash
# Finds a Chromium (setting, system, Playwright's own) or installs one: Debian's package when root
# on Debian, otherwise Playwright's build.
set -euo pipefail
cd "$(dirname "$0")/.."

found() {
  .venv/bin/python -c 'from archiver.config import load_settings; from archiver.readiness import find_browser; find_browser(load_settings())' >/dev/null 2>&1
}
say() { printf '%s\n' "$*" >&2; }

# Playwright steers the browser by a Node.js of its own, which needs a library that a small Debian
# does not have.
if ! .venv/bin/playwright --version >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing libatomic1, which Playwright needs"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libatomic1 >/dev/null || true
  fi
  if ! told=$(.venv/bin/playwright --version 2>&1); then
    say "Playwright does not start: $(printf '%s' "$told" | tail -n 1)"
    say "A library seems to be missing (Debian, Ubuntu: apt-get install libatomic1)."
    exit 1
  fi
fi

found && exit 0
if [ -n "${RATURE_CHROMIUM:-}" ]; then
  say "RATURE_CHROMIUM=$RATURE_CHROMIUM is not a program that can be run."
  exit 1
fi
. /etc/os-release 2>/dev/null || true
if [ "$(id -u)" = 0 ] && [ "${ID:-}" = debian ] && command -v apt-get >/dev/null; then
  say "Installing Debian's chromium"
  apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation fonts-noto-core >/dev/null || true
else
  say "Installing Playwright's Chromium"
  options=; [ "$(id -u)" = 0 ] && options=--with-deps
  .venv/bin/playwright install $options chromium || true
fi
found && exit 0
say "No Chromium was found and none could be installed. Install one (Debian: apt-get install chromium),"
say "or run '.venv/bin/playwright install chromium' with a network, or set RATURE_CHROMIUM=/path/to/chromium."
exit 1
