"""The C interface: steps add up to the program's scores."""

import os
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest

import chainrule
from chainrule._library import LoadedModel

ROOT = Path(__file__).resolve().parents[2]
WORDS = ["anna", "", "otto", "b"]
TOLERANCE = {"rel": 1e-6, "abs": 1e-6}  # networks compute in single precision


def walk_nats(model: chainrule.Model, word: str, length: int | None = None) -> float:
    """−log P of a word, step by step; the probabilities of each step are to add up to 1."""
    walk, nats = model.walk(length), 0.0
    for symbol in [*word, chainrule.END]:
        series = walk.series()
        assert np.exp(series).sum() == pytest.approx(1, abs=1e-6)
        nats -= series[symbol]
        if symbol is not chainrule.END:
            walk.advance(symbol)
    return nats


@pytest.mark.parametrize(
    "word",
    [
        *("tabular/eos", "tabular/halt", "tabular/tau:input=none", "markov:2/eos", "markov:2/halt"),
        *("markov:2/tau:input=none", "markov:1,smoothing=add:1/tau:input=none,prior=table", "ctw:3/eos", "vlmc:3/halt"),
        *("rnn:3,epochs=1/eos", "gru:3,epochs=1/halt", "lstm:3,epochs=1/tau:input=none"),
    ],
)
def test_steps_add_up_to_the_score(names: list[str], word: str) -> None:
    model = chainrule.fit(names, word, progress=False)
    score = model.score(WORDS).table["nats"].tolist()
    assert [walk_nats(model, text) for text in WORDS] == pytest.approx(score, **TOLERANCE)
    assert model.nats(WORDS).tolist() == pytest.approx(score, **TOLERANCE)


@pytest.mark.parametrize(
    "word", ["markov:2/tau", "markov:1/tau:input=total", "gru:3,epochs=1/tau", "tabular/tau:input=none"]
)
def test_given_a_length_steps_are_the_elements_share(names: list[str], word: str) -> None:
    model = chainrule.fit(names, word, progress=False)
    table = model.score(WORDS).table
    shares = (table["nats"] - table["nats_length"]).tolist()
    assert [walk_nats(model, text, len(text)) for text in WORDS] == pytest.approx(shares, **TOLERANCE)
    walk = model.walk(1)
    assert walk.next_log_probs()[-1] == -np.inf
    walk.advance("a")
    assert walk.next_log_probs().tolist() == [-np.inf] * len(model.symbols) + [0]
    with pytest.raises(chainrule.UsageError, match="length 1 was given"):
        walk.advance("a")
    with pytest.raises(chainrule.UsageError, match="length is -2: it must be from 0"):
        model.walk(-2)
    if "none" not in word:
        with pytest.raises(chainrule.UsageError, match="give the walk a length"):
            model.walk()


def test_far_beyond_the_lengths_seen_steps_are_distributions(names: list[str]) -> None:
    walk = chainrule.fit(names, "markov:1/tau:input=none,prior=poisson", progress=False).walk()
    for _ in range(400):
        # P(τ ≥ t) loses its digits on the way, and is 0 in the end.
        assert np.exp(walk.next_log_probs()).sum() == pytest.approx(1, abs=1e-12)
        walk.advance("a")


def test_next_log_probs_by_hand() -> None:
    # Relative frequencies of aab and ab: after a come a (once) and b (twice); b ends always.
    model = chainrule.fit(["aab", "ab"], "markov:1,smoothing=ml", progress=False)
    after = np.exp(model.next_log_probs("a"))
    assert after.to_dict() == pytest.approx({"a": 1 / 3, "b": 2 / 3, chainrule.END: 0})
    assert np.exp(model.next_log_probs(["a", "b"]))[chainrule.END] == pytest.approx(1)
    assert model.next_log_probs().index.tolist() == ["a", "b", chainrule.END]


def test_a_walk_forks(markov: chainrule.Model) -> None:
    walk = markov.walk()
    walk.advance(*"an")
    fork = walk.copy()
    before = fork.next_log_probs()
    walk.advance("n", "a")
    assert (fork.next_log_probs() == before).all() and (walk.next_log_probs() != before).any()


