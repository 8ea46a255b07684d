from __future__ import annotations

import numpy as np
import pytest

from handgrad.gradcheck.engine.gradient_defects import defect_of


@pytest.mark.parametrize(
    ("spoil", "part"),
    [
        (lambda g: None, "There is no dW"),
        (lambda g: (g, g), "got tuple of 2"),
        (lambda g: g[None], "sum over the broadcast axes"),
        (lambda g: g.astype(int), "got dtype int"),
        (
            lambda g: np.where(np.arange(g.size).reshape(g.shape) == 2, np.nan, g),
            "not finite in 1 of",
        ),
    ],
)
def test_each_defect_has_its_message(rng, spoil, part):
    shape = tuple(map(int, rng.integers(2, 6, size=2)))
    gradient = rng.normal(size=shape)
    assert defect_of(gradient, gradient) is None
    assert part in defect_of(spoil(gradient), gradient).format(name="dW")["en"]


def test_the_message_names_the_first_entry_that_is_not_finite(rng):
    gradient = rng.normal(size=(3, 4))
    gradient[1, 2] = np.inf
    text = defect_of(gradient, gradient).format(name="dW")
    assert "dW" in text["en"] and "[1, 2]" in text["en"] and "[1, 2]" in text["zh"]
