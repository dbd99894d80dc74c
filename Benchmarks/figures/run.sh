#!/usr/bin/env bash
# The project's published figures, old beside new. usage: Benchmarks/figures/run.sh DATA [--only TEXT] [--write]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
program=${CHAINRULE:-.build/release/chainrule}
if [ $# -eq 0 ]; then
  echo "figures: no folder with the data sets was given; left out"
  exit 0
fi
exec python3 Benchmarks/figures/figures.py "$program" "$@"
