# make try    an archive of seeds/ and a first search, in a virtual environment of its own
# make test   the tests
# make lint   ruff, mypy and the checks of the docs
# make clean  take all of it away again

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
EXTRAS ?= test

.PHONY: try test lint clean

try: $(VENV)/.installed
	$(BIN)/syriasearch ingest seeds/
	$(BIN)/syriasearch "Sochi boycott"

test: $(VENV)/.tested
	$(BIN)/python -m pytest

lint: $(VENV)/.linted
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_docs.py

clean:
	rm -rf $(VENV) db/*.db db/metadata.json build *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.tested: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[$(EXTRAS)]"
	touch $(VENV)/.installed $@

$(VENV)/.linted: pyproject.toml | $(VENV)/.tested
	$(BIN)/python -m pip install --quiet --editable ".[$(EXTRAS),lint]"
	touch $@
