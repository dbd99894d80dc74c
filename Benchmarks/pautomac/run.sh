#!/usr/bin/env bash
# Scores a model on the problems of the PAutomaC competition in a folder, against the true machines.
# usage: Benchmarks/pautomac/run.sh FOLDER [MODEL...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
CHAINRULE=${CHAINRULE:-.build/release/chainrule}
if [ $# -eq 0 ]; then
  echo "no folder with the problems of PAutomaC was given (N.pautomac.train, .test, _solution.txt): left out"
  exit 0
fi
folder=$1
shift
models=("$@")
[ ${#models[@]} -gt 0 ] || models=("markov:8,smoothing=witten-bell,tune=leave-one-out/eos")
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

for model in "${models[@]}"; do
  : >"$temporary/scores"
  for solution in $(ls "$folder" | grep '_solution\.txt$' | sort -n); do
    number=${solution%%.*}
    train=$(ls "$folder/$number.pautomac.train"* | head -1)
    test=$(ls "$folder/$number.pautomac.test"* | head -1)
    "$CHAINRULE" train "$train" --input-format pautomac --model "$model" -o "$temporary/model" --quiet
    "$CHAINRULE" score "$temporary/model" "$test" --input-format pautomac --per sequence --json --quiet \
      >"$temporary/$number.json"
    echo "$number $folder/$solution $temporary/$number.json" >>"$temporary/scores"
  done
  echo "$model"
  python3 Benchmarks/pautomac/table.py "$temporary/scores"
done
