# make run   answer questions from reports/, in a terminal or on the platforms with a token
# make test  the whole test suite
# make lint  style, types and the imports that must never exist
# make bench-start, bench-seeds, bench-library, bench-ingest, bench-quality   measurements
# make crash  ingestion killed two hundred times, and what the library shows afterwards

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RIVALS := .venv-rivals

.PHONY: run test lint bench-start bench-seeds bench-library bench-ingest bench-quality crash lock clean

run: $(VENV)/.installed
	@$(BIN)/python -m bot

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# How long a second start takes beside loading the model alone.
bench-start: $(VENV)/.installed-dev
	$(BIN)/python -m tests.benchmarks.start

# Answers and refusals over the sample library, in a library that is gone afterwards. Others:
# make bench-seeds REPORTS=FOLDER QUESTIONS=FILE
REPORTS ?= reports
QUESTIONS ?= tests/sample_library/questions.jsonl
bench-seeds: $(VENV)/.installed
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && export LIBRARY_DIR="$$home" \
	  && $(BIN)/python -m ingest "$(REPORTS)" >&2 && $(BIN)/python -m bot evaluate "$(QUESTIONS)"

# A hundred thousand passages; takes some ten minutes.
bench-library: $(VENV)/.installed-dev
	$(BIN)/python -m tests.benchmarks.library

# Ingestion beside the pipelines of LangChain and LlamaIndex, over the filings in EVAL_DIR; takes
# some ten minutes. Other reports: make bench-ingest BENCH="--reports FOLDER --filings 4"
bench-ingest: $(VENV)/.installed-dev $(RIVALS)/.installed
	$(BIN)/python -m tests.benchmarks.ingest --rivals $(RIVALS)/bin/python $(BENCH)

# Answers beside LangChain, LlamaIndex, txtai and plain searches, over the sets in EVAL_DIR and
# SEED_REPORTS_DIR; takes some half an hour, a repeated one with --keep less:
# make bench-quality BENCH="--keep FOLDER --sets seeds --json FILE --chart FILE.svg"
bench-quality: $(VENV)/.installed-dev $(RIVALS)/.installed
	$(BIN)/python -m tests.benchmarks.quality --rivals $(RIVALS)/bin/python $(BENCH)

crash: $(VENV)/.installed-dev
	$(BIN)/python -m tests.crash

# Everything an installation prints goes to standard error: with no terminal, standard output
# holds answers alone.
$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -m venv $(VENV) >&2
	@echo "installing into $(VENV) (a few minutes the first time)" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e . >&2
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock >&2
	@touch $@

# The rivals are measured, not used: they have an environment of their own.
$(RIVALS)/.installed: tests/benchmarks/rivals/requirements.txt
	@$(PYTHON) -m venv $(RIVALS) >&2
	@echo "installing into $(RIVALS) (a few minutes the first time)" >&2
	@$(RIVALS)/bin/python -m pip install --quiet --disable-pip-version-check -r $< >&2
	@touch $@

# Resolve pyproject.toml anew in fresh environments and write both locks. A local version such as
# torch's "+cpu" is cut off: a lock names what every index has.
lock:
	rm -rf .lock && $(PYTHON) -m venv .lock
	.lock/bin/pip install --quiet .
	.lock/bin/pip freeze --exclude footnote | sed 's/+[a-z0-9.]*$$//' > requirements.lock
	.lock/bin/pip install --quiet '.[dev]'
	(echo '-r requirements.lock'; .lock/bin/pip freeze --exclude footnote | sed 's/+[a-z0-9.]*$$//' \
	  | grep -vxFf requirements.lock) > requirements-dev.lock
	rm -rf .lock build *.egg-info

clean:
	rm -rf $(VENV) $(RIVALS) build *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
