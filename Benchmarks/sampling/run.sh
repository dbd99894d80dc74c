#!/usr/bin/env bash
# Draws from recurrent networks of 128 units, Chainrule's and PyTorch's in turn. usage: run.sh [--no-torch] [--rounds N]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

torch=1 rounds=1
while (($#)); do
  case $1 in
    --no-torch) torch=0 ;;
    --rounds) rounds=${2:?--rounds needs a number}; shift ;;
    *) sed -n '2s/^# .*usage: /usage: /p' "$0" >&2; exit 64 ;;
  esac
  shift
done

swift build -c release -debug-info-format none --product SamplingBenchmark >/dev/null
ours=.build/release/SamplingBenchmark
if ((torch)) && ! Benchmarks/pytorch.sh --check; then
  echo "PyTorch is not installed (Benchmarks/pytorch.sh installs it): Chainrule alone." >&2
  torch=0
fi
((torch)) || exec "$ours"

lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
Benchmarks/pytorch.sh
for ((round = 0; round < rounds; round++)); do
  "$ours" >>"$lines"
  Benchmarks/pytorch.sh Benchmarks/sampling/pytorch.py >>"$lines"
done
Benchmarks/pytorch.sh Benchmarks/ratios.py "$lines"
