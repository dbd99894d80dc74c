#!/usr/bin/env bash
# Recipes: what people do with sequences, each a few commands. usage: recipes.sh [--all | NAME…]
#
# Each recipe is run from the root of the repository, in a folder that is deleted in the end. Those marked "long" or
# "download" are run with --all, or by name.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
data=$root/Examples/Data
# CHAINRULE counts from the folder of the caller.
chainrule=$(cd "$OLDPWD" && realpath -m -- "${CHAINRULE:-$root/.build/release/chainrule}")
[[ -f $chainrule && -x $chainrule ]] || { echo "There is no $chainrule: run make build, or say where it is with CHAINRULE=…" >&2; exit 66; }
chainrule() { "$chainrule" "$@"; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# Which of some models explains names best, and draws from it.
compare_and_draw() {
  chainrule compare "$data/given-names.txt" --model markov:2 --model markov:4 --model gru:32,epochs=10 --samples 3
  chainrule train "$data/given-names.txt" --model markov:4 -o names.safetensors -q
  chainrule sample names.safetensors -n 5
}

# How improbable are given passwords? Nats, and the part of each letter.
score_words() {
  chainrule train "$data/given-names.txt" --model markov:3,smoothing=pitman-yor --alphabet a-z -o names.safetensors -q
  printf 'emma\nxqzzt\n' | chainrule score names.safetensors - --per sequence
  echo emma | chainrule score names.safetensors - --per symbol --csv
}

# Ten folds: each sequence is tested once.
cross_validation() {
  chainrule compare "$data/given-names.txt" --folds 10 --alphabet a-z --model markov:3 --model ctw:4 --by length
}

# A file of counts, name<TAB>count.
counted_names() {
  awk 'NR % 10 == 0 { print $1 "\t" 1 + NR % 7 }' "$data/given-names.txt" >counts.tsv
  chainrule compare counts.tsv --weights --model markov:1 --model markov:2
}

# A grid of models from a file, its results kept, and a table for a paper.
experiment() {
  cat >grid.yaml <<YAML
data: {train: $data/given-names.txt, alphabet: a-z}
models: ["markov:{1,2,3}/{eos,halt}"]
measure: {samples: 5}
outputs: {latex: table.tex}
YAML
  chainrule run grid.yaml -q
  chainrule runs list grid.sqlite
  cat table.tex
}

# Does a word depend on the one before? Order tests, and the edges of the graph.
dependence() {
  chainrule independence "$data/given-names.txt" --max-order 3
  chainrule graph markov:2 --separated "y1 ; y4 | y2, y3"
}

# What is known of a name, and the rest asked for: endings, gaps, and the letter that does not fit.
evidence() {
  chainrule train "$data/given-names.txt" --model markov:4 --alphabet a-z -o names.safetensors -q
  chainrule score names.safetensors --matching '.*(son|sen)'
  chainrule sample names.safetensors --matching 'a.*(son|sen)' -n 3
  printf 'em?a\nj?hn[aeiou]\n' | chainrule fill names.safetensors - --most-probable 2
  echo olivqa | chainrule score names.safetensors - --two-sided --per symbol
}

# download: children's songs, ten folds, beside a published figure (Pearce 2005).
melodies() {
  python3 "$root/Examples/Recipes/melodies.py" kinder.txt
  chainrule compare kinder.txt --symbols words --folds 10 --alphabet from:kinder.txt --published "$root/Examples/Recipes/melodies.tsv" \
    --model markov:5,smoothing=pitman-yor --model markov:5 --model ctw:4
}

# long: the grid of Examples/Experiments/names.yaml, 36 runs.
names_grid() { chainrule run "$root/Examples/Experiments/names.yaml" --runs "$folder/names.sqlite"; }

quick=(compare_and_draw score_words cross_validation counted_names experiment dependence evidence)
names=("$@")
((${#names[@]})) || names=("${quick[@]}")
if [[ ${names[0]} == --all ]]; then
  ((${#names[@]} == 1)) || { echo "--all runs every recipe: leave the names out, or --all." >&2; exit 64; }
  names=("${quick[@]}" melodies names_grid)
fi
for name in "${names[@]}"; do
  declare -F "$name" >/dev/null || { echo "There is no recipe $name: ${quick[*]} melodies names_grid" >&2; exit 64; }
  echo "== $name"
  "$name"
done
