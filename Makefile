# make try    an archive of seeds/ and a first search, in a virtual environment of its own
# make test   the tests
# make next   the tests of what Datasette shows, with its pre-release
# make lint   ruff, mypy and the checks of the docs
# make clean  take all of it away again

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
NEXT ?= $(VENV)/datasette-next
OF_DATASETTE = $(addprefix tests/test_,datasette.py datasette_config.py canned_queries.py serving.py pages.py)
EXTRAS ?= test

.PHONY: try test next lint clean

try: $(VENV)/.installed
	$(BIN)/syriasearch ingest seeds/
	$(BIN)/syriasearch "Sochi boycott"

test: $(VENV)/.tested
	$(BIN)/python -m pytest

next: $(NEXT)/.installed
	PYTHONPATH=$(NEXT) $(BIN)/python -m pytest -q $(OF_DATASETTE)

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

# Beside the packages of the tests, before which it is found.
$(NEXT)/.installed: $(VENV)/.tested
	$(BIN)/python -m pip install --quiet --upgrade --target $(NEXT) "datasette>=1.0a0"
	touch $@

$(VENV)/.linted: pyproject.toml | $(VENV)/.tested
	$(BIN)/python -m pip install --quiet --editable ".[$(EXTRAS),lint]"
	touch $@
