"""Every attack on the verdict: our judge is not fooled, and one that lacks the layer is."""

from __future__ import annotations

import os
import sys
import threading
import time

import pytest
from attacks.naive import is_fooled
from attacks.trick import LAYERS, Trick
from attacks.tricks import CANARY, TRICKS

from handgrad.judging import Answer, Judge
from handgrad.sandbox import Limits, Pool
from handgrad.sandbox.zygote import IS_POSSIBLE

QUICK = Limits(processor_seconds=0.4, wall_seconds=0.8)
LATEST = 60.0
"""Seconds that no answer outlasts, on any busy machine; those that wait for ever wait longer."""

pytestmark = pytest.mark.skipif(not IS_POSSIBLE, reason="there is no isolation here")


@pytest.fixture(scope="module")
def attacked(course):
    """A judge with a canary in its memory and its environment."""
    os.environ["CANARY"] = CANARY
    with Judge(limits=QUICK, pool=Pool(ahead=1), course=course) as judge:
        judge.judge(course.level("fully-connected"), Answer("warm.py", b"x = 1"))
        yield judge
    del os.environ["CANARY"]


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.name)
def test_the_judge_is_not_fooled(attacked: Judge, course, trick: Trick):
    level = course.level("fully-connected")
    before = threading.active_count()
    for part in trick.source.split("# ---- second answer\n"):
        started = time.monotonic()
        [verdict] = attacked.judge(level, Answer("attack.py", part.encode()))
    print(verdict.verdict, verdict.kind, verdict.message.en[:200], verdict.printed[:200])
    assert trick.is_stopped(verdict), verdict.message.en
    assert CANARY not in verdict.printed
    assert time.monotonic() - started < LATEST
    assert threading.active_count() == before


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.name)
def test_a_judge_without_the_layer_is(trick: Trick):
    assert trick.layer in LAYERS
    assert is_fooled(trick.naive, trick.for_the_naive, CANARY), "no positive control"


def test_an_honest_answer_beats_no_naive_judge():
    """The controls mean something only if an honest answer does not set them off."""
    from attacks.trick import RIGHT, layer  # noqa: PLC0415

    for naive in ("with_an_alarm", "forks_itself", "starts_with_everything", "shows_as_it_is",
                  "reads_output_to_its_end"):  # fmt: skip
        assert not is_fooled(naive, layer(RIGHT).encode(), CANARY, may_hang=False), naive
    print(sys.version)
