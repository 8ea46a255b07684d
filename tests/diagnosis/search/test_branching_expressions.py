"""Expressions with two branches: chosen by a size, or by the sign of x."""

from __future__ import annotations

import numpy as np
import pytest
from support.made_trials import made_arrays, made_trial

from handgrad.diagnosis.search import ExpressionTable
from handgrad.diagnosis.search.branching_expressions import by_sign, by_size
from handgrad.diagnosis.search.expression import named


@pytest.fixture(autouse=True)
def as_the_search_computes():
    with np.errstate(all="ignore"):
        yield


def sized(number, B, N, M, is_wrong):
    expected = np.ones((B, N))
    trial = made_trial(
        number, {"dx": expected}, {"dx": expected + is_wrong}, inputs={"sizes": (B, N, M)}
    )
    return made_arrays(trial)[0]


def environment(compared):
    sizes = zip("BNM", compared.trial.case.inputs["sizes"], strict=True)
    return {name: np.asarray(float(size)) for name, size in sizes}


def which(some):
    return named("wrong" if some[0].is_wrong else "right")


def test_the_sizes_that_tell_wrong_from_right():
    evidence = [sized(1, 4, 2, 3, False), sized(2, 4, 3, 3, True), sized(3, 2, 5, 5, True)]
    assert str(by_size(evidence, environment, which)) == "wrong if N == M else right"
    evidence = [sized(1, 4, 1, 3, False), sized(2, 1, 3, 2, True)]
    assert str(by_size(evidence, environment, which)) == "wrong if B == 1 else right"


def test_no_size_no_branch():
    apart = [sized(1, 4, 2, 3, False), sized(2, 5, 2, 3, True)]
    assert by_size(apart, environment, which) is None
    assert by_size(apart[1:], environment, which) is None
    assert by_size([sized(1, 4, 3, 3, False), sized(2, 5, 3, 3, True)], environment, which) is None


def test_one_branch_for_each_sign(rng):
    x = rng.choice([-1.0, 1.0], (4, 6)) * rng.uniform(1, 2, (4, 6))
    x.flat[:4] = 1.5, 1.2, -1.5, -1.2
    arrays = {"x": x, "dout": rng.normal(size=x.shape)}
    same_shape = ExpressionTable(arrays, entry_by_entry=True).by_shape[x.shape]
    target = np.where(x > 0, arrays["dout"], 0.25)
    found = list(by_sign(target, same_shape, x, None))
    assert str(found[0]) == "np.where(x > 0, dout, 0.25)"
    assert str(found[1]) == "np.where(x < 0, 0.25, dout)"
    assert list(by_sign(target, same_shape, np.abs(x), None)) == []


def test_zero_may_have_a_value_of_its_own(rng):
    x = rng.choice([-1.0, 1.0], (4, 6)) * rng.uniform(1, 2, (4, 6))
    x.flat[:4] = 1.5, 1.2, -1.5, -1.2
    arrays = {"x": x, "dout": rng.normal(size=x.shape)}
    same_shape = ExpressionTable(arrays, entry_by_entry=True).by_shape[x.shape]
    target = np.where(x > 0, arrays["dout"], 2.0)
    with_zeros = {"x": np.array([0.0, 1.0, 0.0]), "dout": np.array([1.0, 2.0, 3.0])}
    at_zero = {
        "7": np.array([7.0, 2.0, 7.0]),
        "dout / 2": np.array([0.5, 2.0, 1.5]),
    }
    for text, came in at_zero.items():
        found = {str(one) for one in by_sign(target, same_shape, x, (came, with_zeros))}
        assert f"np.where(x > 0, dout, np.where(x < 0, 2, {text}))" in found
