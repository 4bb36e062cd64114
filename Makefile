# Everything a newcomer needs: make setup | demo | test | check | bench | docs
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
WORKERS ?= 2

.PHONY: help setup demo test check bench docs pictures clean web browser

help:  ## Say what there is to make.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(STAMP) web  ## Make the environment: a virtual environment with pinned dependencies.

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Latticework needs Python 3.11 or later; set PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $(STAMP)

demo: setup  ## Build the example company, show a tour of answers, serve its pages.
	$(BIN)/latticework demo

web: $(STAMP)  ## Bundle the islands of the pages again, where they changed.
	@$(BIN)/python tools/islands.py

browser:  ## The Chromium that the tests of pages use; installed where that is allowed.
	@bash tools/browser.sh

check: setup  ## Format, lint, types, layers, stale reference pages.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python tools/islands.py --types
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/manual.py --check

test: check browser  ## Everything that must pass: checks, then all tests.
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

bench: setup  ## Measure speed and memory side by side; prints ratios.
	$(BIN)/python -m bench

docs: setup  ## Write the generated reference pages.
	$(BIN)/python tools/manual.py

pictures: setup browser  ## Take the pictures of the documentation anew.
	$(BIN)/python tools/pictures.py

clean:  ## Remove what was built.
	rm -rf $(VENV) build dist node_modules src/latticework/surfaces/web/static/built .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
