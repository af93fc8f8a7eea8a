# Everything one does with this repository. The work is in scripts/; this is the list.
.DEFAULT_GOAL := help
.PHONY: help run test bench watch release site check fmt test-rust test-wasm e2e screenshot fuzz db-shell reset

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Settings: ATRIUM_ADDR ATRIUM_DATA ATRIUM_SITE DATABASE_URL ATRIUM_DEMO ATRIUM_MODE ATRIUM_CLOCK ATRIUM_CACHE (see README.md)"

run: ## set up what is missing, build, start; prints the address and the demo sign-ins
	@scripts/run.sh

test: ## set up what is missing; checks, unit, property, database, HTTP, wasm and browser tests, sizes, fuzzing
	@scripts/test.sh

bench: ## measure against raw SQL on the same database (takes minutes; not part of the tests)
	@scripts/bench.sh

watch: ## development build that is made and started again whenever a source changes
	@scripts/watch.sh

release: ## build what runs in production: the optimised server and the browser's files
	@scripts/release.sh

site: ## build the browser's files only, and print their sizes
	@scripts/stage.sh site

check: ## formatting and lints
	@scripts/test.sh format lint lint-browser

fmt: ## format all Rust sources
	@cargo fmt --all

test-rust: ## unit, property, database and HTTP tests
	@scripts/test.sh rust

test-wasm: ## browser and server give the same verdicts
	@scripts/test.sh site wasm

e2e: ## end-to-end tests in Chromium; SPEC="calendar" picks some
	@scripts/test.sh site server e2e

screenshot: ## the calendar's picture in the README, made anew
	@E2E_SCREENSHOT=1 E2E_CLOCK=2026-11-24T09:37:00Z SPEC=screenshot scripts/test.sh site server e2e

fuzz: ## the REST door against its own description, as three roles
	@scripts/test.sh server fuzz

db-shell: ## psql on the private database of a running server
	@scripts/db-shell.sh

reset: ## delete the private database with all its data
	@scripts/reset.sh
