from __future__ import annotations

import numpy as np
import pytest

from handgrad.checking.case import Case, Observation, Received, Trial
from handgrad.course.common_mistakes import PARAMETERS_CHANGED_EARLIER
from handgrad.languages import Text

BEFORE = np.array([1.0, np.nan])


def recognised(situation: str, values: dict[str, Received]) -> bool:
    case = Case("", Text("", ""), {}, "", ("y",), kept={"W_after": "W_before"}, situation=situation)
    assert PARAMETERS_CHANGED_EARLIER.recognise is not None
    seen = Trial(case, 1, {}, Observation(values))
    return PARAMETERS_CHANGED_EARLIER.recognise(seen, "y", Received.of(np.zeros(1)))


@pytest.mark.parametrize(
    ("situation", "after", "expected"),
    [
        ("second-call", [2.0, np.nan], True),
        ("second-call", [1.0, np.nan], False),
        ("second-call", [1.0], True),
        ("one-call", [2.0, np.nan], False),
        ("two-instances", [2.0, np.nan], False),
    ],
)
def test_only_a_second_call_after_an_update_is_explained(
    situation: str, after: list[float], expected: bool
) -> None:
    values = {"W_before": Received.of(BEFORE), "W_after": Received.of(np.array(after))}
    assert recognised(situation, values) is expected


def test_a_parameter_under_another_name_shows_no_update() -> None:
    missing = Received(kind="missing", type_name="")
    assert not recognised("second-call", {"W_before": missing, "W_after": missing})
    assert not recognised("second-call", {})
