"""A mistake is named only if it agrees with every array in every trial; the most precise one first."""

from __future__ import annotations

import numpy as np
import pytest
from support.made_trials import an_error, made_arrays, made_trial

from handgrad.diagnosis.mistake_matching import LARGEST_STUDIED, match_mistakes
from handgrad.diagnosis.mistake_predictions import MistakePredictions
from handgrad.diagnosis.mistakes import Explanation, Fit, Mistake
from handgrad.languages import Text

NO_TEXT = Explanation(*[Text(zh="", en="")] * 3)


def entry(name, formula=None, **facts):
    """A mistake of a level's own that gives a formula of the right array."""
    predict = formula and (lambda trial, array: formula(trial.expected[array]))
    return Mistake(name, NO_TEXT, predict=predict, **facts)


def matched(level_mistakes, *trials):
    return match_mistakes(made_arrays(*trials), trials, MistakePredictions(level_mistakes))


def trials_of(rng, formula, count=3, **case):
    rights = [rng.uniform(0.5, 1.5, size=(i + 2, 3)) for i in range(count)]
    return [made_trial(i, {"dx": r}, {"dx": formula(r)}, **case) for i, r in enumerate(rights, 1)]


SQUARE, CUBE = entry("square", lambda right: right**2), entry("cube", lambda right: right**3)


def names(matches):
    return [[mistake.name for mistake in match.mistakes] for match in matches]


def test_an_entry_must_agree_in_every_trial(rng):
    squares = trials_of(rng, np.square)
    assert names(matched([CUBE, SQUARE], *squares)) == [["square"]]
    right = rng.uniform(2, 3, size=4)
    cube = made_trial(4, {"dx": right}, {"dx": right**3})
    assert names(matched([CUBE, SQUARE], *squares, cube)) == []


def test_a_levels_own_entry_comes_before_a_generic_one(rng):
    opposite = entry("opposite", np.negative)
    assert names(matched([], *trials_of(rng, np.negative))) == [["sign-flipped"]]
    assert names(matched([opposite], *trials_of(rng, np.negative))) == [["opposite"]]


def test_an_entry_removes_those_that_it_refines(rng):
    general = entry("power", np.square)
    special = entry("square", np.square, refines=("power",))
    assert names(matched([general, special], *trials_of(rng, np.square))) == [["square"]]


def test_entries_that_look_the_same_are_alternatives(rng):
    same = entry("product", lambda right: right * right)
    [match] = matched([SQUARE, same], *trials_of(rng, np.square))
    [named] = match.named()
    assert (named.mistake, named.certainty, named.alternatives) == (
        "square",
        "one-of",
        ("product",),
    )


def test_a_constant_is_fitted_only_where_nothing_without_one_explains(rng):
    def fit(trial, array):
        right = trial.expected[array]
        return Fit(np.zeros_like(right), right**2)

    fitted = Mistake("multiple", NO_TEXT, fit=fit)
    factor = float(rng.uniform(2, 3))
    [match] = matched([fitted], *trials_of(rng, lambda right: factor * right**2))
    assert match.factor == pytest.approx(factor)
    assert names(matched([fitted, SQUARE], *trials_of(rng, np.square))) == [["square"]]


def test_the_entry_that_raises_where_the_answer_did_is_preferred(rng):
    def square_of_few(trial, array):
        right = trial.expected[array]
        if len(right) > 3:
            raise ValueError("too many rows")
        return right**2

    raising = Mistake("raises", NO_TEXT, predict=square_of_few)
    *arrived, last = trials_of(rng, np.square)
    raised = made_trial(3, last.expected, {}, raised=an_error())
    [match] = matched([SQUARE, raising], *arrived, raised)
    assert [mistake.name for mistake in match.mistakes] == ["raises"]
    assert match.explains_raising


def test_two_mistakes_in_one_array_are_named_one_by_one(rng):
    [match] = matched([SQUARE], *trials_of(rng, lambda right: -(right**2)))
    assert match.are_combined
    assert [named.mistake for named in match.named()] == ["square", "sign-flipped"]
    later = made_trial(4, {"dx": np.full(2, 3.0)}, {"dx": np.full(2, -9.0)})
    other = made_trial(5, {"dx": np.full(2, 3.0)}, {"dx": np.full(2, 9.0)})
    assert [match.agrees_with(one) for one in made_arrays(later, other)] == [True, False]


def test_of_a_large_array_only_type_and_shape_are_studied():
    expected = np.zeros(2)
    huge = np.broadcast_to(1.0, (LARGEST_STUDIED + 1,))
    trial = made_trial(1, {"dx": expected}, {"dx": huge})
    whatever = Mistake("whatever", NO_TEXT, predict=lambda trial, array: huge)
    assert names(matched([whatever], trial)) == [["wrong-shape"]]
