from __future__ import annotations

from handgrad.diagnosis.text.message_patterns import matching_text
from handgrad.languages import Text

TEXTS = {
    r"no '(?P<a>.+)' here": Text(zh="没有 {a}", en="no {a}"),
    r"no": Text(zh="没有", en="none"),
}


def test_the_first_pattern_that_matches_decides():
    assert matching_text(TEXTS, "there is no 'dx' here") == Text(zh="没有 dx", en="no dx")
    assert matching_text(TEXTS, "there is no dx") == Text(zh="没有", en="none")
    assert matching_text(TEXTS, "all is well") is None


def test_what_a_group_caught_is_printable():
    assert "\x1b" not in matching_text(TEXTS, "no '\x1b[31m' here").en
