# `make` prints the verbs. Needs python3 (3.11 or newer, with venv) and make; everything else is installed into .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:
.NOTPARALLEL:

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
FUZZ ?= 20
PROCESSES ?= $(shell nproc 2>/dev/null || echo 2)

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
UV_VERSION := 0.13.9
RUN := $(VENV)/.stamp-run
DEV := $(VENV)/.stamp-dev
BUILT := $(VENV)/.stamp-built
# What the build hook makes something from.
SOURCES := pyproject.toml hatch_build.py build.mjs package-lock.json .npmrc \
  $(shell find src/elearn/foundation/web/static/src src/elearn/foundation/i18n/locales -type f ! -name '*.mo' 2>/dev/null)
POT := .messages.pot
EN := src/elearn/foundation/i18n/locales/en/LC_MESSAGES/messages.po
CODE := src tests tools bench hatch_build.py

export UV_PYTHON_DOWNLOADS := never
# Where it is set each process compiles all it imports anew: ten seconds for a server, and the tests start many.
unexport PYTHONDONTWRITEBYTECODE
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
export PORT

.PHONY: help run dev test check lint format types contracts templates messages docs \
  bench bench-large bench-quick kill-test fuzz load looks screenshots lock clean distclean

help: ## print these verbs
	@echo "make VERB, where VERB is"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile
	@echo "PORT=8000 says where 'run' serves; ARGS='-k kuis -x' goes to pytest, the bench and the screenshots."

# ---- run --------------------------------------------------------------------------------------------------------

run: $(BUILT) ## install what is needed, load the demo, serve it on PORT (keeps its data in data/)
	@$(DEMO_ENV) $(BIN)/elearn demo
	@exec $(DEMO_ENV) $(BIN)/elearn serve

DEMO_ENV = env ELEARN_MODE=$${ELEARN_MODE:-demo} ELEARN_SECOND_FACTOR=$${ELEARN_SECOND_FACTOR:-off} \
  ELEARN_BASE_URL=$${ELEARN_BASE_URL:-http://localhost:$(PORT)}

# ---- test and check ---------------------------------------------------------------------------------------------

dev: $(DEV) $(BUILT) ## install what developers need into .venv

test: dev ## run the whole suite on SQLite and PostgreSQL, with a real browser
	@chromium=$$($(BIN)/python tools/chromium/get.py) && \
	CHROMIUM_PATH="$$chromium" $(BIN)/python -m pytest -n $(PROCESSES) --dist loadgroup $(ARGS)

check: lint types contracts templates test ## everything that CI asks: format, lint, types, contracts, templates, tests

lint: dev ## is the code formatted and free of lint?
	$(BIN)/ruff format --check $(wildcard $(CODE))
	$(BIN)/ruff check $(wildcard $(CODE))

format: dev ## format the code and mend what lint can mend by itself
	$(BIN)/ruff format $(wildcard $(CODE))
	$(BIN)/ruff check --fix $(wildcard $(CODE))

types: dev ## mypy, strict
	$(BIN)/mypy

contracts: dev ## do imports point down?
	$(BIN)/lint-imports

templates: dev ## lint the templates
	$(BIN)/djlint src --lint --quiet

messages: dev ## bring the English catalogue up to date with the texts in the code; then fill in what is empty
	$(BIN)/pybabel extract -F babel.cfg -k N_ --no-wrap --sort-output --add-location=never --omit-header -o $(POT) src
	$(BIN)/pybabel update -i $(POT) -o $(EN) -l en --no-wrap --omit-header --no-fuzzy-matching --ignore-obsolete
	@rm -f $(POT)

docs: dev ## draw docs/architecture.md anew from the packages' docstrings
	$(BIN)/python -m tools.architecture

# ---- measure ----------------------------------------------------------------------------------------------------

bench: dev ## measure both databases against the targets; writes bench/results.json
	$(BIN)/python -m bench.run $(ARGS)

bench-large: dev ## PostgreSQL with a million people beside 10,000; writes bench/results-large.json
	$(BIN)/python -m bench.large $(ARGS)

bench-quick: dev ## the same, smaller, to see that it runs
	$(BIN)/python -m bench.run --quick $(ARGS)

kill-test: dev ## 50 kills of the server during 200 takers: is an acknowledged answer lost?
	$(BIN)/python -m tests.soak.kill $(ARGS)

load: dev ## what is long because of how much there is: memory that stays flat, texts without end
	$(BIN)/python -m pytest -n $(PROCESSES) -m load $(ARGS)

fuzz: dev ## what is random, FUZZ=20 times as often as in the suite; ARGS='-k machine' for the state machine alone
	ELEARN_FUZZ=$(FUZZ) $(BIN)/python -m pytest -n $(PROCESSES) -m hypothesis --timeout 0 $(ARGS)

looks: dev ## axe looks at every screen in every width and theme, which the suite does by turns
	@chromium=$$($(BIN)/python tools/chromium/get.py) && \
	CHROMIUM_PATH="$$chromium" ELEARN_LOOKS=all $(BIN)/python -m pytest -n $(PROCESSES) --dist loadgroup \
	  tests/browser/test_every_page.py $(ARGS)

screenshots: dev ## every screen at 360 and 1280 px, light and dark, into bench/shots/; ARGS=--readme takes those of README
	@chromium=$$($(BIN)/python tools/chromium/get.py) && \
	CHROMIUM_PATH="$$chromium" $(BIN)/python -m bench.screenshots $(ARGS)

# ---- the environment --------------------------------------------------------------------------------------------

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "elearn needs Python 3.11 or newer. Name one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(RUN): requirements.lock | $(UV)
	@echo "Installing the libraries ..."
	@$(UV) pip install --quiet --require-hashes -r requirements.lock
	@touch $@

$(DEV): requirements-dev.lock | $(UV)
	@echo "Installing the libraries and the developers' tools ..."
	@$(UV) pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@ $(RUN)

# With the developers' tools at hand the build uses them; else uv makes a build environment from the same locked pins.
$(BUILT): $(SOURCES) | $(RUN)
	@echo "Building the browser files ..."
	@if [ -e $(DEV) ]; then isolation=--no-build-isolation; else isolation="--build-constraints requirements-dev.lock"; fi; \
	  $(UV) pip install --quiet --no-deps $$isolation -e .
	@touch $@

lock: $(UV) ## resolve the dependencies anew into the two lock files
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 pyproject.toml --group dev -o requirements-dev.lock

clean: ## remove what is made from source; keeps the data and .venv
	rm -rf node_modules tools/chromium/node_modules src/elearn/foundation/web/static/dist dist bench/results*.json \
	  bench/shots src/elearn/foundation/fonts .pytest_cache .mypy_cache .ruff_cache .import_linter_cache \
	  .hypothesis $(BUILT)
	find src tests tools bench migrations -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	find src -name '*.mo' -delete

distclean: clean ## remove .venv as well; keeps the data
	rm -rf $(VENV)
