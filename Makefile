# The first Python on this machine that is new enough; without one, deploy/*.py says so.
PYTHON ?= $(or $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done),python3)
BIN = .venv/bin
LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--custom-compile-command "make lock" $(UPGRADE)
# `check --deploy` must see what an operator would set.
PRODUCTION = DEBUG=0 SITE_URL=https://www.clinic.example ALLOWED_HOSTS=www.clinic.example TRUSTED_PROXY_COUNT=1 \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') SECRET_KEY_FALLBACKS= ENCRYPTION_KEYS= \
	DATABASE_URL=sqlite:///var/check.sqlite3 CACHE_URL= EMAIL_URL=smtps://user:password@mail.clinic.example \
	DEFAULT_FROM_EMAIL=front-desk@clinic.example TIME_ZONE=America/Chicago COUNTRY=US

.DEFAULT_GOAL := help
.PHONY: help install upgrade rollback run dev test faults bench screenshots check lock libraries

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

install: ## On a server, as root: DOMAIN=www.clinic.example [PROXY=nginx] (docs/install.md)
	@$(PYTHON) deploy/install.py --domain "$(DOMAIN)" --proxy $(or $(PROXY),caddy) $(ARGS)

upgrade: ## On a server, as root, in the folder of the new version (docs/upgrade.md)
	@$(PYTHON) deploy/upgrade.py $(ARGS)

rollback: ## On a server, as root: back to the version before the last upgrade
	@$(PYTHON) deploy/rollback.py $(ARGS)

run: ## The whole site with its demo clinic on 127.0.0.1, port PORT (8000)
	@command -v $(PYTHON) >/dev/null || { echo "Install Python 3.11 or newer and run make again." >&2; exit 1; }
	@exec $(PYTHON) deploy/run.py

dev: ## The same with DEBUG=1 and automatic reload
	@exec $(PYTHON) deploy/run.py --dev

test: libraries ## The tests; browser tests skip without Chromium (REQUIRE_BROWSER=1: fail)
	$(BIN)/python -m pytest -m "not faults" -n 2 --dist load $(ARGS)

faults: libraries ## The long fault sweeps with real processes (LONG=1: five times as long)
	PROMISES=var/promises.md $(BIN)/python -m pytest -m "faults or promise" -n 2 --dist worksteal $(ARGS)

bench: libraries ## Times of long lists and searches: 5,000 articles, 100,000 requests, on SQLite or DATABASE_URL
	$(BIN)/python -m pytest tests/benchmark.py -q $(ARGS)

check: libraries ## Format, lint, templates, deployment settings, migrations, version floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --lint --quiet templates
	@mkdir -p var
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING --database default
	$(PRODUCTION) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python deploy/floors.py

screenshots: libraries ## Pictures of every page in var/screenshots, and those of README and docs
	$(BIN)/python -m pytest tests/screenshots.py -q -p no:randomly $(ARGS)

lock: libraries ## Compile requirements with hashes (UPGRADE=--upgrade takes newer releases)
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) tests/requirements.in -o tests/requirements.txt

libraries:
	@$(PYTHON) deploy/libraries.py
