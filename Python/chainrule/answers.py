"""What a fitted model answers: scores, samples, distributions of the length."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pandas as pd

from .report import Report, number


class Score(Report):
    """The likelihood of data under a model."""

    @property
    def nats(self) -> float:
        """−log P of all sequences together, in nats."""
        return number(self.json["total"]["nats"])

    @property
    def nats_per_event(self) -> float:
        """−log P in nats, divided by the symbols and ends."""
        return number(self.json["total"]["natsPerEvent"])

    @property
    def perplexity(self) -> float:
        """The exponential of `nats_per_event`."""
        return number(self.json["total"]["perplexity"])

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a sequence: `nats`, and `nats_length`, the share of the end or of P(τ).

        With per="symbol" it has one row a decision.
        """
        sequences = self.json.get("sequences", [])
        columns = ["nats", "nats_length"]
        if any("steps" in sequence for sequence in sequences):
            rows = [
                (sequence["sequence"], step, decision.get("symbol"), *_shares(decision))
                for sequence in sequences
                for step, decision in enumerate(sequence["steps"], 1)
            ]
            return pd.DataFrame(rows, columns=["sequence", "step", "symbol", *columns]).set_index(["sequence", "step"])
        index = pd.Index([sequence["sequence"] for sequence in sequences], name="sequence", dtype=int)
        return pd.DataFrame([_shares(sequence) for sequence in sequences], columns=columns, index=index, dtype=float)

    def _summary(self) -> str:
        total = self.json["total"]
        return (
            f"{self.json['model']}: {total['sequences']:,} sequences, {total['symbols']:,} symbols, "
            f"−log P = {self.nats:.2f} nats, {self.nats_per_event:.4f} an event, perplexity {self.perplexity:.4g}"
        )


def _shares(score: dict[str, Any]) -> tuple[float, float]:
    return number(score["nats"]), number(score["natsLength"])


class Samples(Report):
    """Sequences drawn from a model, or its most probable ones: a list of them."""

    @property
    def sequences(self) -> list[list[str]]:
        """Each sequence as a list of symbols."""
        return [sample["y"] for sample in self.json["samples"]]

    @property
    def texts(self) -> list[str]:
        """Each sequence as text."""
        return [sample["text"] for sample in self.json["samples"]]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a sample: `text`, `nats` (−log P under the model), `complete` (false where it was cut), `symbols`."""
        return pd.DataFrame(
            {
                "text": self.texts,
                "nats": [number(sample["nats"]) for sample in self.json["samples"]],
                "complete": [sample.get("complete", True) for sample in self.json["samples"]],
                "symbols": self.sequences,
            }
        )

    def __len__(self) -> int:
        """Gives the number of samples."""
        return len(self.json["samples"])

    def __iter__(self) -> Iterator[str]:
        """Goes through the samples as texts."""
        return iter(self.texts)

    def __getitem__(self, index: int) -> str:
        """Gives one sample as text."""
        return self.texts[index]

    def _summary(self) -> str:
        return f"{self.json['model']}, seed {self.json['seed']}: {len(self):,} samples"

    def _shown(self) -> pd.DataFrame:
        return self.table.drop(columns="symbols")


class Lengths(Report):
    """The distribution of the length τ that a model implies."""

    @property
    def mean(self) -> float:
        """The mean of the length of sequences that end."""
        return number(self.json["mean"])

    @property
    def variance(self) -> float:
        """The variance of the length of sequences that end."""
        return number(self.json["variance"])

    @property
    def endless(self) -> float:
        """The probability of sequences that never end."""
        return number(self.json["endless"])

    @property
    def exact(self) -> bool:
        """Whether it was computed, and not estimated from samples."""
        return bool(self.json["exact"])

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a length n: `probability`, `survival` P(τ > n), `hazard` P(τ = n | τ ≥ n); of data their share."""
        columns = {"probability": "probabilities", "survival": "survival", "hazard": "hazard"}
        table = pd.DataFrame({name: pd.Series(self.json[key], dtype=float) for name, key in columns.items()})
        table.index.name = "length"
        data = self.json.get("data")
        if data is not None:
            table["data"] = pd.Series(data["probabilities"], dtype=float).reindex(table.index, fill_value=0)
        return table

    def _summary(self) -> str:
        how = "exact" if self.exact else "by samples"
        return (
            f"{self.json['model']}: mean length {self.mean:.4g}, variance {self.variance:.4g}, "
            f"P(endless) {self.endless:.3g} ({how})"
        )
