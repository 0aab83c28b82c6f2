#!/usr/bin/env bash
# Runs node, npm or npx: the system's where there is one, otherwise the one among the test packages.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v "$1" >/dev/null 2>&1 || PATH="$PWD/.venv/bin:$PATH"
command -v "$1" >/dev/null 2>&1 || { echo "$1 is missing: run 'make setup-dev'." >&2; exit 1; }
exec "$@"
