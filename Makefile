# Every command of the project. A bare machine needs python3 (3.11 or newer, with venv), make and git; everything
# else comes hashed from the package registries into .venv and web/node_modules.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The stamps below tell what is done, and two pip or npm at once in one folder would undo each other.
.NOTPARALLEL:

PORT ?= 8000
export PORT

VENV := $(CURDIR)/.venv
PY := $(VENV)/bin/python
UV := $(PY) scripts/uv.py
# The front end's tools find Node 24 where its wheel put it, whatever the machine has.
NPM := cd web && PATH="$(VENV)/bin:$$PATH" npm
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

DIST := src/clientela/web_dist/index.html
WEB_SOURCES := $(shell find web/src web/public web/scripts web/index.html web/vite.config.ts web/tsconfig.json -type f 2>/dev/null)
PYTHON_CODE := src fakes tests migrations benchmarks scripts web/e2e

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- Installing ------------------------------------------------------------------------------------------------

.PHONY: install
install: .venv/.installed $(DIST) ## Everything `make start` needs; afterwards .venv/bin/clientela works

.venv/.uv: requirements/bootstrap.txt scripts/find_python
	python=$$(sh scripts/find_python) && "$$python" -m venv --clear .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	touch $@

.venv/.installed: .venv/.uv requirements/install.txt pyproject.toml
	$(UV) pip sync --quiet --require-hashes requirements/install.txt
	$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

.venv/.developing: .venv/.installed requirements/dev.txt
	$(UV) pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@

web/node_modules/.installed: web/package.json web/package-lock.json web/.npmrc | .venv/.installed
	$(NPM) ci --no-progress --loglevel=error
	touch $@

$(DIST): web/node_modules/.installed $(WEB_SOURCES)
	$(NPM) run --silent build
	touch $@

# --- Running ---------------------------------------------------------------------------------------------------

.PHONY: start
start: install ## The whole product with simulated customers and a demo account, on PORT (8000)
	exec $(PY) -m fakes.demo

.PHONY: openapi
openapi: .venv/.developing web/node_modules/.installed ## The API's description, and the front end's types from it
	$(PY) -m scripts.openapi
	$(NPM) run --silent api:generate

.PHONY: bench
bench: install .venv/.developing ## Benchmarks: prints a table, writes JSON to benchmarks/results/
	$(PY) -m benchmarks

# --- Testing ---------------------------------------------------------------------------------------------------

# Both suites always run, side by side; the front end's speaks up only when it fails, so that the last lines are
# pytest's summary. Each of pytest's processes has servers of its own and takes whole files, the browser's first,
# which are the longest.
.PHONY: test
test: install .venv/.developing ## All tests, the browser's included; Chromium is installed when absent
	@chromium=$$($(PY) scripts/ensure_chromium.py) && export CLIENTELA_TEST_CHROMIUM="$$chromium" || exit 1; \
	status=0; said=$$(mktemp); \
	($(NPM) test --silent) >"$$said" 2>&1 & front=$$!; \
	$(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile $(wildcard web/e2e) tests || status=1; \
	wait $$front || { cat "$$said"; status=1; }; \
	rm -f "$$said"; exit $$status

.PHONY: fire-drill
fire-drill: install ## A bad day at Meta played against the product; prints a scorecard, fails when a line is not green
	$(PY) -m fakes.drill

.PHONY: screenshots
screenshots: install .venv/.developing ## The pictures in docs/images, taken of the demo
	@chromium=$$($(PY) scripts/ensure_chromium.py) && CLIENTELA_TEST_CHROMIUM="$$chromium" $(PY) -m web.e2e.screenshots

# --- Checking --------------------------------------------------------------------------------------------------

.PHONY: check
check: check-format check-lint check-types check-imports check-web check-locks check-licences check-audit ## Format, lint, types, imports, locks, licences, known vulnerabilities

.PHONY: check-format check-lint check-types check-imports check-web check-locks check-licences check-audit
check-format: .venv/.developing
	$(VENV)/bin/ruff format --check $(wildcard $(PYTHON_CODE))
check-lint: .venv/.developing
	$(VENV)/bin/ruff check $(wildcard $(PYTHON_CODE))
check-types: .venv/.developing
	$(VENV)/bin/mypy
check-imports: .venv/.developing
	$(VENV)/bin/lint-imports
check-web: web/node_modules/.installed
	$(NPM) run --silent check
	$(NPM) run --silent api:check
check-locks: .venv/.developing
	$(PY) scripts/check_locks.py
check-licences: .venv/.developing
	$(PY) scripts/check_licences.py
check-audit: .venv/.developing
	$(PY) scripts/audit.py

# --- Changing --------------------------------------------------------------------------------------------------

.PHONY: format
format: .venv/.developing web/node_modules/.installed ## Formats everything and mends what the linters can
	$(VENV)/bin/ruff check --fix $(wildcard $(PYTHON_CODE)) || true
	$(VENV)/bin/ruff format $(wildcard $(PYTHON_CODE))
	$(NPM) run --silent format

.PHONY: lock
lock: .venv/.installed ## Renews the locks after a change of pyproject.toml or web/package.json (UPGRADE=1 for newest)
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group bootstrap -o requirements/bootstrap.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml -o requirements/product.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --group build -o requirements/install.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --group dev -o requirements/dev.txt
	$(NPM) install --package-lock-only --no-progress

.PHONY: clean
clean: ## Removes what the other commands made; the data folder stays
	rm -rf .venv web/node_modules src/clientela/web_dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find src fakes tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +
