"""What is drawn of a verdict agrees with NumPy's own reckoning, for shapes of every kind."""

import json
import time

import numpy as np
import pytest
from support.made_trials import diagnose

from handgrad.diagnosis.case import Case, Observation, Received, Trial
from handgrad.diagnosis.case_outcomes import case_outcomes
from handgrad.diagnosis.error_maps import LARGEST_MAP, error_maps
from handgrad.diagnosis.json_fields import as_json
from handgrad.languages import Text

SHAPES = [(), (1,), (7,), (40,), (3, 5), (16, 16), (17, 16), (50, 33), (2, 3, 4), (4, 2, 3, 5)]


def trial(number, expected, received, raised=None):
    case = Case(
        kind="drawn",
        title=Text(zh="测试", en="a case"),
        inputs={"x": np.ones((2, 2))},
        script="dx = f(x)",
        compared=("dx",),
    )
    seen = {"dx": Received.of(received)} if received is not None else {}
    return Trial(case, number, {"dx": expected}, Observation(values=seen, raised=raised))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_map_holds_the_largest_error_of_each_block(rng, shape):
    expected = rng.normal(size=shape)
    received = np.array(expected + rng.choice([0.0, 1e-3, 5.0], size=shape))
    received.flat[-1] += 7  # one entry is surely wrong
    [told] = error_maps(diagnose([trial(1, expected, received)], []))
    errors = np.abs(np.asarray(received - expected))
    matrix = errors.reshape(1, -1) if errors.ndim < 2 else errors.reshape(len(errors), -1)
    assert (told.rows, told.columns) == matrix.shape
    drawn = np.array(told.matrix, dtype=float)
    assert max(drawn.shape) <= LARGEST_MAP
    assert drawn.shape == tuple(min(size, LARGEST_MAP) for size in matrix.shape)
    assert drawn.max() == pytest.approx(matrix.max(), rel=5e-3)
    if max(matrix.shape) <= LARGEST_MAP:
        np.testing.assert_allclose(drawn, matrix, rtol=5.1e-3, atol=1e-12)
    # every block's error is an error of the matrix, and each entry is below that of some block
    assert all(np.isclose(matrix, entry, rtol=5.1e-3, atol=1e-12).any() for entry in drawn.flat)


def test_what_is_not_finite_is_null_and_the_whole_is_json(rng):
    expected = rng.normal(size=(3, 4))
    received = expected.copy()
    received[0, 1], received[2, 3], received[1, 0] = np.nan, np.inf, 1e308
    expected[1, 0] = -1e308  # their difference is no double
    [told] = error_maps(diagnose([trial(1, expected, received)], []))
    assert told.matrix[0][1] is None
    assert told.matrix[2][3] is None
    assert told.matrix[1][0] is None
    assert told.matrix[0][0] == 0
    assert "NaN" not in json.dumps(as_json(told), allow_nan=False)


def test_other_shapes_and_missing_arrays_have_no_map(rng):
    diagnosis = diagnose([trial(1, rng.normal(size=(3, 4)), rng.normal(size=(4, 3)))], [])
    [told] = error_maps(diagnosis)
    assert as_json(told) | {"array": "dx"} == {
        "array": "dx", "case": 1, "expected_shape": [3, 4], "received_shape": [4, 3],
        "error": None, "rows": 3, "columns": 4, "map": [],
    }  # fmt: skip
    [told] = error_maps(diagnose([trial(1, rng.normal(size=3), None)], []))
    assert told.received_shape is None
    assert told.matrix == ()


def test_an_integer_array_has_a_map(rng):
    expected = rng.normal(size=(2, 3))
    [told] = error_maps(diagnose([trial(1, expected, np.zeros((2, 3), dtype=np.int64))], []))
    np.testing.assert_allclose(np.array(told.matrix), np.abs(expected), rtol=5.1e-3)


def test_the_first_wrong_case_is_drawn_and_every_case_listed(rng):
    right = rng.normal(size=(2, 3))
    trials = [trial(1, right, right), trial(2, right, right + 1), trial(3, right, right + 2)]
    diagnosis = diagnose(trials, [])
    listed = case_outcomes(diagnosis)
    assert [(one.number, one.holds, one.wrong) for one in listed] == [
        (1, True, ()), (2, False, ("dx",)), (3, False, ("dx",)),
    ]  # fmt: skip
    assert sum(not one.holds for one in listed) == diagnosis.failed
    [told] = error_maps(diagnosis)
    assert told.case == 2


def test_graded_tells_places_and_no_sizes(rng):
    expected = rng.normal(size=(4, 5)) + 10
    received = expected.copy()
    received[2, 3] = 0  # the error is the expected value
    [told] = error_maps(diagnose([trial(1, expected, received)], []), graded=True)
    drawn = np.array(told.matrix)
    assert drawn[2, 3] == 1
    assert drawn.sum() == 1


def test_drawing_does_not_change_what_was_received(rng):
    expected, received = rng.normal(size=(40, 40)), rng.normal(size=(40, 40))
    before = received.copy()
    started = time.perf_counter()
    error_maps(diagnose([trial(1, expected, received)], []))
    print(f"{(time.perf_counter() - started) * 1e3:.2f} ms with the diagnosis")
    np.testing.assert_array_equal(received, before)
