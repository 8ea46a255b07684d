"""What each mistake of value gives, for drawn arrays."""

from __future__ import annotations

import numpy as np
import pytest
from support.made_trials import made_trial

from handgrad.diagnosis.mistakes.wrong_values import WRONG_VALUES

NAMED = {mistake.name: mistake for mistake in WRONG_VALUES}


def only(right, row):
    kept = np.zeros_like(right)
    kept[row] = right[row]
    return kept


FORMULAS = {
    "sign-flipped": lambda right: -right,
    "divided-by-batch": lambda right: right / len(right),
    "multiplied-by-batch": lambda right: right * len(right),
    "first-sample-only": lambda right: only(right, 0),
    "last-sample-only": lambda right: only(right, -1),
    "all-zeros": lambda right: 0 * right,
}


def test_every_mistake_without_a_constant_has_its_formula_here():
    assert set(FORMULAS) == {name for name, mistake in NAMED.items() if mistake.fit is None}


@pytest.mark.parametrize(("name", "formula"), FORMULAS.items(), ids=FORMULAS)
def test_what_each_gives(rng, name, formula):
    right = rng.normal(size=(int(rng.integers(2, 6)), 3))
    trial = made_trial(1, {"dx": right}, {}, inputs={"x": np.ones_like(right)})
    np.testing.assert_allclose(NAMED[name].predicted(trial, "dx"), formula(right))


@pytest.mark.parametrize("name", ["first-sample-only", "last-sample-only"])
def test_an_array_without_a_row_for_each_sample_has_no_first_sample(rng, name):
    trial = made_trial(1, {"db": rng.normal(size=3)}, {}, inputs={"x": np.ones((4, 2))})
    assert NAMED[name].predicted(trial, "db") is None


@pytest.mark.parametrize("name", ["divided-by-batch", "multiplied-by-batch"])
def test_without_a_batch_nothing_is_divided_by_it(name):
    assert NAMED[name].predicted(made_trial(1, {"dx": np.ones(2)}, {}), "dx") is None


def test_a_constant_multiplies_the_right_array(rng):
    right, factor = rng.normal(size=4), float(rng.normal())
    fit = NAMED["times-constant"].fit(made_trial(1, {"dx": right}, {}), "dx")
    np.testing.assert_allclose(fit.at(factor), factor * right)
