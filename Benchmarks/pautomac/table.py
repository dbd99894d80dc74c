"""The competition's score of each problem: perplexity 2^(-sum p log2 q) with the true probabilities p and the model's q,
both normalised over the test strings; q in log space. usage: table.py FILE, lines "number solution scores.json"."""

import json
import math
import sys

ratios = []
print(f"{'problem':>8}{'optimum':>12}{'model':>12}{'ratio':>9}")
for line in open(sys.argv[1], encoding="utf-8"):
    number, solution, scores = line.split()
    truth = [float(p) for p in open(solution, encoding="utf-8").read().split()[1:]]
    logs = [-float(s["nats"]) for s in json.load(open(scores, encoding="utf-8"))["sequences"]]
    assert len(truth) == len(logs), f"problem {number}: {len(truth)} solutions, {len(logs)} scores"
    largest = max(logs)
    norm = largest + math.log(sum(math.exp(log - largest) for log in logs))
    optimum = math.exp(-sum(p * math.log(p) for p in truth if p > 0) / sum(truth) + math.log(sum(truth)))
    perplexity = math.exp(-sum(p * (log - norm) for p, log in zip(truth, logs)) / sum(truth))
    ratios.append(perplexity / optimum)
    print(f"{number:>8}{optimum:12.4f}{perplexity:12.4f}{ratios[-1]:9.4f}")
print(f"{'mean':>8}{'':24}{sum(ratios) / len(ratios):9.4f}")
