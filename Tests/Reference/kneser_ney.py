"""Interpolated modified Kneser-Ney (Chen and Goodman 1998) with dictionaries and fractions of no speed: the
independent reference for ModifiedKneserNeyTests. usage: kneser_ney.py TRAIN TEST ORDER  (ORDER = n = k + 1)

Every ngram is a tuple of symbols; "<" stands once before the first, ">" after the last. As KenLM does it: counts of
ngrams at the highest order and of those that begin with "<" are raw, all others are numbers of left neighbours."""

import math
import sys
from collections import Counter, defaultdict

train, test, order = sys.argv[1], sys.argv[2], int(sys.argv[3])
lines = open(train, encoding="utf-8").read().split("\n")[:-1]

raw = Counter()
for line in lines:
    text = "<" + line + ">"
    for end in range(1, len(text)):
        for n in range(1, order + 1):
            if end - n + 1 >= 0:
                raw[text[end - n + 1 : end + 1]] += 1
left = defaultdict(set)
for gram in raw:
    left[gram[1:]].add(gram[0])
count = {g: c if len(g) == order or g[0] == "<" else len(left[g]) for g, c in raw.items()}

discounts = {}
for n in range(1, order + 1):
    of = Counter(c for g, c in count.items() if len(g) == n)
    try:
        y = of[1] / (of[1] + 2 * of[2])
        d = [c - (c + 1) * y * of[c + 1] / of[c] for c in (1, 2, 3)]
        if not all(0 < x <= c for x, c in zip(d, (1, 2, 3))):
            raise ZeroDivisionError
    except ZeroDivisionError:
        d = [of[1] / (of[1] + 2 * of[2])] * 3 if of[1] and of[2] else [0.75] * 3
    discounts[n] = d

after = defaultdict(dict)
for gram, c in count.items():
    after[gram[:-1]][gram[-1]] = c
outcomes = len(set("".join(lines))) + 1


def probability(symbol, context):
    """P(symbol | context), a string of at most order - 1 symbols."""
    lower = probability(symbol, context[1:]) if context else 1 / outcomes
    follow = after.get(context)
    if not follow:
        return lower
    d = discounts[len(context) + 1]
    total = sum(follow.values())
    freed = sum(d[min(c, 3) - 1] for c in follow.values())
    c = follow.get(symbol, 0)
    return (c - d[min(c, 3) - 1] if c else 0) / total + freed / total * lower


nats, events = 0.0, 0
for line in open(test, encoding="utf-8").read().split("\n")[:-1]:
    text = "<" + line + ">"
    for end in range(1, len(text)):
        nats -= math.log(probability(text[end], text[max(0, end - order + 1) : end]))
        events += 1
print(f"{nats:.9f} nats, {events} events, {nats / events:.9f} an event")
