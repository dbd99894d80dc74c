#!/usr/bin/env bash
# Compares models of surnames, prints some names drawn from each, and what it took. `make demo` builds and runs it.
# CHAINRULE names another program to show, DATA another file of lines.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Without --model: the default models of all families (tables, Markov, variable order, recurrent) and lengths (eos, halt, tau).
"${CHAINRULE:-.build/release/chainrule}" compare "${DATA:-Examples/Data/surnames.txt}" --seed 1 --samples 6
