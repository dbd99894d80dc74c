"""The tables of a comparison: they add up, and are what is counted by hand."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

import chainrule


@pytest.fixture(scope="module")
def comparison(names: list[str]) -> chainrule.Comparison:
    """Two models on a hundred names of their own, with everything that may be asked for."""
    asked = {"per_sequence": True, "learning_curve": True, "calibration": True, "repeats": 2}
    by = ["position", "length", "symbol", "seen"]
    words = ["markov:1", "markov:2/halt", "gru:4,epochs=2"]
    return chainrule.compare(names[100:], words, test=names[:100], by=by, progress=False, **asked)


def test_table_has_intervals_and_p_values(comparison: chainrule.Comparison) -> None:
    table = comparison.table.set_index("word")
    others = table.drop(index=comparison.best)
    assert (others["difference_low"] < others["difference_nats_per_sequence"]).all()
    assert (others["difference_nats_per_sequence"] < others["difference_high"]).all()
    # Of two tests Holm doubles the smaller p.
    smaller, larger = sorted(others["difference_p"])
    assert sorted(others["difference_adjusted_p"]) == pytest.approx([2 * smaller, max(2 * smaller, larger)])
    assert pd.isna(table.loc[comparison.best, "difference_p"])
    assert table["spread"].tolist()[:2] == [0, 0] and table["spread"].tolist()[2] > 0
    assert not any(isinstance(value, list) for value in table.drop(columns="notes").to_numpy().flat)


def test_chosen_row_is_bold(comparison: chainrule.Comparison) -> None:
    rows = re.findall(r"<tr>.*?</tr>", comparison._repr_html_(), re.DOTALL)
    (bold,) = [row for row in rows if "<b>" in row]
    assert len(rows) == 3 and bold.count("<b>") == bold.count("<td>") and "<b>* " in bold
    assert "&lt; 0.001" in comparison._repr_html_()


def test_nats_of_each_sequence(comparison: chainrule.Comparison, names: list[str]) -> None:
    table = comparison.per_sequence()
    assert table.groupby("model")["nats"].sum().to_dict() == pytest.approx(
        comparison.table.set_index("model")["test_nats"].to_dict()
    )
    model = chainrule.fit(names[100:], "markov:1", progress=False)
    markov = table[table["model"] == "markov:1"]
    assert markov["nats"].tolist() == pytest.approx(model.nats([names[i] for i in markov["sequence"]]).tolist())


def test_sequences_of_a_split_are_those_of_the_data(names: list[str]) -> None:
    # The table has no parents: a name's nats are those of its symbols and its end, each with its probability.
    split = chainrule.compare(names, "table:none", per_sequence=True, by="symbol", seed=2, progress=False)
    table, nats = split.per_sequence(), split.breakdown("symbol").set_index("group")["nats_per_event"]
    assert len(set(table["sequence"])) == len(names) // 10
    expected = [sum(nats[symbol] for symbol in names[i]) + nats[nats.index[-1]] for i in table["sequence"]]
    assert table["nats"].tolist() == pytest.approx(expected)
    folds = chainrule.compare(["a", "aaa", "aa"] * 2, "markov:1", folds=3, per_sequence=True, progress=False)
    assert sorted(folds.per_sequence()["sequence"]) == [0, 1, 2, 3, 4, 5]


def test_breakdowns_are_counted_by_hand(comparison: chainrule.Comparison, names: list[str]) -> None:
    total = comparison.table.set_index("model")["test_nats"].to_dict()
    test = names[:100]
    for by in ["position", "length", "symbol", "seen"]:
        table = comparison.breakdown(by)
        assert table.groupby("model")["nats"].sum().to_dict() == pytest.approx(total)
        assert (table["nats"] / table["events"]).tolist() == pytest.approx(table["nats_per_event"].tolist())
    events = {by: comparison.breakdown(by).query("model == 'markov:1'").set_index("group")["events"] for by in _GROUPS}
    assert events["position"]["5"] == sum(len(name) >= 4 for name in test)
    assert events["symbol"]["e"] == sum(name.count("e") for name in test)
    assert events["length"]["5"] == sum(len(name) + 1 for name in test if len(name) == 5)


_GROUPS = ["position", "symbol", "length"]


def test_learning_curve_ends_at_the_whole(comparison: chainrule.Comparison) -> None:
    curve = comparison.learning_curve()
    whole = curve[curve["fraction"] == 1].set_index("model")
    table = comparison.table.set_index("model")
    assert whole["nats_per_event"].to_dict() == pytest.approx(table["test_nats_per_event"].to_dict())
    assert whole["spread"].to_dict() == pytest.approx(table["spread"].to_dict())
    sequences = curve[curve["model"] == "markov:1"]["sequences"]
    assert sequences.is_monotonic_increasing and len(sequences) == 6


def test_calibration_counts_each_decision_once(comparison: chainrule.Comparison, names: list[str]) -> None:
    decisions = sum(len(name) + 1 for name in names[:100])
    for model, group in comparison.calibration().groupby("model"):
        # Of the outcomes of a decision one comes, and their probabilities sum to one; both seeds count.
        assert (group["frequency"] * group["outcomes"]).sum() == pytest.approx(2 * decisions), model
        assert (group["predicted"] * group["outcomes"]).sum() == pytest.approx(2 * decisions)
        assert ((group["low"] <= group["predicted"]) & (group["predicted"] <= group["high"])).all()


def test_what_was_not_asked_for_says_how(names: list[str]) -> None:
    plain = chainrule.compare(names, "markov:1", by="symbol", progress=False)
    for ask, option in [
        (plain.per_sequence, "per_sequence=True"),
        (plain.learning_curve, "learning_curve=True"),
        (plain.calibration, "calibration=True"),
        (lambda: plain.breakdown("position"), 'by="position"'),
    ]:
        with pytest.raises(chainrule.UsageError, match=option):
            ask()
    assert len(plain.breakdown("symbol")) > 10


def test_comparisons_are_loaded(comparison: chainrule.Comparison, tmp_path: Path) -> None:
    file = tmp_path / "comparison.json"
    file.write_text(json.dumps(comparison.json), encoding="utf-8")
    pd.testing.assert_frame_equal(chainrule.Comparison.load(file).table, comparison.table)
    for text in ["", "[1]", "{}", '{"schema": "chainrule.train/1"}']:
        file.write_text(text, encoding="utf-8")
        with pytest.raises(chainrule.DataError, match="is no comparison"):
            chainrule.Comparison.load(file)
    with pytest.raises(chainrule.MissingInput, match="No such file"):
        chainrule.Comparison.load(tmp_path / "nothing")


def test_one_test_sequence_has_no_interval() -> None:
    comparison = chainrule.compare(["ab", "ba"] * 5, ["markov:1", "tabular"], test=["ab"], progress=False)
    assert "difference_low" not in comparison.table
    assert "nan" not in str(comparison._shown()["Δ nats/sequence"].tolist())
