"""Holds each sequence's likelihood in an ARPA file of ours against KenLM's, read from the same file.
usage: kenlm_scores.py MODEL DATA [--symbols words]   (a model file with an end symbol, as `chainrule train` writes it)

Needs the module kenlm (pip install kenlm, in an environment of its own) and the program, built: .build/release/chainrule,
or what CHAINRULE says. Compares chainrule's score of MODEL itself, in double precision, with KenLM's of what
`chainrule convert` makes of it; both as log10. The largest difference must be below 1e-4."""

import json
import math
import os
import re
import subprocess
import sys
import tempfile

import kenlm

program = os.environ.get("CHAINRULE", ".build/release/chainrule")
model, data, options = sys.argv[1], sys.argv[2], sys.argv[3:]
asWords = "words" in options


def written(symbol):
    """A symbol as the ARPA file has it."""
    symbol = re.sub(r"^<(?=/?s>$|unk>$)", "<U+003C>", symbol, flags=re.I) if not asWords else symbol
    return re.sub(r"\s", lambda blank: "<U+%04X>" % ord(blank.group()), symbol)


with tempfile.TemporaryDirectory() as folder:
    arpa = os.path.join(folder, "model.arpa")
    subprocess.run([program, "convert", model, "-o", arpa, "--quiet"], check=True)
    theirs = kenlm.Model(arpa)
answer = subprocess.run(
    [program, "score", model, data, "--per", "sequence", "--json"] + options, check=True, capture_output=True)
ours = [-float(sequence["nats"]) / math.log(10) for sequence in json.loads(answer.stdout)["sequences"]]

with open(data, encoding="utf-8") as file:
    lines = file.read().split("\n")
if lines[-1] == "":
    lines.pop()
assert len(lines) == len(ours), (len(lines), len(ours))
worst = 0.0
for line, score in zip(lines, ours):
    symbols = line.split() if asWords else list(line)
    other = theirs.score(" ".join(written(symbol) for symbol in symbols), bos=True, eos=True)
    if score > -math.inf:  # KenLM has no 0
        worst = max(worst, abs(other - score))
print(f"{data}: order {theirs.order}, {len(lines)} sequences, largest difference of log10 P: {worst:.2e}")
sys.exit(0 if worst < 1e-4 else 1)
