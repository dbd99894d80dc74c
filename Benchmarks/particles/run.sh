#!/usr/bin/env bash
# Particle estimates of gaps in names against enumeration, with and without a lookahead.
# usage: run.sh FOLDER [CASES], which holds lecture_seed42.train.txt and lecture_seed42.test.txt
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
data=${1:-}
if [[ -z $data ]]; then echo "This needs data that are not part of this package: run.sh FOLDER (see README.md)."; exit 0; fi
program=${CHAINRULE:-.build/release/chainrule}
swift build -c release -debug-info-format none --product ParticleBenchmark >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$program" train "$data/lecture_seed42.train.txt" --model gru:64 --seed 1 --quiet -o "$folder/gru.safetensors"
.build/release/ParticleBenchmark "$folder/gru.safetensors" "$data/lecture_seed42.test.txt" "${2:-500}"
