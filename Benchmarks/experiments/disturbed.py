"""What kills and rivals do to an experiment. usage: disturbed.py KILLS PAIRS"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

program = os.environ["CHAINRULE"]
names = os.path.abspath("Examples/Data/given-names.txt")
experiment = f"""
data: {{train: {names}, alphabet: a-z}}
repeats: 3
models:
  - tabular
  - markov:{{1,2,3,4}}/{{eos,halt}}
  - markov:3,smoothing=pitman-yor
  - gru:{{32,64}}
measure: {{samples: 3}}
"""
first_version = """
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1: experiments and runs');
CREATE TABLE experiment (hash TEXT PRIMARY KEY, name TEXT NOT NULL, yaml TEXT NOT NULL, created TEXT NOT NULL);
CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, model TEXT NOT NULL, fold INTEGER NOT NULL,
  seed TEXT NOT NULL, fraction REAL NOT NULL, data TEXT NOT NULL, dataHash TEXT NOT NULL, created TEXT NOT NULL,
  version TEXT NOT NULL, machine TEXT NOT NULL, natsPerEvent REAL, result TEXT NOT NULL, nats BLOB NOT NULL);
CREATE TABLE member (
  experiment TEXT NOT NULL REFERENCES experiment, number INTEGER NOT NULL, key TEXT NOT NULL,
  PRIMARY KEY (experiment, key));
"""


def start(file, *options, models=experiment):
    with open("e.yaml", "w", encoding="utf-8") as yaml:
        yaml.write(models)
    command = [program, "run", "e.yaml", "--runs", file, *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(process):
    errors = process.communicate(timeout=3600)[1]
    if process.returncode != 0:
        sys.exit(f"exit code {process.returncode}: {errors}")


def results(file):
    """What a file holds but times, by key; the number of rows, and whether the tables are of the last version once."""
    connection = sqlite3.connect(file)
    found = {}
    for key, result, nats in connection.execute("SELECT key, result, nats FROM run WHERE removed = 0"):
        result = json.loads(result)
        result.pop("fitSeconds")
        if result.get("lengths"):
            result["lengths"].pop("symbolsPerSecond")
        found[key] = (json.dumps(result, sort_keys=True), bytes(nats))
    rows, last = connection.execute("SELECT count(*), max(id) FROM run").fetchone()
    migrations = connection.execute("SELECT count(*) FROM grdb_migrations").fetchone()[0]
    assert rows == last == len(found), "a run was done twice"
    assert migrations == 2, "migrations"
    return found


def main(kills, pairs):
    random.seed(1)
    before = time.time()
    finish(start("calm.sqlite", "--quiet"))
    calm, seconds = results("calm.sqlite"), time.time() - before
    print(f"undisturbed: {len(calm)} runs in {seconds:.0f} s")
    killed = 0
    while killed < kills:
        # Moments over the whole of the work: 20 stretches of a tenth of its time in the mean.
        process = start("killed.sqlite", "--quiet", "--checkpoint-every", "0.5")
        try:
            process.wait(random.uniform(0, 2.2 * seconds / kills))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += 1
            continue
        finish(process)
        break
    finish(start("killed.sqlite", "--quiet"))
    same = results("killed.sqlite") == calm
    print(f"killed {killed} times: {'the same numbers, bit for bit; nothing done twice' if same else 'OTHER NUMBERS'}")

    small = f"data: {{train: {names}, alphabet: a-z}}\nmodels: ['markov:{{0,1}}/{{eos,halt}}']\nmeasure: {{samples: 0}}\n"
    finish(start("small.sqlite", "--quiet", models=small))
    expected = results("small.sqlite")
    for what in ["a new file", "a file of the first version"]:
        for number in range(pairs):
            file = f"pair{number}.sqlite"
            for path in [file, file + "-wal", file + "-shm"]:
                if os.path.exists(path):
                    os.remove(path)
            if what != "a new file":
                sqlite3.connect(file).executescript(first_version)
            both = [start(file, "--quiet", models=small) for _ in range(2)]
            for process in both:
                finish(process)
            assert results(file) == expected, "other results"
        print(f"two processes at once on {what}, {pairs} times: no error, all runs there once")
    return 0 if same else 1


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
