# `make generate` and `make test` set up everything they need in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := generate
.PHONY: generate check lint test format bench clean

generate: $(READY)
	$(BIN)/timgen generate

check: $(READY)
	$(BIN)/timgen check

lint: $(READY)
	$(BIN)/timgen lint
	$(BIN)/ruff check generator generated/client tests
	$(BIN)/ruff format --check generator tests
	$(BIN)/mypy generator/timgen
	$(BIN)/pyright

test: $(READY)
	$(BIN)/timgen check
	$(BIN)/ruff check generator generated/client tests
	$(BIN)/ruff format --check generator tests
	$(BIN)/python -m pytest -n auto

format: $(READY)
	$(BIN)/ruff check --fix generator tests
	$(BIN)/ruff format generator tests

bench: $(READY)
	$(BIN)/python tests/benchmarks/generator.py
	$(BIN)/python tests/benchmarks/client.py

clean:
	rm -rf $(VENV)

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or later is needed, not " + sys.version'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	touch $@
