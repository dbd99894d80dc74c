#!/usr/bin/env python3
"""Makes the name lists of this folder from the Python package `names` 0.3.0.

    pip download --no-deps --no-binary :all: names==0.3.0
    tar xzf names-0.3.0.tar.gz
    python3 make.py names-0.3.0/names

DIR (here names-0.3.0/names) holds dist.female.first, dist.male.first and dist.all.last: one name a line, with its
frequency in percent, the cumulative percent and the rank. The files are written beside this script; the table for
README.md goes to standard output. The same input gives the same bytes. Anything unexpected in the input stops it.
"""

import statistics
import sys
from pathlib import Path

SURNAMES = 20_000
HERE = Path(__file__).resolve().parent


def read(path):
    """The percentages (as printed) by lower-case name, in order of rank; checks every line."""
    table = {}
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), start=1):
        fields = line.split()
        if len(fields) != 4:
            sys.exit(f"{path}:{number}: {len(fields)} fields where 4 were expected")
        name, percent, _, rank = fields
        if not (name.isalpha() and name.isupper()):
            sys.exit(f"{path}:{number}: '{name}' holds something other than the letters A to Z")
        if int(rank) != number:
            sys.exit(f"{path}:{number}: rank {rank} where {number} was expected")
        if name.lower() in table:
            sys.exit(f"{path}:{number}: '{name}' is there already")
        table[name.lower()] = percent
    return table


def write(name, lines):
    (HERE / name).write_bytes("".join(line + "\n" for line in lines).encode("ascii"))


def row(file, names):
    lengths = sorted(map(len, names))
    letters = sorted(set("".join(names)))
    shortest, median, longest = lengths[0], statistics.median(lengths), lengths[-1]
    return (
        f"| `{file}` | {len(names):,} | {sum(lengths):,} | {shortest} / {median:g} / {longest} "
        f"| {letters[0]}–{letters[-1]} ({len(letters)}) |"
    )


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make.py DIR, where DIR holds dist.female.first, dist.male.first and dist.all.last")
    source = Path(sys.argv[1])
    female, male = read(source / "dist.female.first"), read(source / "dist.male.first")
    surnames = read(source / "dist.all.last")

    given = sorted(female.keys() | male.keys())
    write("given-names.txt", given)
    write(
        "given-names.tsv",
        ["name\tfemale\tmale"] + [f"{name}\t{female.get(name, '-')}\t{male.get(name, '-')}" for name in given],
    )

    frequent = sorted(list(surnames)[:SURNAMES])
    write("surnames.txt", frequent)
    write("surnames.tsv", ["name\tpercent"] + [f"{name}\t{surnames[name]}" for name in frequent])

    print("| file | sequences | symbols | shortest / median / longest | alphabet |")
    print("| --- | --- | --- | --- | --- |")
    print(row("given-names.txt", given))
    print(row("surnames.txt", frequent))


if __name__ == "__main__":
    main()
