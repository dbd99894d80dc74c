#!/usr/bin/env bash
# What kills and rivals do to an experiment: Benchmarks/experiments/run.sh [KILLS] [PAIRS]
#
# A grid of 12 models and 3 seeds on the bundled names is run once undisturbed, and once killed (SIGKILL) at random moments
# and started again; then two processes start at once on a new file of runs, and on one with the tables of the first version.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export CHAINRULE=${CHAINRULE:-$PWD/.build/release/chainrule}
exec python3 Benchmarks/experiments/disturbed.py "${1:-20}" "${2:-50}"
