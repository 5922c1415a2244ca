# Five by Five: `make run` and `make test` set everything up by themselves.
HOST ?= 127.0.0.1
PORT ?= 5555
DATA ?=
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2

.PHONY: run test check format bench pictures vendor vendor-check clean

run: .venv/compiled.stamp
	@$(BIN)/python -m app --host $(HOST) --port $(PORT) $(if $(DATA),--data "$(DATA)")

test: .venv/dev.stamp
	@$(BIN)/python -m tools.browser
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports
	$(BIN)/python -m tools.vendor check
	$(BIN)/python -m tools.audit

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev.stamp .venv/compiled.stamp
	@$(BIN)/python -m tools.browser
	$(BIN)/python -m bench $(if $(WRITE),--write)

pictures: .venv/dev.stamp
	@$(BIN)/python -m tools.browser
	$(BIN)/python -m tools.pictures

vendor: .venv/dev.stamp
	$(BIN)/python -m tools.vendor fetch

vendor-check: .venv/dev.stamp
	$(BIN)/python -m tools.vendor check

clean:
	rm -rf .venv

# The packages of constraints.txt, installed once and again whenever the two files change.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Five by Five needs Python 3.11 or newer: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "Python could not make a virtual environment; on Debian: apt install python3-venv"; exit 1; }

.venv/run.stamp: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

# Python compiles at the first start, unless PYTHONDONTWRITEBYTECODE forbids it: then at every start.
.venv/compiled.stamp: .venv/run.stamp $(shell find app -name '*.py')
	$(BIN)/python -m compileall -q app
	@touch $@

.venv/dev.stamp: .venv/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
