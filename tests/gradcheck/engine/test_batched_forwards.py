from __future__ import annotations

import numpy as np
import pytest
from support.right_layers import ROWS, BatchNorm

from handgrad import Relu, Sigmoid, Vjp, check


@pytest.mark.parametrize("layer", [Relu(), Sigmoid(), ROWS["softmax"]])
def test_independent_samples_share_a_forward(rng, layer):
    x = rng.normal(size=(8, 6))
    alone = check(layer, x, seed=1, state=False)
    stacked = check(layer, x, seed=1, batch_axis="auto", state=False)
    assert stacked.verdict == alone.verdict == "right"
    assert stacked.forwards < alone.forwards


@pytest.mark.parametrize(
    "f",
    [
        BatchNorm(np.ones(6), np.zeros(6)),
        ROWS["cross-entropy"],
        Vjp(
            lambda x: np.tanh(x) * np.arange(len(x))[:, None],
            lambda dout, x: dout * (1 - np.tanh(x) ** 2) * np.arange(len(x))[:, None],
        ),
        Vjp(
            lambda x: np.cumsum(np.tanh(x), axis=0),
            lambda dout, x: np.cumsum(dout[::-1], axis=0)[::-1] * (1 - np.tanh(x) ** 2),
        ),
    ],
    ids=["batch norm", "mean", "by place", "running sum"],
)
def test_samples_that_see_each_other_are_not_stacked(rng, f):
    assert check(f, rng.normal(size=(8, 6)), seed=1, batch_axis=0).verdict == "right"


def test_mistakes_are_seen_through_stacked_probes(rng):
    wrong = Vjp(np.tanh, lambda dout, x: dout * (1 + np.tanh(x) ** 2))
    assert check(wrong, rng.normal(size=(8, 6)), seed=1, batch_axis=0).verdict == "wrong"
