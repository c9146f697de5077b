# What people type. `make run` and `make test` set up all they need.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
TO     ?= zh-TW
STAMP   = $(VENV)/.installed

.PHONY: help setup run serve check lint test test-all test-live test-comet test-system setup-comet golden docs clean bench-clients bench-throughput bench-files bench-checks bench-glossary bench-glossary-kill bench-prepass bench-prompts bench-comet bench-regress bench-selection fuzz-checks

help:  ## Show the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

setup: $(STAMP)  ## Make the virtual environment.

# Its own file: torch is large, and only a model in this process needs it. TORCH=torch==2.13.0 pins it.
TRANSFORMERS = $(VENV)/.installed-transformers
TORCH       ?= torch
$(TRANSFORMERS): $(STAMP)
	$(BIN)/python -m pip install -q --disable-pip-version-check $(TORCH)
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e ".[transformers]"
	@touch $@

run: $(STAMP) $(if $(MODEL),$(TRANSFORMERS))  ## Start the service, translate the samples, keep serving. [TO=ko MODEL=... ENGINE=... BASE_URL=... ONCE=1]
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
	$(BIN)/pytest -q -m "not live and not comet"

test-live: TORCH = torch==2.13.0
test-live: $(TRANSFORMERS)  ## Tests with a real vLLM server and a model in this process (several GB).
	tests/live/setup_vllm.sh
	ISOGLOSS_REQUIRE_LIVE=1 $(BIN)/pytest -q -m live

setup-comet:  ## Make the environment in which COMET scores (1.3 GB).
	tests/comet/setup_comet.sh

test-comet: $(STAMP) setup-comet  ## Tests with the real COMET and tiny checkpoints.
	ISOGLOSS_REQUIRE_COMET=1 OMP_NUM_THREADS=1 $(BIN)/pytest -q -m comet

test-system: $(STAMP)  # what tests of browsers, PostgreSQL and TBX need; they are skipped without
	VENV=$(VENV) tests/setup_system.sh

test-all: test-system test test-comet test-live  ## Every test there is.

docs: $(STAMP)  ## Write the reference pages in docs/ anew.
	$(BIN)/python -m docs.generate

golden: $(STAMP)  ## Write the golden prompt files anew, to be reviewed.
	$(BIN)/pytest -q tests/prompts --update-golden

bench-clients: $(STAMP)  ## Compare HTTP clients for the upstream side.
	$(BIN)/python -m bench.clients

bench-throughput: $(STAMP)  ## Share of an engine's throughput that the service keeps. [ARGS="--longer 4"]
	$(BIN)/python -m bench.throughput $(ARGS)

bench-files: $(STAMP)  ## Whole benchmark files through the service, compared with their sources.
	$(BIN)/python -m bench.files

bench-checks: $(STAMP)  ## Plant faults into good translations, count what the checks find. [ALARMS=FILE]
	$(BIN)/python -m bench.checks.run $(if $(ALARMS),--alarms $(ALARMS))

bench-glossary: $(STAMP)  ## Speed of finding terms with 100,000 concepts, and how well it finds them.
	$(BIN)/python -m bench.glossary

bench-glossary-kill: $(STAMP)  ## Edits that were acknowledged are there after kill -9.
	$(BIN)/python -m bench.glossary_kill

bench-prepass: $(STAMP)  ## Terms that the pre-pass finds in whole benchmarks, and how long it takes.
	$(BIN)/python -m bench.prepass

bench-prompts: $(STAMP)  ## Share of equal leading tokens between the prompts of two items.
	$(BIN)/python -m bench.prompt_prefix

bench-comet: setup-comet  ## COMET scoring beside the library's own predict.
	.venvs/comet/bin/python -m bench.comet $(ARGS)

bench-selection: $(STAMP)  ## What checks, metrics and ways to select say of human scores.
	$(BIN)/python -m bench.selection $(ARGS)

bench-regress: $(STAMP)  ## Planted falls that comparing two runs finds, and its false alarms.
	$(BIN)/python -m bench.regress $(ARGS)

fuzz-checks: MINUTES ?= 10
fuzz-checks: $(STAMP)  ## Look for texts on which a check fails itself. [MINUTES=10]
	$(BIN)/python -m bench.checks.fuzz --minutes $(MINUTES)

clean:  ## Remove environments and results.
	rm -rf $(VENV) .venvs runs
