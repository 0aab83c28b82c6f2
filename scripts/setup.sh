#!/usr/bin/env bash
# Makes .venv from the hash-pinned requirements and finds or installs a Chromium. Safe to repeat:
# what is there already is left alone. `--dev` adds what the tests need.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=requirements.txt
[ "${1:-}" = --dev ] && requirements=requirements-dev.txt

say() { printf '%s\n' "$*" >&2; }
fail() { say "Rature set-up: $*"; exit 1; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.11 python3 python3.12 python3.13; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    "$candidate" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' && { echo "$candidate"; return; }
  done
  fail "Python 3.11 or later is needed and was not found (set PYTHON=/path/to/python)."
}

make_environment() {
  [ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' 2>/dev/null && return
  local python; python=$(find_python)
  say "Making .venv with $("$python" --version)"
  rm -rf .venv
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    # Debian splits venv off into a package of its own.
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "'$python -m venv' does not work: install Debian's python3-venv package."
    say "Installing python3-venv"
    rm -rf .venv
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    "$python" -m venv .venv || fail "could not make .venv with $python."
  fi
}

install_packages() {
  local wanted stamp=.venv/.installed
  wanted=$(cat "$requirements" pyproject.toml | sha256sum | cut -d' ' -f1)
  if [ -f "$stamp" ] && grep -qx "$requirements $wanted" "$stamp"; then return; fi
  say "Installing $(grep -c '==' "$requirements") packages from $requirements (a minute or two the first time)"
  # The list is complete, so nothing is to be resolved: Debian 12's pip would stumble over the extras
  # that packages ask of each other ("pydantic[email]" is not among the pinned names).
  if ! { command -v uv >/dev/null 2>&1 && uv pip install -q -p .venv --require-hashes -r "$requirements"; }; then
    .venv/bin/pip install -q --disable-pip-version-check --no-deps --require-hashes -r "$requirements" ||
      fail "packages could not be installed; is there a network?"
  fi
  .venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ||
    fail "the project itself could not be installed into .venv."
  echo "$requirements $wanted" >>"$stamp"
}

# WeasyPrint, which makes the PDF exhibits, draws its letters with Pango. The service works without.
find_pango() {
  local packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
  .venv/bin/python -c 'from archiver.evidence.exhibit.library import available as a; raise SystemExit(a() is not None)' && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing $packages"
    # shellcheck disable=SC2086 # three packages, not one
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages >/dev/null && return
  fi
  say "Bundles will have no PDF exhibit: install Pango (on Debian: $packages)."
}

# The tests check proofs with the tools that a stranger has.
install_tools() {
  local tool missing=()
  for tool in unzip openssl git; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ ${#missing[@]} = 0 ] && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "the tests need ${missing[*]}: install them."
  say "Installing ${missing[*]}"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null ||
    fail "${missing[*]} could not be installed."
}

make_environment
install_packages
find_pango
scripts/chromium.sh
if [ "${1:-}" = --dev ]; then
  install_tools
  if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    say "Installing the extension's type checker"
    scripts/node.sh npm ci --silent --no-audit --no-fund || fail "npm ci failed; is there a network?"
  fi
fi
