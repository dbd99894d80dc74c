"""The G-tests of Tests/InferenceTests/DependenceTests.swift by SciPy: for each context a contingency table without its
empty rows and columns, tested by scipy.stats.chi2_contingency with the log-likelihood ratio; statistics and degrees of
freedom are added up. Mutual information from the same tables.

    python3 order_tests.py
"""
from collections import Counter

import numpy as np
from scipy.stats import chi2, chi2_contingency

import random

random.seed(5)
sequences = []
for length in [60, 3, 1, 45, 0, 80, 30, 2, 41]:
    y = []
    for t in range(length):
        likely = (y[-1] + y[-2]) % 3 if t > 1 and random.random() < 0.5 else random.randrange(3)
        y.append(likely)
    sequences.append("".join("abc"[s] for s in y))
print(sequences)

for order in range(3):
    tables = {}
    for s in sequences:
        for t in range(order + 1, len(s)):
            tables.setdefault(s[t - order : t], Counter())[s[t - order - 1], s[t]] += 1
    g, freedom = 0.0, 0
    for counts in tables.values():
        rows = sorted({a for a, _ in counts})
        columns = sorted({b for _, b in counts})
        table = np.array([[counts[a, b] for b in columns] for a in rows])
        if min(table.shape) > 1:
            found = chi2_contingency(table, correction=False, lambda_="log-likelihood")
            g += found.statistic
            freedom += found.dof
    print(order, repr(g), freedom, repr(chi2.sf(g, freedom)))
