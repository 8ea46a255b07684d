"""Formulas in shapes: only operations that change a shape appear."""

from __future__ import annotations

import pytest
from support.traced_drafts import trace

START = "import numpy as np\nx, W, b = np.ones((4, 3)), np.ones((3, 5)), np.ones(5)\n"


@pytest.mark.parametrize(
    ("expression", "formula"),
    [
        ("x @ W + b", "(4, 3) · (3, 5) + (5,)"),
        ("np.add(x @ W, b)", "(4, 3) · (3, 5) + (5,)"),
        ("(x @ W).sum(axis=0)", "(4, 3) · (3, 5) → (4, 5)"),
        ("x.T", "(4, 3)"),
        ("x.reshape(2, 2, 3)", "(4, 3)"),
        ("np.concatenate([x, x])", "(4, 3), (4, 3)"),
        ("np.exp(-x)", ""),
        ("x * x + x", ""),
        ("x > 0", ""),
        ("np.tanh(x @ W)", "(4, 3) · (3, 5)"),
    ],
)
def test_formula(expression, formula):
    traced = trace(f"{START}y = {expression}\n")
    assert traced.error is None
    assert [shown[2] for shown in traced.shown(3)] == [formula]
