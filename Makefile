# `make demo` and `make test` work right after git clone; bin/setup installs what is missing.

SHELL := /bin/bash
.DEFAULT_GOAL := help
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
AUDIT := 2026-10-cd
CHECKED := src tests bench tools hatch_build.py

.PHONY: help setup demo handbook test test-clients check fix docs bench lock

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: ## Install what is missing (quick when nothing is)
	@bin/setup

MONTH := audits/2026-10-cd-month

demo: setup ## Import filled sheets of the sample month, check its tickets and parts, score, report; and a sample audit
	@bin/demo $(MONTH)
	@for kind in json html pdf; do $(BIN)/sopaudit report audits/$(AUDIT) -o reports/$(AUDIT).$$kind || exit 1; done

handbook: setup ## Print the whole handbook anew: reports/handbook.zh.pdf
	@$(BIN)/sopaudit handbook --lang zh -o reports/handbook.zh.pdf

test: setup ## Run the tests
	@$(BIN)/python -m pytest -n auto

test-clients: setup ## Run the tests that need outside programs: Chromium, Poppler, qpdf, oscap, a language server
	@bin/setup clients
	@$(BIN)/python -m pytest -n auto --dist loadfile tests/clients

check: setup ## Format, style, types, imports, tests: all that must hold before a commit
	@$(BIN)/ruff format --check $(CHECKED)
	@$(BIN)/ruff check $(CHECKED)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -n auto

fix: setup ## Let ruff format and repair what it can
	@$(BIN)/ruff format $(CHECKED)
	@$(BIN)/ruff check --fix $(CHECKED)

docs: setup ## Write the pages that are made from the program: problems, rules, an afternoon, a revision, a proof
	@$(BIN)/python tools/problems_page.py
	@$(BIN)/python tools/rules_page.py
	@$(BIN)/python tools/packs_page.py
	@$(BIN)/python tools/afternoon.py
	@$(BIN)/python tools/revision.py
	@$(BIN)/python tools/whatif.py
	@$(BIN)/python tools/tickets.py
	@$(BIN)/python tools/counts.py
	@$(BIN)/python tools/parts.py
	@$(BIN)/python tools/replay.py
	@$(BIN)/python tools/explain_page.py
	@$(BIN)/python tools/fill_page.py

bench: setup ## Measure side by side with named peers
	@bin/setup bench
	@$(BIN)/python bench/run.py

lock: ## Write the lock files anew (needs uv)
	@bin/lock
