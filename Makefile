# Everything a newcomer needs. `make run` and `make test` do all of their own set-up.
SHELL := /bin/bash
PY := .venv/bin/python
HOST ?= 127.0.0.1
PORT ?= 8787
HOUSE := tests/unit/test_layers.py tests/unit/test_house_rules.py
# What `check` has shown is not shown twice.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder $(HOUSE:%=--ignore=%)

.PHONY: help setup setup-dev run test test-all check layers format bench extension lock clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## environment from hash-pinned requirements, and a browser
	@scripts/setup.sh

setup-dev: ## the same with everything that the tests need
	@scripts/setup.sh --dev

run: setup ## the service on http://127.0.0.1:8787, first steps on screen
	@.venv/bin/rature serve --host $(HOST) --port $(PORT)

check: setup-dev ## lint, formatting, types, layers, the extension's types
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@$(PY) -m pytest $(HOUSE)
	@scripts/node.sh npm run --silent check

test: check ## everything that CI runs (under 15 minutes on 2 cores)
	@$(PY) -m pytest $(SIDE_BY_SIDE)

test-all: check ## the slower matrices too
	@$(PY) -m pytest $(SIDE_BY_SIDE) --matrix

bench: setup-dev ## all benchmarks, each against its baseline of the same run
	@for name in start ingest visit log verify seal mask; do $(PY) -m bench $$name; done

extension: ## packages for Chrome and Firefox in dist/, the same bytes each time
	@python3 scripts/build_extension.py

format: setup-dev ## sorts imports, formats
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

lock: setup-dev ## pins requirements anew
	@scripts/lock.sh

clean: ## removes what was built; never the data
	@rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache dist
