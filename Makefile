# What people type. `make run` and `make test` set up all they need.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
TO     ?= zh-TW
STAMP   = $(VENV)/.installed

.PHONY: help setup run serve check lint test test-all test-live golden docs clean bench-clients bench-throughput

help:  ## Show the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

setup: $(STAMP)  ## Make the virtual environment.

ifdef MODEL
TRANSFORMERS = $(VENV)/.installed-transformers
$(TRANSFORMERS): $(STAMP)
	$(BIN)/python -m pip install -q --disable-pip-version-check -e ".[transformers]"
	@touch $@
endif

run: $(STAMP) $(TRANSFORMERS)  ## Start the service, translate the samples, keep serving. [TO=ko MODEL=... ENGINE=... BASE_URL=... ONCE=1]
	$(BIN)/isogloss demo --to $(TO) $(if $(MODEL),--model $(MODEL)) $(if $(BASE_URL),--base-url $(BASE_URL)) \
	  $(if $(ENGINE),--engine $(ENGINE)) $(if $(LIMIT),--limit $(LIMIT)) $(if $(ONCE),--once)

serve: $(STAMP)  ## Start the service alone.
	$(BIN)/isogloss serve

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test  ## All that must be green at every commit: format, lint, types, imports, tests.

test: $(STAMP)  ## Set up and run the tests that need nothing else.
	$(BIN)/pytest -q -m "not live"

test-live: $(STAMP)  ## Tests against a real vLLM server (installs one beside; several GB).
	tests/live/setup_vllm.sh
	ISOGLOSS_REQUIRE_LIVE=1 $(BIN)/pytest -q -m live

test-all: test test-live  ## Every test there is.

golden: $(STAMP)  ## Write the golden prompt files anew, to be reviewed.
	$(BIN)/pytest -q tests/prompts --update-golden

bench-clients: $(STAMP)  ## Compare HTTP clients for the upstream side.
	$(BIN)/python -m bench.clients

bench-throughput: $(STAMP)  ## Share of an engine's throughput that the service keeps.
	$(BIN)/python -m bench.throughput

clean:  ## Remove environments and results.
	rm -rf $(VENV) .venvs runs
