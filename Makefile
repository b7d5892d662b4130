# What a newcomer needs: `make demo` and `make test`. Everything built lies outside the clone, so that a fresh clone
# builds quickly where another one was built before.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/motcua
JOBS ?= 2
DEBUG := --scratch-path "$(CACHE)/debug" -debug-info-format none
RELEASE := --scratch-path "$(CACHE)/release" -debug-info-format none -c release --product motcua

.PHONY: demo test lint format build release bench clean help

help: ## This list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s '|'

demo: release ## A working day of a province, played through the API on a fresh embedded database
	@exec "$$(swift build $(RELEASE) --show-bin-path)/motcua" demo $(ARGS)

# One test at a time: many start servers, cut connections and watch deadlines, and would only measure each other.
test: lint ## Format, documentation, and all tests
	@scripts/install.sh
	@scripts/install-readers.sh
	@scripts/install-browser.sh
	swift build --build-tests $(DEBUG) -j $(JOBS)
	swift test --skip-build --disable-xctest --no-parallel $(DEBUG)

lint: ## Format and the rules that the formatter does not know
	swift format lint --strict --parallel --recursive Package.swift Sources Tests
	scripts/lint.sh

format: ## Brings all Swift files into form
	swift format --in-place --parallel --recursive Package.swift Sources Tests

build: ## A debug build
	@scripts/install.sh
	swift build $(DEBUG) -j $(JOBS)

release: ## A release build
	@scripts/install.sh
	swift build $(RELEASE) -j $(JOBS)

bench: ## What Benchmarks/README.md describes; ARGS=--quick for one short round
	@scripts/install.sh
	Benchmarks/run $(ARGS)

clean: ## Removes what was built
	rm -rf "$(CACHE)/debug" "$(CACHE)/release" "$(CACHE)/benchmarks"
