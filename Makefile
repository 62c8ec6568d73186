# The commands of the project. `make demo` and `make test` set up what is missing first; once set up, they need no network.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The first Python in PATH that is new enough, else whichever there is, so that the check below can say what is wrong with it.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
VENV := .venv
RUN := $(VENV)/bin/

# A stamp is named after what it stands for and written last: a set-up that was cut off, or whose lock file changed, runs again.
key = $(shell { cat $(1) 2>/dev/null; echo "$(CURDIR)"; } | sha256sum | cut -c1-16)
PACKAGES := $(VENV)/.packages-$(call key,requirements.lock)
PROJECT := $(VENV)/.project-$(call key,requirements.lock pyproject.toml $(wildcard schemas/contract/compiled/*.p*))$(if $(shell command -v $${CC:-cc}),-with-compiler)
FILES := $(VENV)/.files-$(call key,requirements.lock infra/stack/jars.lock infra/stack/java.py)
ifeq ($(shell $(RUN)python -c '' 2>/dev/null || echo broken),broken)
$(shell rm -f $(VENV)/.packages-* $(VENV)/.project-*)
endif

.PHONY: help setup demo test test-long chaos fuzz bench check fix lock up down clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(PROJECT) $(FILES) ## Install everything into this directory (other targets do it by themselves)

demo: setup ## Run a day of the province through the whole system and check what it finds
	$(RUN)dibiendong demo $(ARGS)

test: setup ## Run all tests but the long ones, with the real parts started on free ports (ARGS="-k name" for some)
	$(RUN)pytest -n 2 --dist loadfile -m "not long" $(ARGS)

test-long: setup ## Run the long tests: rebuilds under load, more of the chaos
	$(RUN)pytest -m long $(ARGS)

fuzz: setup ## Try random input on everything that reads outside bytes, long and each time anew (TIMES=20 as much as make test)
	FUZZ_TIMES=$(or $(TIMES),20) $(RUN)pytest --timeout=7200 tests/fuzz tests/schemas/domain/certificates tests/schemas/test_reading.py tests/live/test_schemathesis.py $(ARGS)

chaos: setup ## Kill, stop, cut off and poison a running stack, and check that nothing is lost (ARGS="--only NAME --seed S")
	$(RUN)python -m tests.chaos $(ARGS)

bench: setup ## Run the benchmarks and write bench.json (ONLY=name for one; BENCH_SCALE=0.1 to try it)
	$(RUN)python -m tests.bench $(ONLY)

check: $(PROJECT) ## Check style, types and imports; changes nothing
	$(RUN)ruff check
	$(RUN)ruff format --check
	$(RUN)mypy
	$(RUN)lint-imports

fix: $(PROJECT) ## Repair what can be repaired by itself: format, order of imports
	$(RUN)ruff check --fix
	$(RUN)ruff format

lock: $(PROJECT) ## Pin the newest fitting versions of all packages and files anew
	$(RUN)uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-header --group dev --upgrade --output-file requirements.lock pyproject.toml
	$(RUN)python -m infra.stack.relock
	$(RUN)python -m tests.bench.environments
	$(RUN)python -m tests.bench.peers.relock

up: setup ## Start the stack
	$(RUN)dibiendong up

down: ## Stop the stack; what it holds stays
	@if [ -x $(RUN)dibiendong ]; then $(RUN)dibiendong down; fi

clean: down ## Remove what set-up and tests made; downloads and the stack's data stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	rm -f schemas/contract/compiled/*.c schemas/contract/compiled/*.so
	find . -name __pycache__ -type d -not -path './.cache/*' -prune -exec rm -rf {} +

$(PACKAGES):
	@command -v $(PYTHON) >/dev/null || { echo "set-up: there is no $(PYTHON): install Python 3.11 or newer." >&2; exit 2; }
	@$(PYTHON) -I infra/stack/preflight.py .
	@$(RUN)python -c '' 2>/dev/null && [ -x $(RUN)pip ] || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); }
	@echo "Installing the Python packages that requirements.lock pins (about 500 MB at the first time)"
	@$(RUN)python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock \
		|| { echo "set-up: stopped while installing packages; run the same command again to go on." >&2; exit 2; }
	@rm -f $(VENV)/.packages-* && touch $@

$(PROJECT): | $(PACKAGES)
	@rm -f schemas/contract/compiled/*.c schemas/contract/compiled/*.so
	@$(RUN)python -m pip install --disable-pip-version-check --quiet --no-index --no-build-isolation --no-deps --editable .
	@$(RUN)python -m infra.stack.avro_form
	@rm -f $(VENV)/.project-* && touch $@

$(FILES): | $(PROJECT)
	@$(RUN)python -m infra.stack.files
	@rm -f $(VENV)/.files-* && touch $@
