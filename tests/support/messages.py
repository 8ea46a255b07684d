"""Errors whose message must say the same things in every language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from handgrad.errors import HandgradError


@contextmanager
def raises(error: type[HandgradError], *words: str) -> Iterator[None]:
    """The block raises `error`, and its message holds all of the words in both languages."""
    with pytest.raises(error) as caught:
        yield
    text = caught.value.text
    assert text.zh != text.en
    for message in (text.zh, text.en):
        missing = [word for word in words if word not in message]
        assert not missing, (missing, message)
