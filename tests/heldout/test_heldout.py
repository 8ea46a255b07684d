"""What must hold of the held-out answers; `python -m heldout.score` prints every one that does not."""

from __future__ import annotations

from statistics import median

import pytest
from heldout.score import Outcome, outcomes


@pytest.fixture(scope="module")
def seen() -> list[Outcome]:
    return list(outcomes())


def test_no_wrong_answer_passes(seen: list[Outcome]) -> None:
    passed = [one.name for one in seen if one.is_wrong and one.verdict["verdict"] == "pass"]
    assert passed == []


def test_a_known_mistake_is_named(seen: list[Outcome]) -> None:
    known = [one for one in seen if one.is_wrong and one.is_known]
    missed = [one.name for one in known if not one.is_named_rightly]
    assert len(missed) <= 0.05 * len(known), missed


def test_hardly_anything_is_accused_of_what_it_did_not_do(seen: list[Outcome]) -> None:
    wrong = [one for one in seen if one.is_wrong]
    accused = [(one.name, one.false_accusations) for one in wrong if one.false_accusations]
    assert len(accused) <= 0.01 * len(wrong), accused


def test_every_wrong_answer_has_a_small_counterexample(seen: list[Outcome]) -> None:
    wrong = [one for one in seen if one.is_wrong]
    sizes = [one.entries_of_x for one in wrong if one.entries_of_x is not None]
    assert len(sizes) == len(wrong)
    assert median(sizes) <= 4


def test_no_right_answer_is_judged_wrong_or_accused(seen: list[Outcome]) -> None:
    right = [one for one in seen if not one.is_wrong]
    assert [one.name for one in right if one.verdict["verdict"] != "pass" or one.named] == []
