"""A table of both sides' rates and their ratio. usage: ratios.py [FILE]…, or lines on standard input

Lines are `side what cell units rate` with tabs between, side being chainrule or torch, and come from the two sides in
turn. Where a configuration was measured several times, its rates are medians, and the range of the ratios of the
neighbouring pairs stands beside that of the medians."""

import fileinput
import statistics

rates = {}
for line in fileinput.input(encoding="utf-8"):
    side, *key, rate = line.rstrip("\n").split("\t")
    rates.setdefault(tuple(key), {"chainrule": [], "torch": []})[side].append(float(rate))

print(f"{'':<18}{'cell':<6}{'units':>5}  {'Chainrule/s':>12}  {'PyTorch/s':>12}  {'ratio':>6}")
for (what, cell, units), sides in rates.items():
    ours, theirs = (statistics.median(sides[side] or [float("nan")]) for side in ("chainrule", "torch"))
    pairs = [a / b for a, b in zip(sides["chainrule"], sides["torch"])]
    spread = f"  ({min(pairs):.2f} to {max(pairs):.2f})" if len(pairs) > 1 else ""
    print(f"{what:<18}{cell:<6}{units:>5}  {ours:12,.0f}  {theirs:12,.0f}  {ours / theirs:6.2f}{spread}")
