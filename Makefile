# Plimsoll: every target works as the first and only command of a clean clone on a machine that has
# the Swift toolchain and apt. `make` alone lists them.

SHELL := bash
.SHELLFLAGS := -o pipefail -ec
.DEFAULT_GOAL := help
.PHONY: help demo test test-swift test-schemas test-library-door lint bench extremes coverage clean toolchain packages test-packages

# The toolchain: SWIFT=… on the command line, else PATH, else where installers put it.
SWIFT ?= $(firstword $(wildcard $(shell command -v swift 2>/dev/null) $(HOME)/.local/share/swiftly/bin/swift \
	$(HOME)/.swiftly/bin/swift /opt/swift/usr/bin/swift /usr/local/swift/usr/bin/swift /usr/share/swift/usr/bin/swift))
SWIFT := $(SWIFT)

# One configuration for the command and its tests, so that both share one build.
RELEASE := -c release
COMMAND := .build/release/plimsoll
BOOK := notebooks-data/books/crypto-desk
DEMO := demo-report
REPORTS := .build/test-reports
DOCUMENTS := .build/test-documents
LINTED := Package.swift Sources Tests $(wildcard Benchmarks/Package.swift Benchmarks/Sources)

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: toolchain packages ## build for release, run the sample book, say where the report is
	@echo "Building plimsoll for release (the first build takes a minute or two) …"
	@$(SWIFT) build $(RELEASE) --product plimsoll
	@$(COMMAND) run $(BOOK) --out $(DEMO)
	@$(COMMAND) report $(DEMO) --html $(DEMO)/report.html
	@echo
	@echo "The whole report is $(DEMO)/report.json. Why an account's figures are what they are:"
	@echo "  $(COMMAND) explain $(BOOK) put-spread-0004"

test: toolchain packages test-packages test-swift test-schemas test-library-door ## build and run everything that is checked
	@echo "All checks passed."

test-swift: toolchain packages
	@mkdir -p .build
	@$(SWIFT) test $(RELEASE) --disable-testable-imports 2>&1 | tee .build/test.log

# Reports of every sample book, of a desk large enough for accounts.jsonl, and the documents that the
# tests themselves laid aside, against the schemas.
test-schemas: test-swift test-packages
	@rm -rf $(REPORTS) && mkdir -p $(REPORTS)
	@$(COMMAND) sample $(REPORTS)/large --accounts 1001 --seed 11 --quiet
	@for book in notebooks-data/books/*/ $(REPORTS)/large/; do \
		out=$(REPORTS)/$$(basename $$book)-report; \
		$(COMMAND) run $$book --out $$out --quiet > /dev/null || [ $$? -eq 2 ]; \
	done
	@$(COMMAND) replay notebooks-data/books/sell-off notebooks-data/books/sell-off/afternoon \
		notebooks-data/books/sell-off/night --history --surface --out $(REPORTS)/sell-off-replay --quiet
	@$(COMMAND) backtest $(BOOK) --method monte_carlo --paths 500 --days 30 --window 60 --accounts --format json \
		--quiet > $(REPORTS)/backtest.json
	@$(COMMAND) calibrate $(BOOK) --format json > $(REPORTS)/calibration.json
	@python3 Tests/SchemaValidation/validate.py $(COMMAND) notebooks-data $(REPORTS) $(DOCUMENTS)

test-library-door: test-swift
	@echo "Building the package that depends on this one …"
	@$(SWIFT) run --package-path Tests/LibraryDoor --scratch-path .build/library-door LibraryDoor

lint: toolchain ## check the format of every source
	@$(SWIFT) format lint --strict --recursive --parallel $(LINTED)
	@echo "Format: nothing to say."

bench: toolchain packages ## measure speed, one JSON line a benchmark
	@$(SWIFT) build $(RELEASE) --product plimsoll
	@python3 Benchmarks/nightly.py $(COMMAND)
	@$(SWIFT) run -c release --package-path Benchmarks --scratch-path .build/benchmarks

extremes: toolchain packages ## ten million random options: finite figures or a refusal by name
	@PLIMSOLL_EXTREMES=10000000 $(SWIFT) test $(RELEASE) --disable-testable-imports --filter randomExtremes

coverage: toolchain packages ## a thousand repeats: how many intervals of value at risk hold the true one
	@PLIMSOLL_COVERAGE=1000 $(SWIFT) test $(RELEASE) --disable-testable-imports --filter "ReplicateCoverageTests|CoverageTests"

clean: ## remove what was built
	@rm -rf .build $(DEMO)

toolchain:
	@[ -n "$(SWIFT)" ] || { echo "No Swift toolchain found: install Swift 6.2 or later (swift.org/install), or say SWIFT=/path/to/swift" >&2; exit 1; }

packages:
	@.ci/packages "pkg-config --exists lapack blas clp sqlite3" liblapack-dev libblas-dev coinor-libclp-dev libsqlite3-dev pkg-config

test-packages:
	@.ci/packages "python3 -c 'import jsonschema'" python3-jsonschema
