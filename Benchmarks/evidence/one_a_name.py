"""The mean surprise of one letter a name, drawn by a seed, and of all letters: one_a_name.py NAME SURPRISE.csv."""

import csv
import random
import sys

name, path = sys.argv[1:]
random.seed(42)
names = {}
for row in csv.DictReader(open(path)):
    names.setdefault(row["sequence"], []).append((float(row["one_sided"]), float(row["two_sided"])))
masked = [random.choice(letters) for letters in names.values()]
every = [letter for letters in names.values() for letter in letters]


def means(rows):
    return " ".join(f"{sum(row[side] for row in rows) / len(rows):.4f}" for side in (0, 1))


print(f"{name}: left only, two-sided: {means(masked)} of one letter a name ({len(masked)} names); {means(every)} of all {len(every)}")
