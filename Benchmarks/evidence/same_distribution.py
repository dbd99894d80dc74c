"""Whether two files of draws have one distribution, and how fast each was drawn: EXACT REJECTED and three times."""

import math
import sys
from collections import Counter

exact, rejected = ([line.rstrip("\n") for line in open(path)] for path in sys.argv[1:3])
start, middle, end = map(float, sys.argv[3:])
a, b = Counter(exact), Counter(rejected)
share = len(exact) / (len(exact) + len(rejected))
statistic, cells, rest = 0.0, 0, [0, 0]
for cell in set(a) | set(b):
    both = a[cell] + b[cell]
    if both * min(share, 1 - share) < 5:
        rest[0] += a[cell]
        rest[1] += b[cell]
        continue
    statistic += (a[cell] - both * share) ** 2 / (both * share * (1 - share))
    cells += 1
both = sum(rest)
if both:
    statistic += (rest[0] - both * share) ** 2 / (both * share * (1 - share))
    cells += 1
freedom = max(cells - 1, 1)
# Wilson and Hilferty's approximation of the chi-square distribution.
z = ((statistic / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / math.sqrt(2 / (9 * freedom))
p = 0.5 * math.erfc(z / math.sqrt(2))
fast, slow = len(exact) / (middle - start), len(rejected) / (end - middle)
print(
    f"chi-square {statistic:.1f} on {freedom} degrees of freedom, p = {p:.3f}; "
    f"{len(exact)} draws in {middle - start:.2f} s, {len(rejected)} by rejection in {end - middle:.2f} s: "
    f"{fast:.0f} and {slow:.0f} a second, {fast / slow:.1f} times as fast"
)
