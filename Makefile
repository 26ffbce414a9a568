# Office Hours. `make help` says what there is; `make demo` is where to begin.

PYTHON ?= python3
PORT ?= 8000
JOBS ?= 2
SEED ?= 0

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules
.SUFFIXES:

# By way of `python -m`, so that the folder may be renamed and may have spaces in its name.
RUN := .venv/bin/python -m
READY := .venv/ready

.PHONY: help venv chromium readers demo test check static fast bench shots soak words policy-table personal-data fmt

help: ## Lists what there is to make.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r target sentence; do \
		printf '  make %-13s %s\n' "$$target" "$$sentence"; done

venv: $(READY) ## Creates .venv with every package that is pinned; again only when the pins change.

$(READY): requirements-dev.txt
	@PYTHON='$(PYTHON)' sh tools/bootstrap.sh packages
	@touch $@

chromium: ## Installs Chromium and its fonts with apt-get, if there is no Chromium yet.
	@sh tools/bootstrap.sh chromium

READERS := .readers/ready

readers: $(READERS) ## Installs the calendar programs that read our calendars in tests: libical, calcurse and khal.

$(READERS): requirements-readers.txt
	@PYTHON='$(PYTHON)' sh tools/bootstrap.sh readers
	@touch $@

demo: $(READY) ## Starts the marketplace with sample people and a stand-in for Stripe: make demo PORT=8000.
	@$(RUN) tools.demo --port $(PORT)

test: $(READY) chromium readers check ## All of check, then the browser, the random histories and the outside readers.
	@echo 'Browser, random histories and outside readers …'
	@$(RUN) pytest -q -n $(JOBS) -m 'browser or slow'

check: static fast ## Formatting, lint, types, import contracts and the fast tests.

static: $(READY) ## The part of check that runs no test.
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@$(RUN) mypy --explicit-package-bases
	@.venv/bin/python .venv/bin/lint-imports --no-logo

fast: $(READY) ## The part of check that runs the fast tests.
	@$(RUN) pytest -q -n $(JOBS) -m 'not browser and not slow'

bench: $(READY) ## Measures the site; `make -s bench` prints JSON and nothing else.
	@$(RUN) tools.bench

shots: $(READY) chromium ## Photographs every page, small and large, light and dark, into contact sheets.
	@$(RUN) tools.shots

soak: $(READY) ## Plays many more random histories than the tests do: make soak SEED=0 goes on from a seed.
	@$(RUN) tools.soak --jobs $(JOBS) --from-seed $(SEED)

words: $(READY) ## Brings the catalogues under translations/ up to date with the sources.
	@$(RUN) tools.words

policy-table: $(READY) ## Writes docs/who-gets-what.md from the rules that move the money.
	@$(RUN) tools.policy_table

personal-data: $(READY) ## Writes docs/personal-data.md from what each feature says of its tables.
	@$(RUN) tools.personal_data

fmt: $(READY) ## Formats the code and mends what lint can mend.
	@$(RUN) ruff format --quiet .
	@$(RUN) ruff check --quiet --fix .
