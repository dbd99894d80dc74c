#!/usr/bin/env bash
# Real values: nats a step of autoregressions and networks on Japanese vowels (12 numbers a step, nine speakers) and on the pickup
# gesture (1 number), with and without the class as x, with and without the step before as input, and with noise as wide as the
# lattice of the gesture's values.
# usage: run.sh FOLDER, which holds JapaneseVowels_TRAIN.ts, PickupGestureWiimoteZ_TRAIN.ts and the same with TEST, as sktime and aeon
# have them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
data=${1:-}
if [[ -z $data ]]; then echo "This needs data that are not part of this package: run.sh FOLDER (see README.md)."; exit 0; fi
chainrule=${CHAINRULE:-.build/release/chainrule}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Without the class, which would be x.
for file in JapaneseVowels PickupGestureWiimoteZ; do
  for part in TRAIN TEST; do
    awk 'isData { sub(/:[^:]*$/, "") } tolower($1) == "@classlabel" { $0 = "@classLabel false" }
      tolower($1) == "@data" { isData = 1 } { print }' "$data/${file}_$part.ts" > "$folder/${file}_$part.ts"
  done
done

compare() { # compare FOLDER DATA OPTION…
  "$chainrule" compare "$1/$2_TRAIN.ts" --test "$1/$2_TEST.ts" --quiet "${@:3}"
  echo
}
networks=(--model 'gru:64,emission={gaussian:diagonal,gaussian:full,mixture:5}')
echo "== Japanese vowels"
compare "$folder" JapaneseVowels --model 'markov:{1,2},emission={gaussian:diagonal,gaussian:full}' \
  --model 'markov:{1,2},start=own' "${networks[@]}"
echo "== Japanese vowels, the speaker as x"
compare "$data" JapaneseVowels --model 'markov:1' --model 'markov:1,start=own' \
  --model 'gru:64,emission=gaussian:full,feedback={none,output}' --model 'gru:64,emission=mixture:5'
echo "== Japanese vowels: every way to end, against the lengths of the test data"
compare "$data" JapaneseVowels --lengths --model 'gru:64,emission=gaussian:full' | tail -13
gesture=(--model 'markov:{1,2,3}' --model 'gru:64,emission={gaussian:diagonal,mixture:5}')
echo "== pickup gesture"
compare "$folder" PickupGestureWiimoteZ "${gesture[@]}"
echo "== pickup gesture, rounded to 1/26: with noise of that width"
compare "$folder" PickupGestureWiimoteZ --jitter 0.0385 "${gesture[@]}"
