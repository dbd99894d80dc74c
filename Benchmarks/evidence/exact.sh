#!/usr/bin/env bash
# Exact answers given evidence, on names: exact.sh FOLDER, where lecture_seed42.{train,dev,test}.txt lie.
set -euo pipefail

data=$1
here=$(cd "$(dirname "$0")" && pwd)
chainrule=${CHAINRULE:-$here/../../.build/release/chainrule}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
train=$data/lecture_seed42.train.txt
dev=$data/lecture_seed42.dev.txt
test=$data/lecture_seed42.test.txt

echo "machine: $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs)"
for order in 2 3 4 5; do
  "$chainrule" train "$train" --valid "$dev" --model "markov:$order/eos" -o "m$order" -q
done

echo
echo "## One letter masked a name: nats of it given those before it, and given all others and the length"
for order in 2 4; do
  "$chainrule" score "m$order" "$test" --two-sided --per symbol --csv -q > surprise.csv
  python3 "$here/one_a_name.py" "markov:$order" surprise.csv
done

echo
echo "## 1,000 names with two gaps each: fill --marginals"
python3 "$here/mask.py" names "$test" > gaps.txt
time "$chainrule" fill m4 gaps.txt --marginals --csv -q > marginals.csv
wc -l < marginals.csv

echo
echo "## A sequence of 10,000 elements with 500 gaps, markov:3, 27 symbols"
python3 "$here/mask.py" text "$train" > long.txt
tr '\n' ' ' < "$train" > text.txt
"$chainrule" train text.txt --model markov:3/eos -o text3 -q
/usr/bin/env time -f '%e s, %M KB' "$chainrule" fill text3 long.txt --marginals --csv -q > marginals.csv
/usr/bin/env time -f '%e s, %M KB' "$chainrule" score text3 long.txt --missing '?'
/usr/bin/env time -f '%e s, %M KB' "$chainrule" fill text3 long.txt -q > /dev/null

echo
echo "## Draws of markov:5 that match a pattern, against rejection"
for pattern in 'a.*n' '.*(son|sen)'; do
  "$chainrule" score m5 --matching "$pattern"
  start=$(date +%s.%N)
  "$chainrule" sample m5 --matching "$pattern" -n 20000 -q > exact.txt
  middle=$(date +%s.%N)
  "$chainrule" sample m5 -n 8000000 --seed 2 -q | grep -E -x "$pattern" > rejected.txt
  end=$(date +%s.%N)
  python3 "$here/same_distribution.py" exact.txt rejected.txt "$start" "$middle" "$end"
done

echo
echo "## A fifth of the letters not known: markov:3 by Monte Carlo EM"
python3 "$here/mask.py" fifth "$train" > masked.txt
grep -v '?' masked.txt > whole.txt
for word in markov:3 markov:3,smoothing=pitman-yor:0.4 markov:3,smoothing=witten-bell; do
  "$chainrule" train "$train" --model "$word/eos" -o full -q
  "$chainrule" train masked.txt --missing '?' --model "$word/eos" -o em
  "$chainrule" train whole.txt --alphabet a-z --model "$word/eos" -o whole -q
  for model in full em whole; do
    echo "$word, $model: $("$chainrule" score "$model" "$test")"
  done
done
