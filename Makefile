# `make generate` and `make test` set up everything they need: in .venv, but for Debian's redis-server, which tests start.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCK := requirements.lock
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

define STATIC_CHECKS
$(BIN)/timgen check
$(BIN)/ruff check generator generated/client generated/emulator tests examples
$(BIN)/ruff format --check generator tests examples
endef

.DEFAULT_GOAL := generate
.PHONY: generate check lint test test-all format bench upgrade clean redis-server

generate: $(READY)
	$(BIN)/timgen generate

check: $(READY)
	$(BIN)/timgen check

lint: $(READY)
	$(BIN)/timgen lint
	$(STATIC_CHECKS)
	$(BIN)/mypy generator/timgen
	$(BIN)/pyright

test: $(READY) redis-server
	$(STATIC_CHECKS)
	$(BIN)/python -m pytest -n auto

# With what takes long or needs the network: many more cases of each property, both ends of every version range.
test-all: $(READY) redis-server
	$(STATIC_CHECKS)
	$(BIN)/python -m pytest -n auto --thorough --ignore tests/ends
	$(BIN)/python -m pytest -rP --thorough tests/ends

format: $(READY)
	$(BIN)/ruff check --fix generator tests examples
	$(BIN)/ruff format generator tests examples

bench: $(READY)
	$(BIN)/python tests/benchmarks/generator.py
	$(BIN)/python tests/benchmarks/client.py
	$(BIN)/python tests/benchmarks/emulator.py

clean:
	rm -rf $(VENV)

redis-server:
	@command -v redis-server >/dev/null || { \
		as_root=$$(test "$$(id -u)" = 0 || echo sudo); \
		$$as_root apt-get update && \
		$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends redis-server; \
	} || { echo 'make test needs redis-server and cannot install it; install the package redis-server (or redis) yourself' >&2; exit 1; }

# Renews every version in the lock file, within what pyproject.toml allows.
upgrade: $(READY)
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command 'make upgrade' --group dev --all-extras --output-file $(LOCK) \
		pyproject.toml generated/client/pyproject.toml

$(READY): pyproject.toml $(LOCK)
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or later is needed, not " + sys.version'
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --require-hashes --requirement $(LOCK)
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@
