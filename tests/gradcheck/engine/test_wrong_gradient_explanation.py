from __future__ import annotations

import numpy as np
from support.planted import Affine

from handgrad import Vjp, check


class MeanForSum(Affine):
    def backward(self, dout):
        dx = super().backward(dout)
        self.db = dout.mean(axis=0)
        return dx


def test_what_the_code_computes_is_named(rng):
    report = check(MeanForSum.drawn(rng, 50, 30), rng.normal(size=(20, 50)), seed=1)
    assert report.computed == {"db": "dout.mean(axis=0)"}
    assert "dout.mean(axis=0)" in report.text("zh")


def test_the_counterexample_fails_when_done_by_hand(rng):
    case = check(MeanForSum.drawn(rng, 50, 30), rng.normal(size=(20, 50)), seed=1).counterexample
    assert case["sizes"] == {"B": 2, "N": 1, "M": 1}
    dout = np.array(case["inputs"]["dout"])
    assert case["received"] == {"db": dout.mean(axis=0).tolist()}
    assert case["expected"] == {"db": dout.sum(axis=0).tolist()}


def test_elementwise_formulas(rng):
    half = Vjp(lambda x: 1 / (1 + np.exp(-x)), lambda dout, x: dout / (1 + np.exp(-x)))
    report = check(half, rng.normal(size=(6, 7)), seed=1)
    assert report.computed == {"dx": "dout * out"}
    assert np.shape(report.counterexample["inputs"]["x"]) == (1, 1)


def test_sizes_that_cannot_be_cut_are_kept(rng):
    kernel = np.array([1.0, 2.0, -1.0])

    def forward(x):
        return np.convolve(x, kernel, "valid")

    def backward(dout, x):
        return np.convolve(dout, kernel, "full")  # not turned round

    report = check(Vjp(forward, backward), rng.normal(size=12), seed=1)
    assert report.verdict == "wrong"
    assert report.counterexample is not None


def test_nothing_is_explained_where_all_is_right(rng):
    report = check(Affine.drawn(rng), rng.normal(size=(4, 5)), seed=1)
    assert report.computed == {} and report.counterexample is None
