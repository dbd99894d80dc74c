"""Reference values of distributions by SciPy, as Tests/ProbabilityTests/DistributionReferenceTests.swift and
Tests/EmissionTests/ReferenceTests.swift read them: name, parameters, value, log-density (natural), P(Y <= value). Lists are joined
by commas. Where SciPy's own sum cancels (large counts), mpmath computes the logarithm with 50 digits.
usage: distributions.py > distributions.tsv"""

import mpmath
import numpy
import scipy
from scipy import stats

mpmath.mp.dps = 50


def line(name, parameters, values, log_density, cumulative):
    numbers = [",".join(repr(float(number)) for number in numpy.ravel(part)) for part in (parameters, values)]
    print(name, *numbers, repr(float(log_density)), repr(float(cumulative)), sep="\t")


def poisson(y, mean):
    return y * mpmath.log(mean) - mean - mpmath.loggamma(y + 1)


def negative_binomial(y, mean, size):
    return (mpmath.loggamma(y + size) - mpmath.loggamma(size) - mpmath.loggamma(y + 1)
            - size * mpmath.log1p(mean / size) + y * mpmath.log(mean / (size + mean)))


print(f"# SciPy {scipy.__version__}, mpmath {mpmath.__version__}: name, parameters, value, log density, P(Y <= value)")
for mean, deviation in ((0.0, 1.0), (-3.25, 0.02), (1e3, 75.0)):
    distribution = stats.norm(mean, deviation)
    for z in (-6.0, -1.5, 0.0, 0.3, 4.0):
        y = mean + deviation * z
        line("norm", (mean, deviation), y, distribution.logpdf(y), distribution.cdf(y))

random = numpy.random.default_rng(18)
for width in (1, 2, 5, 12):
    for _ in range(3):
        mean, root = random.normal(size=width), random.normal(size=(width, width))
        covariance = root @ root.T / width + 0.1 * numpy.eye(width)
        distribution = stats.multivariate_normal(mean, covariance)
        y = mean + 1.5 * random.normal(size=width)
        # Not a number where there is no closed form.
        cumulative = distribution.cdf(y) if width == 1 else float("nan")
        line("multivariate_normal", (*mean, *covariance.ravel()), y, distribution.logpdf(y), cumulative)

for logit in (-20.0, -1.0, 0.0, 2.5, 9.0):
    # Of the probability of the other bit the logarithm of its complement: expit(9) has lost digits of P(0).
    for y, log_density in ((0, mpmath.log1p(-1 / (1 + mpmath.exp(-logit)))), (1, -mpmath.log1p(mpmath.exp(-logit)))):
        probability = scipy.special.expit(logit)
        assert abs(stats.bernoulli.logpmf(y, probability) - log_density) < 1e-7
        line("bernoulli", logit, y, log_density, scipy.special.expit(-logit) if y == 0 else 1)

for mean in (0.003, 1.0, 19.36, 1000.0, 1e6, 1e10):
    for y in sorted({0, 1, 2, 40, int(mean), int(mean + 3 * mean**0.5), int(2.5 * mean)}):
        value = poisson(mpmath.mpf(y), mpmath.mpf(mean))
        assert abs(stats.poisson.logpmf(y, mean) - value) < 1e-5 * max(1, abs(value)), (mean, y)
        line("poisson", mean, y, value, stats.poisson.cdf(y, mean))
    for size in (0.01, 0.7, 5.0, 300.0, 1e5, 1e10):
        for y in sorted({0, 1, 2, 40, int(mean), int(mean + 3 * mean**0.5), int(2.5 * mean)}):
            value = negative_binomial(mpmath.mpf(y), mpmath.mpf(mean), mpmath.mpf(size))
            distribution = stats.nbinom(size, 1 / (1 + mean / size))
            if size < 1e5 and mean < 1e5:
                assert abs(distribution.logpmf(y) - value) < 1e-7 * max(1, abs(value)), (mean, size, y)
            # SciPy's own beta function is off where size and mean are large together.
            cumulative = distribution.cdf(y) if size < 1e5 and mean < 1e5 else float("nan")
            line("nbinom", (mean, size), y, value, cumulative)
