"""Probabilistic models of sequences, side by side on one likelihood that includes the length.

    import chainrule

    comparison = chainrule.compare("names.txt")
    model = chainrule.fit("names.txt", comparison.best)
    model.score(["anna", "otto"])
    model.sample(10)
    model.next_log_probs("ann")

A model is one word, such as `markov:3/eos` or `gru:64/halt`; what can be fitted, `chainrule help models` lists.
"""

from ._data import Data
from ._places import program
from .answers import Lengths, Samples, Score
from .comparison import Comparison, compare
from .errors import (
    ChainruleError,
    DataError,
    Interrupted,
    MissingInput,
    OutputError,
    ProgramNotFound,
    UsageError,
)
from .experiment import run, runs
from .gradcheck import GradientCheck, gradcheck
from .graph import Graph, graph
from .independence import Independence, independence
from .model import Model, fit, lengths, sample, score
from .parameters import Parameters, parameters
from .report import Report
from .walk import END, Walk

__version__ = "0.1.0"

__all__ = [
    "END",
    "ChainruleError",
    "Comparison",
    "Data",
    "DataError",
    "GradientCheck",
    "Graph",
    "Independence",
    "Interrupted",
    "Lengths",
    "MissingInput",
    "Model",
    "OutputError",
    "Parameters",
    "ProgramNotFound",
    "Report",
    "Samples",
    "Score",
    "UsageError",
    "Walk",
    "compare",
    "fit",
    "gradcheck",
    "graph",
    "independence",
    "lengths",
    "parameters",
    "program",
    "run",
    "runs",
    "sample",
    "score",
]
