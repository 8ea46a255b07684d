"""Code in half precision against the same in float64."""

from __future__ import annotations

import numpy as np
import pytest

from handgrad import Vjp, check


def scaled_sum(x, w):
    return (x.astype(np.float64) * w).astype(x.dtype)


def backward(total):
    def gradients(dout, x, w):
        dx = (dout.astype(np.float64) * w).astype(x.dtype)
        return dx, total(dout.astype(np.float64) * x.astype(np.float64), x.dtype)

    return gradients


def at_once(terms, dtype):
    return terms.sum(axis=0).astype(dtype)


def step_by_step(terms, dtype):
    total = np.zeros(terms.shape[1], dtype)
    for row in terms.astype(dtype):
        total = total + row
    return total


RIGHT, LOSSY = (Vjp(scaled_sum, backward(total)) for total in (at_once, step_by_step))


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_sum_in_the_codes_own_type_over_many_rows_loses_more_than_it_must(rng, dtype):
    x, w = rng.normal(size=(1000, 3)).astype(dtype), rng.normal(size=3).astype(dtype)
    assert check(RIGHT, x, w, reference=RIGHT, seed=1).verdict == "right"
    report = check(LOSSY, x, w, reference=RIGHT, seed=1)
    assert report.verdict == "wrong"
    [array] = [one for one in report.arrays if one.verdict == "wrong"]
    assert array.name == "dw"
    assert array.wrong_entries


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_another_order_of_few_roundings_is_right(rng, dtype):
    x, w = (rng.normal(size=(6, 5)).astype(dtype) for _ in range(2))
    plain = Vjp(lambda x, w: x * w, lambda dout, x, w: (dout * w, dout * x))
    twice = Vjp(lambda x, w: w * x, lambda dout, x, w: (dout * 3 * w / 3, x * dout))
    assert check(twice, x, w, reference=plain, seed=1).verdict == "right"
