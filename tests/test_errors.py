from __future__ import annotations

import pytest

from handgrad import errors
from handgrad.errors import BackwardWrong, HandgradError, ShapeError
from handgrad.languages import Text

EVERY = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, HandgradError)
]


@pytest.mark.parametrize("kind", EVERY)
def test_str_is_in_the_language_of_the_user(monkeypatch, kind):
    error = kind(Text(zh="错误", en="wrong"))
    assert str(error) == "wrong"
    monkeypatch.setenv("HANDGRAD_LANG", "zh")
    assert str(error) == "错误"
    assert error.text.en == "wrong"


def test_an_error_can_be_caught_by_what_python_calls_it():
    with pytest.raises(ValueError, match="wrong"):
        raise ShapeError(Text(zh="错误", en="wrong"))


def test_a_wrong_backward_carries_its_report():
    report = object()
    assert BackwardWrong(Text(zh="错误", en="wrong"), report).report is report
