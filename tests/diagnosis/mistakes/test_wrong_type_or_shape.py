"""Each mistake of type or shape recognises what shows it, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from support.made_trials import made_trial

from handgrad.diagnosis.case import Received
from handgrad.diagnosis.mistakes.wrong_type_or_shape import WRONG_TYPE_OR_SHAPE, elsewhere

NAMED = {mistake.name: mistake for mistake in WRONG_TYPE_OR_SHAPE}
RECOGNISED = {name: one for name, one in NAMED.items() if one.recognise is not None}


def drawn(rng):
    right = rng.uniform(1, 2, size=(int(rng.integers(2, 5)), int(rng.integers(5, 8))))
    return made_trial(1, {"dx": right}, {}), right


def recognised(trial, received):
    if not isinstance(received, Received):
        received = Received.of(received)
    return {n for n, one in RECOGNISED.items() if one.recognise(trial, "dx", received)}


@pytest.mark.parametrize("name", RECOGNISED)
def test_each_recognises_its_own_sample_and_not_the_right_array(rng, name):
    trial, right = drawn(rng)
    assert name in recognised(trial, RECOGNISED[name].sample(trial, "dx"))
    assert recognised(trial, right) == set()


@pytest.mark.parametrize(
    ("received", "names"),
    [
        (Received("nothing", "NoneType"), {"returns-nothing", "gradient-forgotten"}),
        (Received("missing", ""), {"gradient-forgotten"}),
        (
            Received("missing", "", is_local_variable=True),
            {"gradient-stored-elsewhere", "gradient-forgotten"},
        ),
        (Received("tuple", "tuple"), {"returns-tuple"}),
        (Received("object", "list"), {"not-an-array"}),
        (lambda right: right[None], {"not-reshaped", "wrong-shape"}),
        (lambda right: right[:, :1], {"wrong-shape"}),
        (lambda right: right.ravel()[::-1], {"wrong-shape"}),
        (lambda right: right.astype(int), {"integer-result"}),
        (lambda right: right.astype(np.float16), {"low-precision"}),
        (lambda right: right.round(3), {"low-precision"}),
        (lambda right: right.astype(np.float32), set()),
        (lambda right: right.round(2) + 0.5, set()),
        (lambda right: 0 * right, set()),
        (lambda right: right / np.where(right == right.min(), 0, 1), {"not-finite"}),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_what_is_recognised(rng, received, names):
    trial, right = drawn(rng)
    assert recognised(trial, received(right) if callable(received) else received) == names


def test_the_attribute_that_holds_the_array_instead(rng):
    trial, right = drawn(rng)
    others = {"dw": right + 1, "grad_x": right}
    received = Received("missing", "", other_attributes=others)
    assert elsewhere(trial, "dx", received) == "grad_x"
    assert "gradient-stored-elsewhere" in recognised(trial, received)


def test_a_transpose_and_a_transpose_that_was_reshaped(rng):
    trial, right = drawn(rng)
    predicted = {name: NAMED[name].predicted(trial, "dx") for name in NAMED if NAMED[name].predicts}
    np.testing.assert_array_equal(predicted["transposed"], right.T)
    np.testing.assert_array_equal(
        predicted["reshaped-instead-of-transposed"], right.T.reshape(right.shape)
    )
    vector = made_trial(1, {"db": rng.normal(size=3)}, {})
    assert NAMED["transposed"].predicted(vector, "db") is None


def test_zeros_are_no_rounded_numbers_however_small_the_right_ones_are(rng):
    trial = made_trial(1, {"dx": rng.uniform(1e-3, 2e-3, size=4)}, {})
    assert recognised(trial, np.zeros(4)) == set()
    assert recognised(trial, trial.expected["dx"].astype(np.float16)) == {"low-precision"}
