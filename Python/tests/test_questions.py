"""Tests of order, strengths of edges, and gradients, where the answer is known."""

import random

import pytest

import chainrule


@pytest.fixture(scope="module")
def chain() -> list[str]:
    """Sequences whose next element depends on the one before the last: a Markov chain of order 2, and of no less."""
    stream = random.Random(5)
    sequences = []
    for _ in range(400):
        sequence = stream.choices("ab", k=2)
        while len(sequence) < 12:
            other = "b" if sequence[-2] == "a" else "a"
            sequence.append(sequence[-2] if stream.random() < 0.85 else other)
        sequences.append("".join(sequence))
    return sequences


def test_the_order_of_a_chain_is_found(chain: list[str]) -> None:
    answer = chainrule.independence(chain, max_order=5, progress=False)
    table = answer.table.set_index("order")
    assert answer.order == 2 and not answer.is_bound
    assert table["verdict"].tolist()[1] == "rejected" and table["verdict"].tolist()[2] == "not rejected"
    # Two contexts times one freedom for each of the two values of the element before: 2^m (2 − 1)(2 − 1).
    assert table["degrees_of_freedom"].tolist() == [1, 2, 4, 8, 16]
    assert "order 2 " in answer._repr_html_()


def test_too_few_data_tell_nothing() -> None:
    answer = chainrule.independence(["aaaa"], progress=False)
    assert answer.is_bound and set(answer.table["verdict"]) == {"mute"}


def test_strengths_of_edges_in_data(chain: list[str]) -> None:
    table = chainrule.graph("markov:3", strength=chain).table.set_index("lag")
    # I(y(t − 2); y(t)) of a binary symmetric channel: log 2 − H(0.15).
    truth = 0.2704
    assert table["low"][2] < truth < table["high"][2]
    assert table["low"][1] < 0.01 and table["low"][3] < 0.01
    assert table["supported"].tolist() == [False, True, False]


def test_gradients_agree_with_differences() -> None:
    answer = chainrule.gradcheck(["rnn:3", "lstm:2/halt"], progress=False)
    table = answer.table
    assert table["largest_relative_difference"].max() < 1e-6
    # The network has U 3·3, b 3, W 3·3, V 4·3, c 4.
    assert table[table["model"] == "rnn:3"].set_index("name")["parameters"].to_dict() == {
        **{"U": 9, "b": 3, "W": 9, "V": 12, "c": 4}
    }
    assert "largest relative difference" in repr(answer)
    with pytest.raises(chainrule.UsageError):
        chainrule.gradcheck("markov:2", progress=False)


def test_the_program_is_a_file() -> None:
    assert chainrule.program().endswith("chainrule")
