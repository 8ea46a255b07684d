"""An expression is found for formulas that nobody listed, and never for what no formula gives."""

from __future__ import annotations

import numpy as np
import pytest
from support.trials import trials

from handgrad.checking.evidence import by_array, sightings
from handgrad.checking.search import search

LAYER = """
class FullyConnected:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def forward(self, x):
        self.shape, self.x = x.shape, x.reshape(len(x), -1)
        self.y = self.x @ self.W + self.b
        return self.y
    def backward(self, dout):
        x, W, b, y = self.x, self.W, self.b, self.y
        B, N, M = len(x), *W.shape
        self.dW, self.db, dx = {dW}, {db}, {dx}
        return dx.reshape(self.shape)
"""
SIGMOID = """
class Sigmoid:
    def forward(self, x):
        self.x, self.out = x, 1 / (1 + np.exp(-x))
        return self.out
    def backward(self, dout):
        x, out = self.x, self.out
        return {dx}
"""
RELU = SIGMOID.replace("Sigmoid", "Relu").replace("1 / (1 + np.exp(-x))", "np.maximum(x, 0)")
RIGHT = {"dW": "x.T @ dout", "db": "dout.sum(0)", "dx": "dout @ W.T"}
FORMULAS = [
    ("dW", "x.T @ dout + 0.01 * W"),
    ("dW", "W - 0.1 * x.T @ dout"),
    ("dW", "x.T @ y"),
    ("dW", "x.T @ (dout * dout)"),
    ("dW", "x.T @ dout / (N * M)"),
    ("dW", "2 * (x.T @ dout) * W"),
    ("db", "dout.sum(0) + b"),
    ("db", "dout.max(axis=0)"),
    ("db", "np.full(M, dout.sum())"),
    ("db", "dout.mean(axis=0) / 2"),
    ("dx", "(dout - b) @ W.T"),
    ("dx", "(dout * y) @ W.T"),
    ("dx", "(dout @ W.T) * x"),
    ("dx", "x + 0 * (dout @ W.T)"),
]
ENTRY_BY_ENTRY = [
    (SIGMOID, "dout * out - out"),
    (SIGMOID, "dout + out * (1 - out)"),
    (SIGMOID, "dout * out * out * (1 - out)"),
    (SIGMOID, "dout / (out * (1 - out))"),
    (SIGMOID, "dout * np.exp(-x)"),
    (SIGMOID, "0.3 * dout * out * (1 - x)"),
    (RELU, "np.where(x > 0, dout, x)"),
    (RELU, "np.maximum(dout, 0) * (x > 0)"),
    (RELU, "dout * x ** 2"),
    (RELU, "np.where(x > 0, 2 * dout, 0.0)"),
]


def found(level: str, class_name: str, source: str, array: str, rng: np.random.Generator):
    seen = trials(level, class_name, source, rng)
    deciding = [trial for trial in seen if trial.case.warning is None]
    evidence = by_array(sightings(deciding))[array]
    return search(evidence), evidence


@pytest.mark.parametrize(("array", "formula"), FORMULAS)
def test_a_wrong_formula_of_matrices_is_found(
    array: str, formula: str, rng: np.random.Generator
) -> None:
    source = LAYER.format(**RIGHT | {array: formula})
    computed, evidence = found("fully-connected", "FullyConnected", source, array, rng)
    assert computed is not None
    assert all(computed.reproduces(sighting) for sighting in evidence)


@pytest.mark.parametrize(("source", "formula"), ENTRY_BY_ENTRY)
def test_a_wrong_formula_of_entries_is_found(
    source: str, formula: str, rng: np.random.Generator
) -> None:
    class_name = "Sigmoid" if source is SIGMOID else "Relu"
    computed, evidence = found("activations", class_name, source.format(dx=formula), "dx", rng)
    assert computed is not None
    assert all(computed.reproduces(sighting) for sighting in evidence)


def test_the_shortest_one_is_told_in_the_words_of_numpy(rng: np.random.Generator) -> None:
    source = LAYER.format(**RIGHT | {"dx": "dout @ W.T / B"})
    computed, _ = found("fully-connected", "FullyConnected", source, "dx", rng)
    assert computed is not None
    assert computed.text == "dout @ W.T / B"


@pytest.mark.parametrize(
    "formula",
    [
        "np.random.default_rng().standard_normal(x.shape)",
        "np.sort(dout @ W.T, axis=1)[:, ::-1]",
        "(dout @ W.T) * np.arange(1, N + 1)",
    ],
)
def test_what_no_short_formula_gives_is_not_explained(
    formula: str, rng: np.random.Generator
) -> None:
    source = LAYER.format(**RIGHT | {"dx": formula})
    computed, _ = found("fully-connected", "FullyConnected", source, "dx", rng)
    assert computed is None


def test_a_formula_that_holds_in_some_cases_only_is_not_told(rng: np.random.Generator) -> None:
    source = LAYER.format(**RIGHT | {"dx": "dout @ W.T if B % 2 else dout @ W.T / B"})
    computed, _ = found("fully-connected", "FullyConnected", source, "dx", rng)
    assert computed is None
