from __future__ import annotations

import pytest

from handgrad.errors import UsageError
from handgrad.languages import Text, joined, name_list, preferred_language


def test_format_fills_in_texts_in_their_own_language():
    inner = Text(zh="甲", en="A")
    assert Text(zh="{x}！{n}", en="{x}! {n}").format(x=inner, n=1) == Text(zh="甲！1", en="A! 1")


def test_joined():
    pieces = [Text("甲", "a"), Text("乙", "b")]
    assert joined(pieces, Text("、", ", ")) == Text("甲、乙", "a, b")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"HANDGRAD_LANG": "zh", "LC_ALL": "C"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_preferred_language(environment, language):
    assert preferred_language(environment) == language


def test_an_error_speaks_the_user_s_language(monkeypatch):
    error = UsageError(Text(zh="没有", en="no"))
    monkeypatch.setenv("HANDGRAD_LANG", "zh")
    assert str(error) == "没有"
    monkeypatch.setenv("HANDGRAD_LANG", "en")
    assert str(error) == "no"


def test_names_are_separated_as_each_language_does():
    assert name_list(name for name in ("dW", "db")) == Text("dW、db", "dW, db")
    assert name_list([]) == Text("", "")
