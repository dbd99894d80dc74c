"""Sequences in: every form gives the program the same data."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import chainrule
from chainrule._data import content


def nats(data: chainrule.Data, word: str = "markov:1", **options: object) -> float:
    """What a model says of the data that it was fitted to."""
    return float(chainrule.fit(data, word, progress=False, **options).training["train"]["nats"])


def test_lists_series_and_arrays_of_strings_are_the_file(names: list[str], tmp_path: Path) -> None:
    file = tmp_path / "names with blanks.txt"
    file.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    expected = nats(file)
    assert nats(str(file)) == expected
    assert nats(names) == expected
    assert nats(iter(names)) == expected
    assert nats(pd.Series(names)) == expected
    assert nats(np.array(names)) == expected
    # The same symbols in the same order, each written alone.
    assert nats([list(name) for name in names]) == expected


def test_integers_in_every_form_are_the_same() -> None:
    array = np.random.default_rng(1).integers(0, 12, (30, 5))
    rows = array.tolist()
    ragged = np.empty(30, dtype=object)
    ragged[:] = rows
    expected = nats(rows)
    for form in [array, list(array), ragged, pd.Series(rows), [[str(y) for y in row] for row in rows]]:
        assert nats(form) == expected
    assert nats([{"y": row} for row in rows]) == expected


def test_log_likelihood_of_a_constant_and_of_empty_sequences() -> None:
    # Relative frequencies: of 4 sequences "a" has 2 symbols and 2 ends in each context, the empty one an end at once.
    # After the start: a, a, a, end; after a: 3 ends. −log P = −3 log 3/4 − log 1/4.
    expected = -3 * np.log(3 / 4) - np.log(1 / 4)
    assert nats(["a", "a", "", "a"], "markov:1,smoothing=ml") == pytest.approx(expected, abs=1e-12)


def test_inputs_pass_through() -> None:
    data = [{"y": ["a", "b"], "x": [0.0, 1.0]}, {"y": ["b"], "x": [1.0, 0.0]}] * 10
    model = chainrule.fit(data, "rnn:2,epochs=1", progress=False)
    assert model.info["inputWidth"] == 2
    with pytest.raises(chainrule.UsageError, match="inputs x"):
        model.walk()
    with pytest.raises(chainrule.UsageError, match="inputs x"):
        model.nats(["ab"])


def test_words_and_several_files(names: list[str]) -> None:
    model = chainrule.fit(["a rose is", "a rose"], "markov:1", valid=["is a"], symbols="words", progress=False)
    assert model.symbols == ["a", "is", "rose"]
    assert model.training is not None and model.training["data"]["valid"]["symbols"] == 2


@pytest.mark.parametrize(
    ("data", "error", "sentence"),
    [
        ([1, 2], TypeError, "sequence 0"),
        (np.arange(3), ValueError, r"\[array\]"),
        (np.array(3), ValueError, "0 dimensions"),
        (["a\nb"], ValueError, "line break"),
        ({"y": [1]}, TypeError, "dict"),
        (7, TypeError, "int"),
        ([[float("nan")]], ValueError, "sequence 0"),
        ([["a", object()]], TypeError, "object is no symbol"),
        ([None, ["a"]], TypeError, "NoneType"),
    ],
)
def test_what_is_no_data_is_said_here(data: chainrule.Data, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        content(data)
