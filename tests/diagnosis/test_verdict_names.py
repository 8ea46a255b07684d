"""Every name has its words: a name without an entry, or an entry without a name, is refused."""

from __future__ import annotations

from typing import Literal

import pytest

from handgrad.diagnosis.verdict_names import (
    ERROR_KINDS,
    VERDICTS,
    WARNING_WORDS,
    require_each,
)


@pytest.mark.parametrize("table", [["a"], ["a", "b", "c"], ["b", "a"]])
def test_a_table_with_other_names_is_refused(table):
    with pytest.raises(TypeError, match="must have the entries"):
        require_each(Literal["a", "b"], table)


def test_no_two_names_share_a_word():
    words = [entry.word for table in (VERDICTS, ERROR_KINDS) for entry in table.values()]
    assert len({word.zh for word in words}) == len({word.en for word in words}) == len(words)


def test_the_paragraph_of_a_warning_says_that_it_is_a_note():
    for entry in WARNING_WORDS.values():
        assert entry.paragraph.zh.startswith("注意：")
        assert entry.paragraph.en.startswith("Note: ")
