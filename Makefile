# Build, test and show Chainrule. `make` alone lists the targets.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build install recipes test library python notebooks wheel demo bench lint docs clean

# One release build serves the tests, the demo and the benchmarks. `swift test` would otherwise compile everything a
# second time for `@testable import`; tests reach what is not public through `package` access instead. Warnings are
# errors by Package.swift.
# Without debug information the build is 8 % shorter, and the program a third as large.
RELEASE := -c release -debug-info-format none
TESTS := $(RELEASE) --disable-testable-imports

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the libraries and programs that are missing (through apt)
	@.ci/setup

build: setup ## build the program, .build/release/chainrule, and the C interface, libChainruleC.so
	@for product in chainrule ChainruleC; do swift build $(RELEASE) --product $$product; done

PREFIX ?= /usr/local
install: build ## install program, manual pages, completions, C interface: make install PREFIX=/usr/local
	@.ci/install "$(PREFIX)"

recipes: build ## run the recipes of Examples/recipes.sh
	@Examples/recipes.sh

test: setup ## run all tests; all that they print is in .build/test.log
	@Tests/run.sh $(TESTS)

# It shares the build folder: what is compiled already is not compiled again for it.
library: setup ## build and run Examples/Library, a package that depends on this one, in debug and in release
	@for mode in "-c debug" "$(RELEASE)"; do \
	  swift run $$mode --package-path Examples/Library --scratch-path .build Library Examples/Data/given-names.txt; done

# Python and the packages with which ours is checked and the notebooks run.
VENV := .build-python/venv
$(VENV): Python/pyproject.toml Notebooks/requirements.txt
	@python3 -m venv $(VENV)
	@$(VENV)/bin/pip install -q --disable-pip-version-check -e './Python[dev]' -r Notebooks/requirements.txt
	@touch $(VENV)

python: build $(VENV) ## check the Python package: style, types and tests
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" Python/check.sh

notebooks: build $(VENV) ## execute the notebooks, which fail where their conclusions do not hold
	@$(VENV)/bin/python Notebooks/execute.py Notebooks/*.ipynb

wheel: setup ## build a Python wheel that carries the program: Python/dist
	@Python/make-wheel.sh

demo: build ## compare the default models on surnames, and draw from some of them
	@Examples/demo.sh

bench: build ## run every benchmark
	@shopt -s nullglob; scripts=(Benchmarks/*/run.sh); \
	if (($${#scripts[@]} == 0)); then echo "There is no benchmark yet: see Benchmarks/README.md."; exit 0; fi; \
	echo "Benchmarks: $${scripts[*]}"; \
	for script in "$${scripts[@]}"; do echo; echo "== $$script"; "$$script"; done

lint: ## check the style of all Swift files
	@swift format lint --strict --parallel --recursive Sources Tests Examples/Library/*.swift Package.swift \
	  $$(find Benchmarks -name '.build*' -prune -o -name '*.swift' -print)

docs: setup ## build the documentation of the library for a browser: .build/docs/index.html
	@rm -rf .build/docs .build/docs.symbols && mkdir -p .build/docs.symbols
	@swift package $(RELEASE) dump-symbol-graph --minimum-access-level public > .build/docs.log
	@cd "$$(sed -n 's/^Files written to //p' .build/docs.log)" && \
	  cp $$(ls *.symbols.json | grep -v -e Tests -e ^C[A-Z]) "$(CURDIR)/.build/docs.symbols"
	@docc convert Sources/Chainrule/Chainrule.docc --additional-symbol-graph-dir .build/docs.symbols \
	  --output-dir .build/docs --fallback-display-name Chainrule --fallback-bundle-identifier Chainrule \
	  --transform-for-static-hosting --experimental-documentation-coverage --coverage-summary-level brief \
	  > .build/docs.log 2>&1 || { cat .build/docs.log; exit 1; }
	@grep -A 4 "Abstract  " .build/docs.log
	@echo "Documentation of the library: .build/docs/index.html; guides: Documentation/"

clean: ## remove what was built
	@swift package clean
	@rm -rf .build-python .build-wheel Python/dist
