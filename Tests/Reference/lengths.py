"""Reference values of the distributions of τ by SciPy, as Tests/ModelsTests/LengthReferenceTests.swift reads them: a line for each
distribution (mean, and size of the negative binomial), length n, log P(τ = n) and P(τ > n). usage: lengths.py > lengths.tsv"""

import scipy
from scipy import stats

print(f"# SciPy {scipy.__version__}: distribution, mean, size, n, log P(tau = n), P(tau > n)")
for mean in (0.25, 1.0, 6.1, 33.5, 400.0):
    kinds = {("poisson", 0.0): stats.poisson(mean), ("geometric", 0.0): stats.geom(1 / (1 + mean), loc=-1)}
    for size in (0.3, 2.0, 50.0, 1e5):
        kinds["negative-binomial", size] = stats.nbinom(size, size / (size + mean))
    for (name, size), distribution in kinds.items():
        for n in (0, 1, 2, 5, 17, 60, 250, 1000):
            # Tails that underflow are left out.
            if distribution.sf(n) > 1e-250:
                print(name, mean, size, n, repr(float(distribution.logpmf(n))), repr(float(distribution.sf(n))), sep="\t")
