"""A field of another type than required is refused; nothing in a frame is too large to keep."""

from __future__ import annotations

import pytest

from handgrad.judging.untrusted_fields import (
    MAX_LIST,
    MAX_TEXT,
    a_list,
    a_map,
    a_text,
    an_object,
    count_or_none,
    one_of,
    seconds,
    text_or_none,
)
from handgrad.sandbox.protocol.wire import BrokenFrame

REFUSED = {
    a_map: [None, [], "x", 1],
    a_list: [None, {}, "x", (1,)],
    a_text: [None, b"x", 1, ["x"]],
    text_or_none: [b"x", 1, ["x"]],
    seconds: ["1", -1.0, float("inf"), float("nan"), [1]],
    count_or_none: [-1, 2**31, 1.0, True, "1"],
}


@pytest.mark.parametrize(
    ("read", "value"), [(read, value) for read, values in REFUSED.items() for value in values]
)
def test_another_type_is_refused(read, value):
    with pytest.raises(BrokenFrame):
        read(value)


def test_what_fits_is_given_back():
    assert a_map({"a": 1}) == {"a": 1}
    assert a_list([1, "x"]) == [1, "x"]
    assert a_text("层") == "层"
    assert text_or_none(None) is None
    assert (seconds(None), seconds(2), seconds(0.5)) == (0.0, 2.0, 0.5)
    assert (count_or_none(None), count_or_none(0), count_or_none(7)) == (None, 0, 7)


def test_a_missing_field_of_an_object_is_none():
    found = an_object({"a": 1}, dict)
    assert (found["a"], found["b"]) == (1, None)
    with pytest.raises(BrokenFrame):
        an_object([], dict)


def test_one_of_the_known_words_is_required():
    assert one_of("pass", ("pass", "wrong")) == "pass"
    for other in ("passed", "", None, 1):
        with pytest.raises(BrokenFrame):
            one_of(other, ("pass", "wrong"))


def test_texts_and_lists_are_cut():
    assert len(a_text("x" * 10_000)) == MAX_TEXT
    assert a_text("abcdef", 3) == "abc"
    assert len(a_list([0] * 10_000)) == MAX_LIST


def test_a_text_can_be_encoded():
    assert a_text("a\ud800b") == "a?b"
