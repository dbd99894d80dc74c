#!/usr/bin/env bash
# Piano rolls: nats a frame of Markov models and networks beside published figures, one table a data set.
# usage: run.sh FOLDER, which holds jsb_chorales.json and piano_midi.json: {"train": [piece…], "valid": …, "test": …}, a piece being
# a list of frames and a frame a list of MIDI pitches (the data of Boulanger-Lewandowski, Bengio and Vincent 2012).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
data=${1:-}
if [[ -z $data ]]; then echo "This needs data that are not part of this package: run.sh FOLDER (see README.md)."; exit 0; fi
chainrule=${CHAINRULE:-.build/release/chainrule}
here=Benchmarks/music

common=(--model 'markov:0,emission=bernoulli' --model 'markov:1,components=tables,start=shared' --model 'markov:1')
network='emission=bernoulli:autoregressive'
"$chainrule" compare "$data/jsb_chorales.json" --skip-first --published $here/published.tsv "${common[@]}" \
  --model 'gru:128,emission=bernoulli' --model 'lstm:128,emission=bernoulli' \
  --model "gru:128,$network" --model "gru:128,$network,dropout=0.5" --model "gru:128,$network,augment=transpose:6"
"$chainrule" compare "$data/piano_midi.json" --skip-first --published $here/published-piano.tsv "${common[@]}" \
  --model 'markov:4' --model 'gru:128,emission=bernoulli' --model "gru:128,$network" \
  --model "gru:128,$network,augment=transpose:6"
