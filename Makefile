# Every target is one line that calls samtale or a tool; `make up` is all that one needs to try it.
.DEFAULT_GOAL := up
PYTHON ?= python3
BIN := .venv/bin
UV = $(or $(shell command -v uv),.uv/bin/uv)
export UV_PYTHON_DOWNLOADS := never

.PHONY: up down bootstrap test test-long mutate fuzz lint lint-python lint-web types web-test fmt sbom bench chromium

up: bootstrap ## start everything with the demo
	@$(BIN)/samtale up --demo --ensure

down: ## stop everything
	@$(BIN)/samtale down

bootstrap: ## get the pinned packages and tools
	@$(PYTHON) src/samtale/stack/bootstrap.py

test: lint web-test chromium ## everything that must hold
	@$(BIN)/python -m tests.side_by_side

test-long: bootstrap ## what takes longer: fuzzing, mutation, long properties
	@$(BIN)/pytest -m long

mutate: bootstrap ## break the rules one line at a time: tests must notice
	@$(BIN)/pytest -m long tests/mutation

fuzz: bootstrap ## look for answers that break what reads them, for SECONDS=60
	@$(UV) sync --frozen --inexact --quiet --extra=demo --group=fuzz && PYTHONPATH=src:tests $(BIN)/python -m fuzz --seconds $(or $(SECONDS),60)

lint: lint-python types lint-web ## style, types, direction of imports

lint-python: bootstrap
	@$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/lint-imports

types: bootstrap
	@$(BIN)/mypy --strict src/samtale

lint-web: bootstrap
	@$(BIN)/python -m samtale.stack.client typecheck lint

web-test: bootstrap
	@$(BIN)/python -m samtale.stack.client build test budget

fmt: bootstrap ## format
	@$(BIN)/ruff check --fix && $(BIN)/ruff format

sbom: bootstrap ## list every package of an installation (CycloneDX), in sbom/
	@mkdir -p sbom && $(UV) export --frozen --no-dev --format cyclonedx1.5 --quiet --output-file sbom/python.cdx.json && $(BIN)/python -m samtale.stack.client sbom

bench: bootstrap ## print the figures
	@$(BIN)/python bench

chromium:
	@$(BIN)/python -m tests.chromium
