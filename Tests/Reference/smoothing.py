"""Smoothed n-gram models with dictionaries and strings, of no speed: the independent reference for SmoothingTests.
usage: smoothing.py TRAIN TEST ORDER METHOD [interpolated|backoff]   (ORDER = n = k + 1)

METHOD: modified-kneser-ney, kneser-ney, absolute, witten-bell[:f], jelinek-mercer:l, pitman-yor (with the parameters of
PITMAN_YOR in every order).

An ngram is a string; "<" stands once before the first symbol, ">" after the last. As KenLM does it: counts of ngrams at
the highest order and of those that begin with "<" are raw; what an ngram x + g has been counted c times adds c^p to the
count of g (p = 1: raw counts, p = 0: numbers of left neighbours)."""

import math
import sys
from collections import Counter, defaultdict

train, test, order = sys.argv[1], sys.argv[2], int(sys.argv[3])
method, _, parameter = (sys.argv[4] if len(sys.argv) > 4 else "modified-kneser-ney").partition(":")
backoff = len(sys.argv) > 5 and sys.argv[5] == "backoff"
PITMAN_YOR = dict(discounts=[0.6, 1.0, 1.4], strength=0.5, alone=1.3)
exponent = {"modified-kneser-ney": 0, "kneser-ney": 0, "pitman-yor": 0.4}.get(method, 1)
lines = open(train, encoding="utf-8").read().split("\n")[:-1]

raw = Counter()
for line in lines:
    text = "<" + line + ">"
    for end in range(1, len(text)):
        for n in range(1, order + 1):
            if end - n + 1 >= 0:
                raw[text[end - n + 1 : end + 1]] += 1
count = {g: float(c) for g, c in raw.items() if len(g) == order or g[0] == "<"}
for n in range(order, 1, -1):
    shorter = defaultdict(float)
    for g, c in count.items():
        if len(g) == n:
            shorter[g[1:]] += c**exponent
    count.update(shorter)

discounts, witten_bell = {}, {}
for n in range(1, order + 1):
    of = Counter(c for g, c in count.items() if len(g) == n)
    single = [of[1] / (of[1] + 2 * of[2])] * 3 if of[1] and of[2] else [0.75] * 3 if of[1] or of[2] or of[3] or of[4] else None
    found = None
    if method == "modified-kneser-ney" and all(of[c] for c in (1, 2, 3, 4)):
        d = [c - (c + 1) * single[0] * of[c + 1] / of[c] for c in (1, 2, 3)]
        found = d if all(0 < x <= c for x, c in zip(d, (1, 2, 3))) else None
    discounts[n] = found or single or [0, 0, 0]
    witten_bell[n] = 0 if found or single else 1

after = defaultdict(dict)
for gram, c in count.items():
    after[gram[:-1]][gram[-1]] = c
outcomes = len(set("".join(lines))) + 1


def discount(c, d):
    """d[0], d[1], d[2] at 1, 2, 3 and beyond, straight between them."""
    if c >= 3:
        return d[2]
    low = int(c)
    return d[low - 1] + (c - low) * (d[low] - d[low - 1])


def shares(context):
    """The mass of each outcome seen in a context, by the textbook's formula of each method."""
    follow, n = after[context], len(context) + 1
    total, kinds = sum(follow.values()), len(follow)
    if method in ("modified-kneser-ney", "kneser-ney", "absolute"):
        whole = total + witten_bell[n] * kinds
        return {w: (c - discount(c, discounts[n])) / whole for w, c in follow.items()}
    if method == "witten-bell":
        return {w: c / (total + float(parameter or 1) * kinds) for w, c in follow.items()}
    if method == "jelinek-mercer":
        return {w: float(parameter) * c / total for w, c in follow.items()}
    d = [min(x * (PITMAN_YOR["alone"] if kinds == 1 else 1), c) for c, x in enumerate(PITMAN_YOR["discounts"], 1)]
    return {w: (c - discount(c, d)) / (total + PITMAN_YOR["strength"]) for w, c in follow.items()}


memory = {}


def distribution(context):
    """P(w | context) of all outcomes."""
    if context not in memory:
        lower = distribution(context[1:]) if context else {w: 1 / outcomes for w in alphabet}
        if context not in after:
            return lower
        mass = shares(context)
        free = 1 - sum(mass.values())
        rest = sum(p for w, p in lower.items() if w not in mass)
        if backoff and rest > 1e-6:
            memory[context] = {w: mass[w] if w in mass else free * p / rest for w, p in lower.items()}
        else:
            memory[context] = {w: mass.get(w, 0) + free * p for w, p in lower.items()}
    return memory[context]


alphabet = sorted(set("".join(lines))) + [">"]
nats, events = 0.0, 0
for line in open(test, encoding="utf-8").read().split("\n")[:-1]:
    text = "<" + line + ">"
    for end in range(1, len(text)):
        nats -= math.log(distribution(text[max(0, end - order + 1) : end])[text[end]])
        events += 1
print(f"{nats:.9f} nats, {events} events, {nats / events:.9f} an event")
