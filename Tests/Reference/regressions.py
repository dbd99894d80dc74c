"""Reference values of regressions on earlier vectors by NumPy, SciPy and statsmodels, with their data, as
Tests/AutoregressionTests/ReferenceTests.swift reads them. usage: regressions.py > regressions.json"""

import json

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy.optimize import minimize

rng = np.random.default_rng(7)


def reals():
    """Sequences of 1 to 9 vectors of a stable vector autoregression."""
    a = np.array([[0.6, -0.3], [0.2, 0.5]])
    sequences = []
    for _ in range(40):
        y, rows = rng.normal(size=2), []
        for _ in range(rng.integers(1, 10)):
            y = [3, -1] + a @ (y - [3, -1]) + np.array([[1, 0], [0.7, 0.4]]) @ rng.normal(size=2)
            rows.append(np.round(y, 6).tolist())
        sequences.append(rows)
    return sequences


def counts():
    sequences = []
    for _ in range(40):
        y, rows = np.array([1.0, 2.0]), []
        for _ in range(rng.integers(1, 10)):
            mean = np.exp(0.3 + np.array([[0.5, 0.1], [-0.2, 0.6]]) @ np.log1p(y))
            y = rng.poisson(mean * rng.gamma(2, 1 / 2, size=2)).astype(float)
            rows.append(y.tolist())
        sequences.append(rows)
    return sequences


def bits():
    sequences = []
    for _ in range(40):
        y, rows = np.zeros(3), []
        for _ in range(rng.integers(1, 10)):
            z = np.zeros(3)
            for i in range(3):
                z[i] = rng.random() < 1 / (1 + np.exp(-(-0.5 + 1.5 * y[i] - y[i - 1] + 2 * z[:i].sum())))
            y = z
            rows.append(y.tolist())
        sequences.append(rows)
    return sequences


def design(sequences, k, lag=lambda y: y):
    """1, indicators of the first k steps, and the k last elements, zeros where there are none."""
    x, y = [], []
    for rows in map(np.array, sequences):
        for t in range(len(rows)):
            lags = [lag(rows[t - j]) if t >= j else np.zeros(rows.shape[1]) for j in range(1, k + 1)]
            x.append(np.concatenate([[1.0], [float(t == i) for i in range(k)], *lags]))
            y.append(rows[t])
    return np.array(x), np.array(y)


def normal(residuals, covariance):
    z = np.linalg.solve(np.linalg.cholesky(covariance), residuals.T)
    return float(-0.5 * (z**2).sum() - len(residuals) * (np.linalg.slogdet(covariance)[1] / 2 + np.log(2 * np.pi)))


def gaussian(sequences, k):
    x, y = design(sequences, k)
    residuals = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    covariance = residuals.T @ residuals / len(y)
    scales = np.diag(y.var(0))
    return {
        "gaussian": normal(residuals, scales),
        "gaussian:diagonal": normal(residuals, np.diag(np.diag(covariance))),
        "gaussian:full": normal(residuals, covariance),
    }


def own_start(sequences):
    """The first step by a mean and covariance of its own, the others by a regression of order 1."""
    first = np.array([s[0] for s in sequences])
    total = normal(first - first.mean(0), np.cov(first.T, bias=True))
    later = [(s[t - 1], s[t]) for s in sequences for t in range(1, len(s))]
    x, y = np.array([[1.0, *a] for a, _ in later]), np.array([b for _, b in later])
    residuals = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    return total + normal(residuals, residuals.T @ residuals / len(y))


def count_models(sequences, k):
    x, y = design(sequences, k, np.log1p)
    poisson = [sm.GLM(y[:, i], x, family=sm.families.Poisson()).fit(tol=1e-12).llf for i in range(2)]
    negative = [
        sm.NegativeBinomial(y[:, i], x).fit(method="bfgs", maxiter=2000, gtol=1e-9, disp=0).llf for i in range(2)
    ]
    return {"poisson": float(sum(poisson)), "negative-binomial": float(sum(negative))}


def logistic(sequences, k, ridge, looks_lower):
    """Penalised logistic regressions after half a 1 and half a 0 more, in a row with the intercept alone."""
    x, y = design(sequences, k)
    total = 0.0
    for i in range(y.shape[1]):
        rows = np.hstack([x, y[:, :i]]) if looks_lower else x
        sign = 2 * y[:, i] - 1

        def loss(w):
            margins = sign * (rows @ w)
            half = (np.logaddexp(0, w[0]) + np.logaddexp(0, -w[0])) / 2
            p = 1 / (1 + np.exp(margins))
            gradient = -rows.T @ (sign * p) + ridge * np.concatenate([[0], w[1:]])
            gradient[0] += 1 / (1 + np.exp(-w[0])) - 0.5
            return np.logaddexp(0, -margins).sum() + half + ridge / 2 * (w[1:] ** 2).sum(), gradient

        w = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 5000}).x
        total -= np.logaddexp(0, -sign * (rows @ w)).sum()
    return float(total)


real, count, bit = reals(), counts(), bits()
values = []
for k in (0, 1, 2):
    values += [[f"markov:{k},emission={name}", "reals", value] for name, value in gaussian(real, k).items()]
    # The smallest ridge is next to none.
    values += [
        [f"markov:{k},emission={name},ridge=1e-06", "counts", value] for name, value in count_models(count, k).items()
    ]
    values.append([f"markov:{k},emission=bernoulli,ridge=1.5", "bits", logistic(bit, k, 1.5, False)])
    values.append([f"markov:{k},emission=bernoulli:autoregressive,ridge=0.5", "bits", logistic(bit, k, 0.5, True)])
values.append(["markov:1,emission=gaussian:full,start=own", "reals", own_start(real)])
print(
    json.dumps(
        {
            "made by": f"NumPy {np.__version__}, SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}",
            "reals": real, "counts": count, "bits": bit,
            "log-likelihoods of the elements": [{"word": w, "data": d, "value": v} for w, d, v in values],
        }
    )
)
