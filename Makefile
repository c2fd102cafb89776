# make try       an archive of seeds/ and a first search
# make test      the tests, but for those that take long
# make test-all  all of them, with every extra; none may be skipped
# make faults    every fault of every call on an archive, and power cuts
# make hostile   every operation on archives that others have changed, in every way that is known
# make soak      everything that writes and reads an archive, at once, for SECONDS (600)
# make fuzz      inputs that reach new code, found by atheris, for FUZZ_SECONDS (3600) a target
# make audit     is what the tests install known to be vulnerable?
# make locks     the versions and hashes of packages with which the checks run, chosen again
# make next      the tests of what Datasette shows, with its pre-release
# make lowest    the tests, with the lowest Python here and the lowest versions allowed of packages
# make pythons   the wheel, on each Python from 3.10 to 3.14 that is here
# make lint      ruff, mypy, who imports whom, and the checks of the docs
# make clean     take all of it away again
#
# Each works in a virtual environment of its own, with the wheel that is built of this checkout.
# With LOCKED=1, as the checks of a change have it, packages are those of locks/, by their hashes.

PYTHON ?= python3
VENV ?= .venv
NEXT ?= $(VENV)/datasette-next
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet
EXTRAS = test
LOCK = test
LOCKED =
# From there, what is installed is imported, and not what is checked out.
PYTEST = bin=$$(cd $(BIN) && pwd) && cd tests && "$$bin"/pytest
FAULTS = bin=$$(cd $(BIN) && pwd) && cd tests && "$$bin"/python -m faults
HOSTILE = bin=$$(cd $(BIN) && pwd) && cd tests && "$$bin"/python -m hostile
SECONDS = 600
FUZZ_SECONDS = 3600
LOCKING = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 \
	--generate-hashes --no-annotate --no-header
AT_ONCE = --numprocesses auto --dist loadfile
OF_DATASETTE = datasette_plugin cli/test_serve.py $(addprefix exporters/test_datasette_,config.py queries.py)

.PHONY: try test test-all faults hostile soak fuzz audit locks next lowest pythons lint clean wheel install install-tests

try: install
	$(BIN)/syriasearch ingest seeds/
	$(BIN)/syriasearch "Sochi boycott"

test: install-tests
	$(PYTEST) $(AT_ONCE)

test-all: EXTRAS = test,web,s3,cluster,pdf,spacy
test-all: LOCK = all
test-all: install-tests
	$(PYTEST) $(AT_ONCE) -m "slow or not slow" --none-skipped

faults: install-tests
	$(FAULTS) faults
	$(FAULTS) cuts

hostile: install-tests
	$(HOSTILE)

soak: install-tests
	$(FAULTS) soak $(SECONDS)

fuzz: EXTRAS = test,pdf,fuzz
fuzz: LOCK = all
fuzz: install-tests
	bin=$$(cd $(BIN) && pwd) && cd tests && "$$bin"/python -m fuzz --seconds $(FUZZ_SECONDS)

audit: install-tests
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet pip-audit
	$(VENV)/audit/bin/python tools/audit.py $(VENV)

locks: $(BIN)/python
	$(PIP) uv
	$(LOCKING) --all-extras --output-file locks/all.txt pyproject.toml
	$(LOCKING) --extra test --constraint locks/all.txt --output-file locks/test.txt pyproject.toml

next: install-tests
	$(PIP) --upgrade --target $(NEXT) "datasette>=1.0a0"
	PYTHONPATH="$$PWD/$(NEXT)" && export PYTHONPATH && $(PYTEST) $(AT_ONCE) $(OF_DATASETTE)

lowest: $(BIN)/python
	$(BIN)/python tools/lowest.py >$(VENV)/lowest.txt
	PIP_CONSTRAINT="$$PWD/$(VENV)/lowest.txt" $(MAKE) VENV=$(VENV)/lowest \
		PYTHON=$$($(BIN)/python tools/pythons.py --lowest) LOCKED= test

pythons: wheel
	$(BIN)/python tools/pythons.py $(VENV)/dist/*.whl seeds/

lint: EXTRAS = test,cluster,spacy,lint
lint: LOCK = all
lint: install-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) -q test_docs.py

clean:
	rm -rf $(VENV) db/*.db db/metadata.json .hypothesis .mypy_cache .pytest_cache .ruff_cache tests/.hypothesis tests/.fuzz
	find . -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade pip

# The sdist, and the wheel of what is in it.
wheel: $(BIN)/python
	$(PIP) build
	rm -rf $(VENV)/dist
	$(BIN)/python -m build --outdir $(VENV)/dist . >$(VENV)/build.log 2>&1 || (cat $(VENV)/build.log; false)

install: wheel
	$(PIP) $(VENV)/dist/*.whl
	$(PIP) --force-reinstall --no-deps $(VENV)/dist/*.whl

install-tests: wheel
ifneq ($(LOCKED),)
	$(PIP) --require-hashes --requirement locks/$(LOCK).txt
endif
	$(PIP) "$$(echo $(VENV)/dist/*.whl)[$(EXTRAS)]"
	$(PIP) --force-reinstall --no-deps $(VENV)/dist/*.whl
