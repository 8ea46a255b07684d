from __future__ import annotations

import re

import numpy as np
import pytest
from support.planted import Affine

from handgrad import CheckError, Relu, Vjp, check
from handgrad.languages import LANGUAGES

identity = Vjp(lambda x: x, lambda dout, x: dout)


@pytest.mark.parametrize(
    ("f", "inputs", "words"),
    [
        (object(), [np.ones(3)], "has no forward, backward"),
        (lambda: 3, [np.ones(3)], "int has no forward"),
        (Vjp(lambda x: None, lambda dout, x: dout), [np.ones(3)], "return statement"),
        (identity, [np.zeros((0, 3))], "must have entries"),
        (identity, [np.array([1, 2])], "array of floats"),
        (identity, [np.array([1.0, np.nan])], r"x\[1\] is nan"),
        (identity, [np.array([1.0, np.inf])], r"x\[1\] is inf"),
        (identity, [np.ones(2) + 0j], "complex128"),
        (Vjp(lambda x: x[:0], lambda dout, x: dout), [np.ones(3)], "must have entries"),
    ],
)
def test_what_cannot_be_checked_is_a_clear_error(f, inputs, words):
    with pytest.raises(CheckError, match=words) as caught:
        check(f, *inputs)
    assert all(len(caught.value.text[language]) > 10 for language in LANGUAGES)


def test_names_and_parameters_must_fit(rng):
    x = rng.normal(size=(4, 5))
    with pytest.raises(CheckError, match="names must give"):
        check(Relu(), x, names=["a", "b"])
    with pytest.raises(CheckError, match="Q in parameters"):
        check(Affine.drawn(rng), x, parameters={"Q": "dQ"})
    assert [a.name for a in check(Relu(), x, names=["signal"]).arrays] == ["dsignal"]


@pytest.mark.parametrize(
    ("gradient", "words"),
    [
        (lambda x: None, "There is no dx"),
        (lambda x: (x, x, x), "got tuple of 3"),
        (lambda x: x[None], r"got \(1, 4, 5\)"),
        (lambda x: x.sum(), r"got \(\)"),
        (lambda x: x.astype(int), "dtype int64"),
        (lambda x: x + 0j, "dtype complex128"),
        (lambda x: np.where(x > 0, np.nan, x), "not finite"),
    ],
)
def test_a_gradient_that_is_none(rng, gradient, words):
    report = check(
        Vjp(lambda x: x, lambda dout, x: gradient(dout)), rng.normal(size=(4, 5)), seed=1
    )
    assert report.verdict == "wrong"
    assert re.search(words, report.text("en"))


def test_outputs_that_are_not_finite_cannot_be_told(rng):
    x = rng.normal(size=(4, 5))
    x[0, 1] = -1
    report = check(Vjp(np.log, lambda dout, x: dout / x), np.abs(x) * np.sign(x), seed=1)
    assert report.verdict == "cannot-tell"
    assert "not finite" in report.text("en")


def test_what_the_code_raises_reaches_the_caller(rng):
    def forward(x):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        check(Vjp(forward, lambda dout, x: dout), rng.normal(size=3))


def test_a_loss_has_no_gradient_for_its_targets(rng):
    class Squared:
        def forward(self, y, t):
            self.d = y - t
            return float((self.d**2).mean())

        def backward(self):
            return 2 * self.d / self.d.size

    report = check(Squared(), rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), seed=1)
    assert report.verdict == "right"
    assert [array.name for array in report.arrays] == ["dy"]
    assert [finding.kind for finding in report.findings] == ["no-gradient"]


def test_labels_and_flags_are_passed_on(rng):
    def forward(x, labels, scale):
        return scale * x[np.arange(len(x)), labels]

    def backward(dout, x, labels, scale):
        dx = np.zeros_like(x)
        dx[np.arange(len(x)), labels] = scale * dout
        return dx

    report = check(
        Vjp(forward, backward), rng.normal(size=(4, 3)), np.array([0, 2, 1, 1]), 3, seed=1
    )
    assert report.verdict == "right"
