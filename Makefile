# Needs python3 (3.11 or newer, with venv) and make; brings everything else itself.
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip
ASSETS := $(shell find src/elearn/foundation/web/static/src src/elearn/foundation/i18n/locales -type f 2>/dev/null | grep -v '\.mo$$')
BUILT := pyproject.toml hatch_build.py build.mjs package-lock.json $(ASSETS)
export UV_PYTHON_DOWNLOADS := never
export VIRTUAL_ENV := $(CURDIR)/.venv

.PHONY: help run test check format clean

help:  ## Print these verbs
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16

$(BIN)/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check uv==0.13.9

.venv/run-installed: requirements.lock | $(BIN)/uv
	$(UV) install -q --require-hashes -r requirements.lock
	touch $@

.venv/run-built: .venv/run-installed $(BUILT)
	$(UV) install -q --no-deps -e .
	touch $@

.venv/dev-installed: requirements-dev.lock | $(BIN)/uv
	$(UV) install -q --require-hashes -r requirements-dev.lock
	touch $@ .venv/run-installed

.venv/dev-built: .venv/dev-installed $(BUILT)
	$(UV) install -q --no-deps --no-build-isolation -e .
	touch $@ .venv/run-built

run: .venv/run-built  ## Serve the demo on http://localhost:8000 (PORT changes it)
	ELEARN_MODE=demo ELEARN_SECOND_FACTOR=off PORT=$(PORT) $(BIN)/elearn demo
	ELEARN_MODE=demo ELEARN_SECOND_FACTOR=off PORT=$(PORT) $(BIN)/elearn serve

test: .venv/dev-built  ## Install what tests need and run them all, on SQLite and PostgreSQL
	./tools/chromium.sh
	$(BIN)/pytest -n 2 --dist loadgroup

check: .venv/dev-built  ## Format, lint, types, import contracts, tests: what CI does and more
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

format: .venv/dev-built  ## Put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

clean:  ## Remove what was built; the data stay
	rm -rf .venv node_modules src/elearn/foundation/web/static/dist src/elearn/recognition/certificates/fonts
