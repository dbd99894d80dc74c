"""What the program answers, as objects: held against its own output, and against each other."""

import json
import math
import os
import subprocess
from pathlib import Path

import pandas as pd
import pytest

import chainrule
from chainrule._program import options


def program(*arguments: object, text: str = "") -> str:
    """What the program prints."""
    return subprocess.run(
        [os.environ["CHAINRULE"], *map(str, arguments)],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout


def test_comparison_is_the_programs(names: list[str], tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text("\n".join(names), encoding="utf-8")
    words = ["markov:1/eos", "markov:2/halt", "markov:1/tau"]
    comparison = chainrule.compare(names, words, seed=3, progress=False)
    printed = json.loads(program("compare", file, *[f"--model={word}" for word in words], "--seed=3", "--json"))
    table = comparison.table
    assert comparison.json["schema"] == "chainrule.compare/1"
    assert table["model"].tolist() == [model["typed"] for model in printed["models"]]
    assert table["test_nats"].tolist() == [model["test"]["nats"] for model in printed["models"]]
    assert table["parameters_free"].tolist() == [int(model["parameters"]["free"]) for model in printed["models"]]
    assert comparison.best == printed["chosen"]["model"]
    assert (table["test_nats_elements"] + table["test_nats_length"]).tolist() == pytest.approx(
        table["test_nats"].tolist()
    )
    html = comparison._repr_html_()
    assert "markov:2/halt" in html and "18,278" in html and "Δ nats/sequence" in html
    assert str(comparison).count("\n") == len(words) + 1


def test_comparison_takes_test_data_of_its_own(names: list[str]) -> None:
    comparison = chainrule.compare(names[100:], "markov:1", test=names[:100], valid=names[:50], progress=False)
    assert {name: part["sequences"] for name, part in comparison.json["data"].items()} == {
        "train": 200,
        "test": 100,
        "valid": 50,
    }


def test_numbers_beyond_machine_integers() -> None:
    comparison = chainrule.compare(["ab" * 40, "ba"] * 5, "tabular", test=["ab"], progress=False)
    # All histories of at most 80 of 2 symbols, each with 2 free numbers: the full ones too, of which the end may come.
    free = comparison.table["parameters_free"][0]
    assert free > 2**64 and free == int(comparison.json["models"][0]["parameters"]["free"])


@pytest.mark.parametrize("free", ["9" * 5000, "26 · 27^(10^20)"])
def test_counts_that_are_no_python_integers_stay_text(free: str) -> None:
    model = {"typed": "tabular", "model": "tabular/eos", "parameters": {"free": free}, "free": free, "growth": "k^T"}
    comparison = chainrule.Comparison({"models": [model]}, [])
    assert comparison.table["parameters_free"].tolist() == [free] and free[:9] in repr(comparison)
    parameters = chainrule.Parameters({"models": [model]}, [])
    assert parameters.table["free"].tolist() == [free]
    assert repr(parameters) and parameters._repr_html_()


def test_what_is_told_of_a_comparison(names: list[str]) -> None:
    words = ["markov:1", "markov:2"]
    by_test = chainrule.compare(names, words, folds=2, progress=False)
    part = {"test": "test", "valid": "validation"}[by_test.json["chosen"]["by"]]
    assert f"chosen by the {part} data" in repr(by_test)
    assert "chosen by the validation data" in repr(chainrule.compare(names, "markov:1", progress=False))
    # One test sequence has a difference and no interval.
    one = chainrule.compare(names, words, test=["anna"], progress=False)
    assert "Δ nats/sequence" in repr(one) and "nan" not in repr(one) and "95 %" not in repr(one)


def test_parameters_are_exact() -> None:
    table = chainrule.parameters(["tabular", "markov:2", "rnn:3"], 27, 40).table
    k = 27
    # Closed forms: k (k^T − 1)/(k − 1); k Σ_{j ≤ 2} k^j; h k + h² + h + (k + 1) h + (k + 1).
    assert table["free"].tolist() == [k * (k**40 - 1) // (k - 1), k * (1 + k + k**2), 3 * k + 9 + 3 + 28 * 3 + 28]
    with pytest.raises(chainrule.UsageError):
        chainrule.parameters("markov:2", 0)


def test_scores_add_up(markov: chainrule.Model, names: list[str]) -> None:
    score = markov.score(names)
    assert score.nats == pytest.approx(score.table["nats"].sum(), rel=1e-12)
    assert score.nats == pytest.approx(markov.training["train"]["nats"], rel=1e-12)
    assert score.perplexity == pytest.approx(math.exp(score.nats_per_event))
    assert score.nats_per_event == pytest.approx(score.nats / (len(names) + sum(map(len, names))))
    steps = markov.score(names[:20], per="symbol").table
    assert steps.groupby("sequence")["nats"].sum().tolist() == pytest.approx(score.table["nats"][:20].tolist())
    assert len(steps) == 20 + sum(map(len, names[:20]))
    assert steps.loc[(1, len(names[0]) + 1), "symbol"] is None or pd.isna(steps.loc[(1, len(names[0]) + 1), "symbol"])
    assert chainrule.score(markov.path, names).nats == score.nats
    assert markov.score([""]).table["nats"].tolist() == pytest.approx(markov.nats([""]).tolist())
    assert "perplexity" in score._repr_html_()


def test_impossible_sequences_are_infinite() -> None:
    model = chainrule.fit(["ab", "ba"], "markov:1,smoothing=ml", progress=False)
    score = model.score(["aa", "ab"])
    assert score.nats == math.inf and score.table["nats"].tolist()[0] == math.inf
    assert model.nats(["aa"])[0] == math.inf
    assert model.next_log_probs("a")["a"] == -math.inf


def test_samples_do_not_depend_on_their_number(markov: chainrule.Model) -> None:
    ten, five = markov.sample(10, seed=4), markov.sample(5, seed=4)
    assert ten.texts[:5] == five.texts == list(five) and len(five) == 5
    assert markov.sample(5, seed=5).texts != five.texts
    assert ["".join(symbols) for symbols in ten.sequences] == ten.texts
    assert ten.table["nats"].tolist() == pytest.approx(markov.nats(ten).tolist())
    assert all(text.startswith("ma") for text in chainrule.sample(markov, 5, prefix="ma"))
    assert {len(text) for text in markov.sample(5, length=4)} == {4}
    likely = markov.sample(most_probable=3)
    assert likely.table["nats"].is_monotonic_increasing and len(likely) == 3


def test_lengths_are_a_distribution(markov: chainrule.Model, names: list[str]) -> None:
    lengths = markov.lengths(names)
    table = lengths.table
    assert table["probability"].sum() + lengths.endless == pytest.approx(1, abs=1e-9)
    assert lengths.mean == pytest.approx((table.index * table["probability"]).sum(), abs=1e-6)
    assert lengths.exact
    counts = pd.Series([len(name) for name in names]).value_counts(normalize=True)
    assert table["data"][4] == pytest.approx(counts[4]) and table["data"].sum() == pytest.approx(1)
    assert "data" not in chainrule.lengths(markov).table


def test_graph_answers_and_draws(markov: chainrule.Model) -> None:
    assert chainrule.graph("markov:2", separated="y1 ; y4 | y2, y3").separated is True
    assert chainrule.graph("markov:2", separated="y1 ; y4 | y2").separated is False
    graph = chainrule.graph("markov:2", steps=4)
    assert set(graph.edges) == {("y1", "y2"), ("y1", "y3"), ("y2", "y3"), ("y2", "y4"), ("y3", "y4")}
    assert graph.table["name"].tolist() == ["y1", "y2", "y3", "y4"]
    assert graph._repr_svg_().startswith("<svg")
    assert graph._repr_html_().startswith("<svg")
    assert ("y1", "e1") in markov.graph().edges


def test_model_files(markov: chainrule.Model, tmp_path: Path) -> None:
    copy = markov.save(tmp_path / "a copy.safetensors")
    assert copy.word == markov.word == "markov:k=2,smoothing=modified-kneser-ney/halt"
    assert chainrule.Model.load(copy.path).nats(["anna"])[0] == markov.nats(["anna"])[0]
    assert copy.parameters == 18278 and copy.symbols[0] == "a"
    assert "markov" in copy._repr_html_() and "copy" in repr(copy)


def test_a_temporary_model_goes_with_its_object(names: list[str]) -> None:
    model = chainrule.fit(names, "markov:1", progress=False)
    folder = Path(model.path).parent
    assert folder.is_dir()
    del model
    assert not folder.exists()


@pytest.mark.parametrize(
    ("ask", "error", "code", "sentence"),
    [
        (lambda model: model.score(["a"], bogus=3), chainrule.UsageError, 64, r"^Unknown option '--bogus'$"),
        (lambda model: chainrule.fit(["ab"], "markovv"), chainrule.UsageError, 64, "did you mean 'markov'"),
        (lambda model: model.score("no such file.txt"), chainrule.MissingInput, 66, "no such file"),
        (lambda model: model.score("-no such file.txt"), chainrule.MissingInput, 66, "no such file"),
        (lambda model: chainrule.Model("nothing"), chainrule.MissingInput, 66, "no such file"),
        (lambda model: model.score(["ä"]), chainrule.DataError, 65, "not in the alphabet"),
        (lambda model: chainrule.fit([], "markov:1"), chainrule.DataError, 65, "no sequences"),
        (lambda model: chainrule.Model(__file__).walk(), chainrule.DataError, 65, "no model file"),
        (lambda model: chainrule.fit(["ab"], "markov:1", output="/no/where"), chainrule.OutputError, 73, "/no/where"),
        (lambda model: chainrule.graph("markov:1", separated="y1"), chainrule.UsageError, 64, "y1"),
    ],
)
def test_errors_are_the_programs_sentences(markov, ask, error, code, sentence) -> None:
    with pytest.raises(error, match=sentence) as raised:
        ask(markov)
    assert raised.value.exit_code == code and isinstance(raised.value, chainrule.ChainruleError)


def test_a_missing_program_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINRULE", "/no/such/program")
    with pytest.raises(chainrule.ProgramNotFound, match="CHAINRULE is /no/such/program"):
        chainrule.graph("markov:1")


def test_keywords_become_options() -> None:
    assert options({"n": 10, "learning_curve": True, "seed": 2, "x": None, "csv": False, "prefix": "-a"}) == [
        *("-n", "10", "--learning-curve", "--seed=2", "--prefix=-a")
    ]
    assert options({"model": ["a", "b"]}) == ["--model=a", "--model=b"]
    assert options({"output": Path("a b")}) == ["--output=a b"]


def test_version_is_the_programs() -> None:
    assert program("--version").strip() == chainrule.__version__
