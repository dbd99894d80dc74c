"""Masks letters, by a seed: mask.py names|text|fifth FILE."""

import random
import sys

kind, path = sys.argv[1:]
lines = [line.rstrip("\n") for line in open(path)]
if kind == "names":
    # Two gaps in each of the first 1,000 names that have three letters.
    random.seed(1)
    for name in [name for name in lines if len(name) >= 3][:1000]:
        gaps = set(random.sample(range(len(name)), 2))
        print("".join("?" if i in gaps else letter for i, letter in enumerate(name)))
elif kind == "text":
    random.seed(2)
    text = " ".join(lines)[:10_000]
    gaps = set(random.sample(range(len(text)), 500))
    print("".join("?" if i in gaps else letter for i, letter in enumerate(text)))
else:
    random.seed(20)
    for name in lines:
        print("".join("?" if random.random() < 0.2 else letter for letter in name))
