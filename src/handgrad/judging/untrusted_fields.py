"""Reads single fields of a child's frames: each has the required type, or the frame is refused.

A child is not trusted: the code in it may send anything.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar, cast

from handgrad.sandbox.protocol.wire import BrokenFrame

MAX_TEXT = 2_000
MAX_LIST = 1_000

Fields = TypeVar("Fields")
Word = TypeVar("Word", bound=str)


class _Arrived(dict[str, Any]):
    """The fields of an object that a child sent; one that is missing is None."""

    def __missing__(self, name: str) -> None:
        return None


def an_object(value: object, fields: type[Fields]) -> Fields:
    """A JSON object whose fields are named by a definition of `handgrad.sandbox.protocol.frames`.

    The definition is for type checking: mypy knows the names, and that every field has to be checked.
    A missing field is None.
    """
    return cast("Fields", _Arrived(a_map(value)))


def a_map(value: object) -> dict[str, Any]:
    """A JSON object with any names."""
    if not isinstance(value, dict):
        raise BrokenFrame("an object was expected")
    return value


def one_of(value: object, words: tuple[Word, ...]) -> Word:
    """One of the words."""
    if not isinstance(value, str) or value not in words:
        raise BrokenFrame("one of the known words was expected")
    return value


def a_list(value: object) -> list[Any]:
    """A list, cut where it is longer than the child's own code makes any."""
    if not isinstance(value, list):
        raise BrokenFrame("a list was expected")
    return value[:MAX_LIST]


def a_text(value: object, longest: int = MAX_TEXT) -> str:
    """A text of at most `longest` characters, without lone surrogates."""
    if not isinstance(value, str):
        raise BrokenFrame("a text was expected")
    return value[:longest].encode(errors="replace").decode()


def text_or_none(value: object) -> str | None:
    """A text, or None."""
    return None if value is None else a_text(value)


def seconds(value: object) -> float:
    """A duration in seconds; 0 for None."""
    if value is None:
        return 0.0
    if not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise BrokenFrame("a time was expected")
    return float(value)


def count_or_none(value: object) -> int | None:
    """A line or a column number, or None."""
    if value is None:
        return None
    if type(value) is not int or not 0 <= value < 2**31:
        raise BrokenFrame("a line or column was expected")
    return value
