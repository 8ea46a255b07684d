from __future__ import annotations

import numpy as np
import pytest

from handgrad.arrays import real, seeded
from handgrad.errors import DtypeError


def test_seeded_repeats():
    assert seeded(3).normal(size=4).tolist() == seeded(3).normal(size=4).tolist()
    assert seeded(3).normal(size=4).tolist() != seeded(4).normal(size=4).tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_stay_themselves(dtype):
    values = np.zeros(3, dtype)
    assert real("x", values) is values


@pytest.mark.parametrize("values", [[1, 2], [True], np.arange(3, dtype=np.uint8)])
def test_integers_become_float64(values):
    assert real("x", values).dtype == np.float64


@pytest.mark.parametrize(
    "values", [["a"], [1j], np.zeros(2, np.float16), [None], np.zeros(2, "M8[s]")]
)
def test_anything_else_is_refused_in_both_languages(values):
    with pytest.raises(DtypeError) as caught:
        real("dout", values)
    assert caught.value.text.en.startswith("dout must be")
    assert caught.value.text.zh.startswith("dout 必须")
