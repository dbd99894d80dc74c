#!/usr/bin/env bash
# Counting and asking Markov models of words, as ratios to sorting the lines: Benchmarks/counting/run.sh TEXT [BYTES]
set -euo pipefail
cd "$(dirname "$0")/../.."
program=${CHAINRULE:-.build/release/chainrule}
if [ $# -lt 1 ]; then
  echo "counting: give a text with a sentence a line to make the corpus of; left out"
  exit 0
fi
swift build -c release -debug-info-format none --product CountingBenchmark >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.build/release/CountingBenchmark "$1" "${2:-100000000}" "$program" "$folder"
