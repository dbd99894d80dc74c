"""Experiments: they are comparisons, and what is done once is kept."""

from pathlib import Path

import pandas as pd
import pytest

import chainrule

EXPERIMENT = """
name: small
data:
  train: names.txt
seed: 3
repeats: 2
models:
  - markov:{1,2}
  - tabular/eos
  - gru:4,epochs=2
measure: {samples: 0, by: [position], calibration: true}
outputs: {json: all.json}
"""


@pytest.fixture(scope="module")
def experiment(names: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An experiment that has been run."""
    folder = tmp_path_factory.mktemp("an experiment")
    (folder / "names.txt").write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    file = folder / "small.yaml"
    file.write_text(EXPERIMENT, encoding="utf-8")
    chainrule.run(file, progress=False)
    return file


def test_an_experiment_is_a_comparison(experiment: Path, names: list[str]) -> None:
    words = ["markov:1", "markov:2", "tabular/eos", "gru:4,epochs=2"]
    compared = chainrule.compare(names, words, seed=3, repeats=2, by="position", progress=False)
    ran = chainrule.run(experiment, progress=False)
    assert ran.best == compared.best
    columns = ["word", "test_nats", "spread", "difference_low", "difference_adjusted_p"]
    pd.testing.assert_frame_equal(ran.table[columns], compared.table[columns])
    pd.testing.assert_frame_equal(ran.breakdown("position"), compared.breakdown("position"))
    nats = chainrule.Comparison.load(experiment.parent / "all.json").per_sequence()
    assert nats.groupby("model", sort=False)["nats"].sum().tolist() == pytest.approx(ran.table["test_nats"].tolist())


def test_runs_are_done_once(experiment: Path) -> None:
    file = experiment.with_suffix(".sqlite")
    before = chainrule.runs(file)
    assert len(before) == 4 * 2 and not before.duplicated(["model", "seed", "fold", "fraction"]).any()
    comparison = chainrule.run(experiment, progress=False)
    pd.testing.assert_frame_equal(chainrule.runs(file), before)
    means = before.groupby("model")["test_nats"].mean().to_dict()
    assert means == pytest.approx(comparison.table.set_index("word")["test_nats"].to_dict())
    assert before["created"].dt.tz is not None and before["tags"].tolist() == [""] * 8
    assert before.loc[before["model"].str.startswith("tabular"), "parameters"].tolist()[0] > 10**9


def test_runs_are_found(experiment: Path) -> None:
    file = experiment.with_suffix(".sqlite")
    assert len(chainrule.runs(file, experiment="small")) == 8
    assert set(chainrule.runs(file, model="gru")["seed"]) == {3, 4}
    nothing = chainrule.runs(file, tag="paper")
    assert nothing.empty and list(nothing.columns) == list(chainrule.runs(file).columns)
    with pytest.raises(chainrule.MissingInput, match="no such run file"):
        chainrule.runs(file.with_name("nothing.sqlite"))


def test_a_broken_experiment_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("modles: [markov:1]\n", encoding="utf-8")
    with pytest.raises(chainrule.DataError, match="models"):
        chainrule.run(file, progress=False)


def test_a_dry_run_is_no_comparison(experiment: Path) -> None:
    with pytest.raises(chainrule.UsageError, match="chainrule run --dry-run"):
        chainrule.run(experiment, dry_run=True)
