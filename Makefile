# make demo   sets up and annotates the sample documents into demo/report.html
# make test   sets up and runs the whole test suite

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test lint bench clean
.DELETE_ON_ERROR:

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# A stamp for each set of packages: installed again only when what is asked for has changed.
$(VENV)/.base: $(BIN)/python pyproject.toml
	$(PIP) -e .
	touch $@

$(VENV)/.dev: $(VENV)/.base constraints.txt
	$(PIP) -e '.[train,documents,dev]' -c constraints.txt
	touch $@

demo: $(VENV)/.base
	$(BIN)/sobujang annotate corpora/samples -o demo/
	@echo "open demo/report.html"

test: $(VENV)/.dev
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sobujang audit corpora/sobujang

clean:
	rm -rf $(VENV) demo build dist
