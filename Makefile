# `make generate` and `make test` set up everything they need: in .venv, but for Debian's redis-server, which tests start.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCK := requirements.lock
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

define STATIC_CHECKS
$(BIN)/timgen check
$(BIN)/ruff check generator generated/client generated/emulator generated/site tests examples
$(BIN)/ruff format --check generator tests examples
endef

.DEFAULT_GOAL := generate
.PHONY: generate check docs lint test test-all format bench upgrade clean redis-server chromium

generate: $(READY)
	$(BIN)/timgen generate

check: $(READY)
	$(BIN)/timgen check

# The site, in site/; it can be opened from there, or served.
docs: $(READY)
	$(BIN)/python generated/site/build.py generated/docs generated/client/tencent_chat spec site

lint: $(READY)
	$(BIN)/timgen lint
	$(STATIC_CHECKS)
	$(BIN)/mypy generator/timgen generated/emulator/tencent_chat_emulator
	$(BIN)/pyright

test: $(READY) redis-server
	$(STATIC_CHECKS)
	$(BIN)/python -m pytest -n auto

# With what takes long or needs the network: many more cases of each property, both ends of every version range.
test-all: $(READY) redis-server chromium
	$(STATIC_CHECKS)
	$(BIN)/python -m pytest -n auto --thorough --ignore tests/ends
	$(BIN)/python -m pytest -rP --thorough tests/ends

format: $(READY)
	$(BIN)/ruff check --fix generator tests examples
	$(BIN)/ruff format generator tests examples

# Prints a table of what people wait for, against other tools; the first run installs those in an environment of their own.
bench: $(READY)
	PYTHONPATH=tests $(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV)

# What is no Python: Debian's packages, where a program is missing. $(call debian,PROGRAM)
define debian
@command -v $(1) >/dev/null || { \
	as_root=$$(test "$$(id -u)" = 0 || echo sudo); \
	$$as_root apt-get update && \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $(1); \
} || { echo 'the tests need $(1) and cannot install it; install that package yourself' >&2; exit 1; }
endef

redis-server:
	$(call debian,redis-server)

chromium:
	$(call debian,chromium)

# Renews every version in the lock file, within what pyproject.toml allows.
upgrade: $(READY)
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command 'make upgrade' --group dev --all-extras --output-file $(LOCK) \
		pyproject.toml generated/client/pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command 'make upgrade' --group pyproject.toml:peers --output-file tests/benchmarks/peers.lock

$(READY): pyproject.toml $(LOCK)
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or later is needed, not " + sys.version'
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --require-hashes --requirement $(LOCK)
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@
