#!/usr/bin/env bash
# Pins all requirements with their hashes and without any download address.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "uv is needed to pin requirements: pip install uv" >&2; exit 1; }
compile() { uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header "$@"; }
compile --extra build -o requirements.txt
compile --extra build --extra dev -o requirements-dev.txt
