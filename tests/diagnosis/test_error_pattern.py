"""The pattern names the cases or the entries in which an array is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from support.made_trials import made_arrays, made_trial

from handgrad.diagnosis.error_pattern import error_pattern
from handgrad.languages import Text


def everywhere(rng, **is_wrong):
    """An array compared in one trial for each kind of case, wrong where its value is true."""
    trials = []
    for number, (kind, wrong) in enumerate(is_wrong.items(), start=1):
        batch = 1 if kind.startswith("one_sample") else int(rng.integers(2, 6))
        right = rng.normal(size=(batch, int(rng.integers(1, 5))))
        trials.append(
            made_trial(
                number,
                {"dx": right},
                {"dx": right + 1 if wrong else right},
                kind=kind,
                title=Text(zh=kind, en=kind),
                inputs={"x": np.ones_like(right)},
            )
        )
    return made_arrays(*trials)


@pytest.mark.parametrize(
    ("is_wrong", "said"),
    [
        ({"a": True, "b": True, "c": True}, "The error occurs in all 3 cases"),
        ({"one_sample": False, "b": True, "c": True}, "right for B = 1 and wrong otherwise"),
        ({"one_sample": True, "b": True}, "The error occurs in all 2 cases"),
        ({"a": False, "b": True, "c": True}, "right in only 1 of 3 cases: a."),
        ({"a": False, "b": False, "c": True}, "right in 2 of 3 cases; it is wrong in: c."),
        ({"a": False, "one_sample": False, "c": True}, "it is wrong in: c."),
    ],
    ids=str,
)
def test_the_cases_in_which_an_array_is_wrong(rng, is_wrong, said):
    text = error_pattern(everywhere(rng, **is_wrong))
    assert said in text.en
    assert text.zh.endswith("。")


def at_zeros(rng, x, wrong_at):
    right = rng.normal(size=x.shape)
    received = np.where(wrong_at, right + 1, right)
    return made_arrays(made_trial(1, {"dx": right}, {"dx": received}, inputs={"x": x}))


def test_wrong_only_where_x_is_zero(rng):
    x = rng.choice([-1.0, 0.0, 1.0], size=(5, 6))
    x.flat[:2] = 0, 1
    assert "only where x = 0" in error_pattern(at_zeros(rng, x, x == 0)).en
    assert "only where x = 0" not in error_pattern(at_zeros(rng, x, x != 0)).en
    assert "only where x = 0" not in error_pattern(at_zeros(rng, x, x < 2)).en


def test_a_kind_with_several_cases_is_named_once(rng):
    right = rng.normal(size=3)
    trials = [
        made_trial(i, {"db": right}, {"db": right + (i > 1)}, kind=str(i > 1)) for i in (1, 2, 3)
    ]
    text = error_pattern(made_arrays(*trials))
    assert text.en.count("some") == 1
