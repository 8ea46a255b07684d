from __future__ import annotations

import itertools

from handgrad.gradcheck.findings import ArrayReport, Finding
from handgrad.gradcheck.gradient_check import overall_verdict
from handgrad.languages import Text

WORST_FIRST = ("wrong", "cannot-tell", "right")


def array(verdict):
    return ArrayReport("dx", "x", (1,), verdict, "affine")


def finding(severity):
    return Finding("stale-state", severity, Text(zh="", en=""))


def test_the_worst_of_arrays_and_findings_decides():
    for one, other in itertools.product(WORST_FIRST, ("wrong", "cannot-tell", "note")):
        worst = min(one, "right" if other == "note" else other, key=WORST_FIRST.index)
        assert overall_verdict([array("right"), array(one)], [finding(other)]) == worst


def test_an_allowed_finding_does_not_count():
    assert overall_verdict([array("right")], [finding("wrong")], ["stale-state"]) == "right"
    assert overall_verdict([array("wrong")], [finding("wrong")], ["stale-state"]) == "wrong"
