# The verbs of this repository; `make` alone lists them. Each prepares what it needs by itself.
PYTHON ?= python3
PREPARE := $(PYTHON) tools/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run test check bench fmt messages freeze-sql ledger-pages clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start the platform with demo data (PORT, MOORING_HOME and DATABASE_URL move it)
	@$(PREPARE) run -- python -m mooring.operations.launch

test: ## run everything that proves it: fences, then all tests
	@$(PREPARE) test -- python tools/browser.py
	@$(PREPARE) test -- python tools/check.py
	@$(PREPARE) test -- python tools/with_postgres.py pytest -ra -n logical --dist worksteal

check: ## format, lint, types, import contracts, house rules
	@$(PREPARE) test -- python tools/check.py

bench: ## measure the hot paths beside pgbench, and write var/bench.json
	@$(PREPARE) test -- python -m bench

fmt: ## put the source into its form
	@$(PREPARE) test -- ruff format .
	@$(PREPARE) test -- ruff check --fix .

messages: ## collect the texts of the pages for translation, and compile them
	@$(PREPARE) test -- python -m mooring.web.messages extract
	@$(PREPARE) test -- python -m mooring.web.messages compile

freeze-sql: ## copy changed SQL functions beside a new migration
	@$(PREPARE) test -- python tools/freeze_sql.py

ledger-pages: ## write docs/ledger anew: what every event moves in the book
	@$(PREPARE) test -- python tools/with_postgres.py python tools/ledger_pages.py

clean: ## remove the virtual environment and what tools left; never the data in var/
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
