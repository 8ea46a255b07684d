"""Corners: found where a gradient is wrong at 0 or far out, and silent where there is no derivative."""

from __future__ import annotations

import numpy as np
import pytest

import handgrad
from handgrad import Vjp
from handgrad.gradcheck.conditions.special_points import special_points


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_backward(dout, x):
    p = softmax(x)
    return p * (dout - (dout * p).sum(axis=-1, keepdims=True))


def norm(x):
    return np.sqrt((x * x).sum(axis=-1, keepdims=True))


def ranks(x):
    return np.argsort(np.argsort(x, axis=-1), axis=-1)


RIGHT = {
    "relu": (lambda x: np.maximum(x, 0), lambda dout, x: dout * (x > 0)),
    "passes-at-zero": (lambda x: np.maximum(x, 0), lambda dout, x: dout * (x >= 0)),
    "absolute": (np.abs, lambda dout, x: dout * np.sign(x)),
    "root": (
        lambda x: np.sqrt(np.abs(x)),  # the slope at 0 is infinite
        lambda dout, x: dout * 0.5 * np.sign(x) / np.sqrt(np.abs(x)),
    ),
    "logarithm": (lambda x: np.log(np.abs(x)), lambda dout, x: dout / x),
    "reciprocal": (lambda x: 1 / x, lambda dout, x: -dout / x**2),
    "softmax": (softmax, softmax_backward),
    "norm": (norm, lambda dout, x: dout * x / norm(x)),
    "sort": (  # equal entries: the one in the middle has the same slope on both sides
        lambda x: np.sort(x, axis=-1),
        lambda dout, x: np.take_along_axis(dout, ranks(x), axis=-1),
    ),
    "cube": (lambda x: x**3, lambda dout, x: 3 * x**2 * dout),
    "tanh": (np.tanh, lambda dout, x: dout * (1 - np.tanh(x) ** 2)),
}
WRONG = {
    "divides-by-x": (lambda x: x**3, lambda dout, x: 3 * x**3 / x * dout),
    "lost-at-zero": (np.sin, lambda dout, x: dout * np.cos(x) * (x != 0)),
    "overflows": (
        np.tanh,
        lambda dout, x: dout * 4 * np.exp(2 * x) / (np.exp(2 * x) + 1) ** 2,
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_code_stays_right_at_its_corners(name, rng):
    forward, backward = RIGHT[name]
    for _ in range(5):
        x = rng.normal(size=(int(rng.integers(2, 6)), int(rng.integers(3, 8))))
        report = handgrad.check(Vjp(forward, backward), x, corners=True, sizes=False)
        assert [f for f in report.findings if f.kind == "corner"] == []


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_at_a_corner_only_is_found(name, rng):
    forward, backward = WRONG[name]
    x = rng.normal(size=(3, 5))
    assert handgrad.check(Vjp(forward, backward), x, sizes=False).verdict == "right"
    report = handgrad.check(Vjp(forward, backward), x, corners=True, sizes=False)
    assert report.verdict == "wrong"
    (finding,) = (f for f in report.findings if f.kind == "corner")
    assert finding.array == "dx"
    assert "dx" in finding.message["en"]
    assert "dx" in finding.message["zh"]


def test_a_finding_can_be_allowed(rng):
    wrong = Vjp(*WRONG["divides-by-x"])
    x = rng.normal(size=(3, 5))
    assert handgrad.check(wrong, x, corners=True, sizes=False, allow=["corner"]).verdict == "right"


def test_corners_keep_signs_and_types(rng):
    x = rng.normal(size=(4, 3)).astype(np.float32)
    labels = np.array([1, 2, 0])
    for special in special_points({"x": x, "labels": labels}, rng):
        assert special.point["labels"] is labels
        assert special.point["x"].dtype == np.float32
        assert (special.point["x"] * x >= 0).all()
        assert special.condition["zh"]
        assert special.condition["en"]


def test_an_empty_array_has_no_corners(rng):
    for special in special_points({"x": np.zeros((0, 3))}, rng):
        assert special.point["x"].shape == (0, 3)
