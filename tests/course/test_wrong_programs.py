from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from handgrad.course.wrong_programs import predicted_by
from handgrad.diagnosis.case import Array, Case, Observation, Trial
from handgrad.languages import Text

SCRIPT = """
layer = Layer()
y = layer.forward(x)
kept = layer.kept
dx = layer.backward(dout)
"""


def trial(rng: np.random.Generator) -> Trial:
    inputs = {"x": rng.normal(size=3), "dout": rng.normal(size=3)}
    case = Case("", Text("", ""), inputs, SCRIPT, ("y", "kept", "dx"))
    return Trial(case, 1, {}, Observation({}))


class Negating:
    kept = None
    runs = 0

    def forward(self, x: Array) -> Array:
        type(self).runs += 1
        return -x

    def backward(self, dout: Array) -> Array:
        dout *= -1
        return dout


class Raising(Negating):
    def backward(self, dout: Array) -> Array:
        raise FloatingPointError("no way back")


def test_the_prediction_is_what_the_program_gives(rng: np.random.Generator) -> None:
    predict, seen = predicted_by({"Layer": Negating}), trial(rng)
    np.testing.assert_array_equal(predict(seen, "y"), -seen.case.inputs["x"])
    np.testing.assert_array_equal(predict(seen, "dx"), -seen.case.inputs["dout"])


def test_a_program_that_writes_into_its_inputs_leaves_those_of_the_case(
    rng: np.random.Generator,
) -> None:
    seen = trial(rng)
    before = seen.case.inputs["dout"].copy()
    predicted_by({"Layer": Negating})(seen, "dx")
    np.testing.assert_array_equal(seen.case.inputs["dout"], before)


def test_a_program_runs_once_for_each_case(rng: np.random.Generator) -> None:
    predict, first, second = predicted_by({"Layer": Negating}), trial(rng), trial(rng)
    before = Negating.runs
    for seen in (first, second, first):
        for array in ("y", "dx", "y"):
            predict(seen, array)
    assert Negating.runs - before == 2


def test_arrays_that_came_before_the_exception_are_predicted(rng: np.random.Generator) -> None:
    predict, seen = predicted_by({"Layer": Raising}), trial(rng)
    np.testing.assert_array_equal(predict(seen, "y"), -seen.case.inputs["x"])
    with pytest.raises(FloatingPointError, match="no way back"):
        predict(seen, "dx")


@pytest.mark.parametrize("absent", ["kept", "nonsense"])
def test_an_array_that_the_program_leaves_unset_cannot_be_predicted(
    rng: np.random.Generator, absent: str
) -> None:
    predict: Any = predicted_by({"Layer": Negating})
    with pytest.raises(LookupError, match=absent):
        predict(trial(rng), absent)
