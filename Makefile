# Build, test and show Chainrule. `make` alone lists the targets.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build test library demo bench lint docs clean

# One release build serves the tests, the demo and the benchmarks. `swift test` would otherwise compile everything a
# second time for `@testable import`; tests reach what is not public through `package` access instead. Warnings are
# errors by Package.swift.
RELEASE := -c release
TESTS := $(RELEASE) --disable-testable-imports

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the libraries and programs that are missing (through apt)
	@.ci/setup

build: setup ## build the program: .build/release/chainrule
	@swift build $(RELEASE) --product chainrule

test: setup ## run all tests; all that they print is in .build/test.log
	@Tests/run.sh $(TESTS)

library: setup ## build and run Examples/Library, a package that depends on this one, in debug and in release
	@for mode in debug release; do \
	  swift run -c $$mode --package-path Examples/Library Library Examples/Data/given-names.txt; done

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

docs: setup ## extract the public interface, and say where the guides are
	@swift package $(RELEASE) dump-symbol-graph | sed -n 's/^Files written to/Symbol graphs of the public interface:/p'
	@echo "Guides: Documentation/"

clean: ## remove what was built
	@swift package clean
