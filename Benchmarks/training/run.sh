#!/usr/bin/env bash
# Whole training steps of recurrent networks on one thread: Chainrule's and PyTorch's, one configuration after the
# other. usage: run.sh [--no-torch] [--rounds N] [--vectors] [--names FILE] [--cells NAME…] [--units NUMBER…]
#
# --no-torch measures Chainrule alone, with two threads as well; so does a run where PyTorch is not installed
# (Benchmarks/pytorch.sh installs it, this script downloads nothing). The default is one round; with more, each
# configuration is measured by both sides in turn that many times. With --names the work is that file's lines, of
# different lengths, with a GRU of 64 units.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage() { sed -n '3s/^# .*usage: /usage: /p' "$0" >&2; exit 64; }

torch=1 rounds=1 names= vectors=0 cells=() units=() list=
while (($#)); do
  case $1 in
    --no-torch) torch=0 list= ;;
    --rounds) rounds=${2:?--rounds needs a number}; shift; list= ;;
    --vectors) vectors=1 list= ;;
    --names) names=${2:?--names needs a file}; shift; list= ;;
    --cells | --units) list=$1 ;;
    *)
      case $list in
        --cells) cells+=("$1") ;;
        --units) units+=("$1") ;;
        *) usage ;;
      esac ;;
  esac
  shift
done

swift build -c release -debug-info-format none --product TrainingBenchmark >/dev/null
ours=.build/release/TrainingBenchmark
((${#cells[@]})) || mapfile -t cells < <("$ours" --list)
((${#units[@]})) || units=(64 128 256 512)

if ((torch)) && ! Benchmarks/pytorch.sh --check; then
  echo "PyTorch is not installed (Benchmarks/pytorch.sh installs it): Chainrule alone." >&2
  torch=0
fi
if ((!torch)); then
  ((!vectors)) || exec "$ours" --vectors
  [[ -z $names ]] || exec "$ours" --names "$names"
  exec "$ours" --cells "${cells[@]}" --units "${units[@]}"
fi

lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
Benchmarks/pytorch.sh
if ((vectors)); then
  cells=()
  for ((round = 0; round < rounds; round++)); do
    "$ours" --vectors >>"$lines"
    Benchmarks/pytorch.sh Benchmarks/training/pytorch.py --vectors >>"$lines"
  done
fi
if [[ -n $names ]]; then
  cells=()
  for ((round = 0; round < rounds; round++)); do
    "$ours" --names "$names" >>"$lines"
    Benchmarks/pytorch.sh Benchmarks/training/pytorch.py --names "$names" >>"$lines"
  done
fi
for cell in "${cells[@]}"; do
  for number in "${units[@]}"; do
    echo "measuring $cell with $number units" >&2
    for ((round = 0; round < rounds; round++)); do
      "$ours" --lines --cells "$cell" --units "$number" >>"$lines"
      Benchmarks/pytorch.sh Benchmarks/training/pytorch.py --cells "$cell" --units "$number" >>"$lines"
    done
  done
done
Benchmarks/pytorch.sh Benchmarks/ratios.py "$lines"
