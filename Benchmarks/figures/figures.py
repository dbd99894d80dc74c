"""Runs the commands of figures.tsv and prints each figure old beside new, with the relative difference.
usage: figures.py PROGRAM DATA [--write] [--only TEXT]

A line of figures.tsv: name, tolerance, old figure, where in the JSON of the last step, and the steps: command lines of the
program, separated by " ; ". {data}, {repo} and {tmp} stand for folders. --write puts today's figures into the file as
the old ones. The exit status is 1 where a figure differs by more than its tolerance."""

import json
import os
import shlex
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
table = os.path.join(here, "figures.tsv")


def look(value, path):
    """The figure at a path such as "models.0.test.natsPerEvent"; "sum" adds up a list."""
    for part in path.split("."):
        if part == "sum":
            value = sum(value)
        elif part == "length":
            value = len(value)
        else:
            value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def run(program, steps, folders):
    """The JSON of the last step."""
    output, words = "", []
    for word in [*shlex.split(steps), ";"]:
        if word != ";":
            words.append(word.format(**folders))
            continue
        output = subprocess.run([program, *words], check=True, capture_output=True, text=True).stdout
        words = []
    return json.loads(output)


def difference(old, new):
    try:
        a, b = float(old), float(new)
    except ValueError:
        return 0.0 if old == str(new) else float("inf")
    return abs(a - b) / max(abs(a), 1e-300) if a != b else 0.0


def main():
    arguments = sys.argv[1:]
    only = arguments.pop(arguments.index("--only") + 1) if "--only" in arguments else ""
    program, data = os.path.abspath(arguments[0]), os.path.abspath(arguments[1])
    write = "--write" in arguments
    lines = [line.rstrip("\n").split("\t") for line in open(table, encoding="utf-8")]
    outputs, differing, left_out = {}, 0, 0
    with tempfile.TemporaryDirectory() as tmp:
        folders = {"data": data, "repo": os.path.abspath(os.path.join(here, "../..")), "tmp": tmp}
        for line in lines:
            name, tolerance, old, path, steps = line
            if only not in name:
                continue
            if steps not in outputs:
                try:
                    outputs[steps] = run(program, steps, folders)
                except subprocess.CalledProcessError as error:
                    outputs[steps] = None
                    print(f"{name}: {error.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
            if outputs[steps] is None:
                left_out += 1
                print(f"{name:<58} {'failed' :>24}", flush=True)
                continue
            new = look(outputs[steps], path)
            new = str(new).lower() if isinstance(new, bool) else repr(new) if isinstance(new, float) else str(new)
            far = difference(old, new) if old else 0.0
            mark = "" if far <= float(tolerance) else "  DIFFERS"
            differing += mark != ""
            print(f"{name:<58} {old:>24} {new:>24} {far:9.1e}{mark}", flush=True)
            line[2] = new if write else old
    if write:
        with open(table, "w", encoding="utf-8") as file:
            file.writelines("\t".join(line) + "\n" for line in lines)
    print(f"{differing} figures differ by more than their tolerance, {left_out} could not be computed")
    sys.exit(1 if differing or left_out else 0)


main()
