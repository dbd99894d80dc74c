#!/usr/bin/env bash
# Compares models of surnames, then prints eight names drawn from each of a few. `make demo` builds and runs it.
# CHAINRULE names another program to show, DATA another file of lines.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

chainrule=${CHAINRULE:-.build/release/chainrule}
data=${DATA:-Examples/Data/surnames.txt}
models=(tabular/eos markov:3/eos gru:64/eos markov:3/halt gru:64/halt markov:3/tau gru:64/tau)

command -v "$chainrule" >/dev/null || { echo "There is no $chainrule yet: run make build first." >&2; exit 66; }

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Without --model: the default ladder over families (tabular, Markov, recurrent) and lengths (eos, halt, tau).
"$chainrule" compare "$data" --seed 1

echo
echo "Eight draws from each:"
for model in "${models[@]}"; do
  "$chainrule" train "$data" --model "$model" --quiet -o "$temporary/model.safetensors"
  draws=$("$chainrule" sample "$temporary/model.safetensors" -n 8 --seed 1)
  printf '%-14s  %s\n' "$model" "${draws//$'\n'/  }"
done

# The largest child's memory is known to this process, and still is once Python has taken its place.
rm -rf "$temporary"
printf '\n%s s' "$SECONDS"
python3 -c 'import resource' 2>/dev/null || { echo "; peak memory not measured (needs python3)"; exit; }
exec python3 -c '
import resource, sys
unit = 1 if sys.platform == "darwin" else 1024
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
print(f"; peak memory of one process {peak / 1e6:.0f} MB")'
