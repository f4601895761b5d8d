# One word for each thing a contributor does. README and .ci/run call these too: `make help` lists them.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Neither window nor sound is needed to test: the tests that want a real display start one of their own.
export SDL_VIDEODRIVER ?= dummy
export SDL_AUDIODRIVER ?= dummy
export RAY_USAGE_STATS_ENABLED ?= 0
export PIP_DISABLE_PIP_VERSION_CHECK ?= 1

.PHONY: help setup lint format type test fast bench docs clean

help: ## list these words
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(VENV)/.ready ## make the environment $(VENV) with everything that the other words need

# The stamp is newer than pyproject.toml once its dependencies are installed.
$(VENV)/.ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chokepoint needs Python 3.11 or later: make PYTHON=python3.11 setup")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -e ".[test]"
	touch $@

lint: setup ## ruff: rules and format; import-linter: who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

format: setup ## mend what ruff can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

type: setup ## mypy, strict
	$(BIN)/mypy

test: setup ## every test, on all cores
	$(BIN)/pytest -n auto

fast: setup ## the everyday subset, without the tests marked slow
	$(BIN)/pytest -n auto -m "not slow"

bench: setup ## the engine's speed, compared inside one run
	$(BIN)/chokepoint bench

docs: setup ## the docs site into build/site; a dead link fails
	$(BIN)/mkdocs build --strict --quiet

clean: ## forget the environment and what was built
	rm -rf $(VENV) build dist
