"""The formulas of the update rules, written out for one number."""

from __future__ import annotations

import math

import numpy as np
import pytest

from handgrad.kernels.update_rules import UPDATE_RULES

P, G, S, R = 0.7, -0.3, 0.2, 0.5

EXPECTED = {
    "sgd": ((0.1,), (), P - 0.1 * G, ()),
    "momentum": ((0.1, 0.9), (S,), P - 0.1 * (0.9 * S + G), (0.9 * S + G,)),
    "nesterov": ((0.1, 0.9), (S,), P - 0.1 * (G + 0.9 * (0.9 * S + G)), (0.9 * S + G,)),
    "adagrad": (
        (0.1, 1e-3), (S,), P - 0.1 * G / (math.sqrt(S + G * G) + 1e-3), (S + G * G,),
    ),
    "rmsprop": (
        (0.1, 0.9, 1e-3),
        (S,),
        P - 0.1 * G / (math.sqrt(0.9 * S + 0.1 * G * G) + 1e-3),
        (0.9 * S + 0.1 * G * G,),
    ),
    "adam": (
        (0.1, 0.9, 0.99, 1e-3, 1.5, 0.8),
        (S, R),
        0.8 * P - 0.1 * (0.9 * S + 0.1 * G) / (1.5 * math.sqrt(0.99 * R + 0.01 * G * G) + 1e-3),
        (0.9 * S + 0.1 * G, 0.99 * R + 0.01 * G * G),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_one_step(rule):
    coefficients, state, expected, expected_state = EXPECTED[rule]
    p, g, held = np.array([P]), np.array([G]), [np.array([value]) for value in state]
    UPDATE_RULES[rule](p, g, held, coefficients)
    assert p[0] == pytest.approx(expected, rel=1e-14)
    assert [float(array[0]) for array in held] == pytest.approx(expected_state, rel=1e-14)
    assert g[0] == G
