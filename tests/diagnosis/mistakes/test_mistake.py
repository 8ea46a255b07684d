from __future__ import annotations

import numpy as np
from support.made_trials import made_trial

from handgrad.diagnosis.mistakes import Explanation, Fit, Mistake
from handgrad.languages import Text

NO_TEXT = Explanation(*[Text(zh="", en="")] * 3)


def test_a_mistake_is_about_its_arrays_or_about_any():
    assert Mistake("any", NO_TEXT).is_about("dx")
    of_weights = Mistake("some", NO_TEXT, arrays=("dW",))
    assert (of_weights.is_about("dW"), of_weights.is_about("dx")) == (True, False)


def test_a_prediction_comes_from_a_formula_or_from_a_change_of_the_right_array(rng):
    right = rng.normal(size=(2, 3))
    trial = made_trial(1, {"dx": right}, {})
    formula = Mistake("formula", NO_TEXT, predict=lambda trial, array: np.ones(2))
    change = Mistake("change", NO_TEXT, change=lambda trial, compute: 3 * compute(trial))
    neither = Mistake("neither", NO_TEXT)
    np.testing.assert_array_equal(formula.predicted(trial, "dx"), np.ones(2))
    np.testing.assert_array_equal(change.predicted(trial, "dx"), 3 * right)
    assert neither.predicted(trial, "dx") is None
    assert [one.predicts for one in (formula, change, neither)] == [True, True, False]


def test_a_fit_is_a_line(rng):
    base, direction = rng.normal(size=(2, 4))
    factor = float(rng.normal())
    np.testing.assert_allclose(Fit(base, direction).at(factor), base + factor * direction)