def test_a_walk_that_cannot_advance_stays(names: list[str], markov: chainrule.Model) -> None:
    walk = markov.walk()
    before = walk.next_log_probs()
    with pytest.raises(chainrule.UsageError, match="no symbol"):
        walk.advance("a", "?")
    assert (walk.next_log_probs() == before).all()
    walk = chainrule.fit(names, "markov:1/tau", progress=False).walk(2)
    before = walk.next_log_probs()
    with pytest.raises(chainrule.UsageError, match="length 2 was given"):
        walk.advance("a", "n", "n")
    assert (walk.next_log_probs() == before).all()
    walk.advance()
    assert (walk.next_log_probs() == before).all()
    walk.advance("a", "n")
    assert walk.next_log_probs()[-1] == 0


def test_integers_beyond_the_librarys_are_refused(names: list[str], markov: chainrule.Model) -> None:
    model = chainrule.fit(names, "markov:1/tau", progress=False)
    # Modulo a power of 2 each would be a small one.
    for length in [2**64, 2**64 + 3, 2**31, -1]:
        with pytest.raises(chainrule.UsageError, match=f"length is {length}: it must be from 0 to 2147483647"):
            model.walk(length)
    loaded = LoadedModel(markov.path)
    for numbers in [(2**64, 0, 1), (-1, 0, 1), (1, 2**64, 1), (1, 0, -1), (1, 0, 1, 2**64)]:
        with pytest.raises(chainrule.UsageError, match="it must be from 0"):
            loaded.sample(*numbers)
    assert len(loaded.sample(2**64 - 1, 0, 3)[0]) == 3
    assert model.walk(np.int64(1)).next_log_probs().size == len(model.symbols) + 1


def test_what_is_no_symbol(markov: chainrule.Model) -> None:
    for ask in [lambda: markov.walk().advance("ä"), lambda: markov.nats(["aä"]), lambda: markov.next_log_probs([3])]:
        with pytest.raises(chainrule.UsageError, match="no symbol of the model"):
            ask()


def test_integers_are_named_by_their_digits() -> None:
    model = chainrule.fit(np.array([[0, 10, 2]] * 5), "markov:1,smoothing=ml", progress=False)
    assert model.symbols == ["0", "10", "2"]
    assert model.next_log_probs([0])["10"] == pytest.approx(0)
    assert model.nats([np.array([0, 10, 2])])[0] == pytest.approx(0)


def test_draws_of_the_library_are_the_programs(markov: chainrule.Model) -> None:
    loaded = LoadedModel(markov.path)
    drawn, complete = loaded.sample(4, 0, 200)
    assert ["".join(loaded.symbols[index] for index in sequence) for sequence in drawn] == markov.sample(
        200, seed=4
    ).texts
    assert complete.all()
    cut, complete = loaded.sample(4, 0, 200, max_length=3)
    assert max(map(len, cut)) == 3 and not complete.all()
    assert [len(one) for one in loaded.sample(4, 0, 0)[0]] in ([], [0])


def test_threads_share_a_model(markov: chainrule.Model) -> None:
    expected, results = walk_nats(markov, "anna"), []
    threads = [threading.Thread(target=lambda: results.append(walk_nats(markov, "anna"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert results == [expected] * 8


def test_from_c(markov: chainrule.Model, tmp_path: Path) -> None:
    """The header compiles without a warning, as C and as C++, and a program in C passes its own tests."""
    library, program = Path(os.environ["CHAINRULE_LIBRARY"]), tmp_path / "test"
    include = ROOT / "Sources/CChainrule/include"
    strict = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{include}"]
    source = str(ROOT / "Tests/CInterface/test.c")
    build = ["cc", "-std=c11", *strict, source, "-o", str(program), str(library), f"-Wl,-rpath,{library.parent}", "-lm"]
    subprocess.run(build, check=True, timeout=60)
    subprocess.run(["c++", *strict, "-x", "c++", "-fsyntax-only", str(include / "chainrule.h")], check=True, timeout=60)
    done = subprocess.run([program, markov.path, *WORDS], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    printed = [float(line.split("\t")[1]) for line in done.stdout.splitlines()]
    assert printed == pytest.approx(markov.nats(WORDS).tolist(), abs=1e-8)
