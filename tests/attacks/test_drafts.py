"""Attacks through live shapes: drafts that go against what follows them, its frames, its patience.

What a draft can reach is its own result, which only its author sees. Nothing of it may reach a verdict,
hold the server longer than the limits say, or make a terminal or a page obey.
"""

from __future__ import annotations

import itertools
import json
import os

import pytest
from attacks.drafts import FORGED, HOSTILE, SEND, followed, raw, record
from attacks.preamble import PREAMBLE
from support.answers import BEGIN, SOLUTION

from handgrad.judging import Answer, Judge
from handgrad.judging.run_report import RunReader
from handgrad.live_shapes import live_shapes
from handgrad.live_shapes.draft_trace import MOST_RECORDS, read_trace
from handgrad.sandbox import Ended, Ending, Pool
from handgrad.sandbox.protocol.wire import LENGTHS, frame
from handgrad.sandbox.zygote import IS_POSSIBLE

pytestmark = pytest.mark.skipif(not IS_POSSIBLE, reason="there is no isolation here")


@pytest.fixture(scope="module")
def children():
    with Pool() as kept:
        yield kept


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_draft_gets_no_more_than_its_own_result(course, children, attack):
    seen, wrong = followed(course.level("fully-connected"), HOSTILE[attack], children)
    print(seen.stopped, len(seen.lines))
    assert wrong == []


def test_the_tables_that_a_draft_deletes_are_the_tracers(course, children):
    """The control: without them the draft cannot be traced. A renamed table would leave it whole."""
    seen, _ = followed(
        course.level("fully-connected"), HOSTILE["deletes the tracer's tables"], children
    )
    assert seen.stopped is not None


def test_what_is_forged_does_arrive(course, children):
    """The control: these frames reach the reader, which refuses them; a trusting one would take them."""
    level = course.level("fully-connected")
    for name, data in FORGED.items():
        seen = live_shapes(level, raw(data), pool=children)
        assert seen.stopped is not None, name
        assert "64 KB" not in seen.stopped.message.en, name  # it did run


def test_no_draft_reaches_a_verdict(course):
    """A judge that shares its children with hostile drafts gives the same verdicts."""
    level = course.level("fully-connected")
    wrong = SOLUTION.replace("axis=0", "axis=1")
    with Pool() as kept, Judge(seed=3, pool=kept, course=course) as judge:
        for attack in ("patches numpy", "patches the child", "never ends", "kills its process",
                       "forges a verdict", "forges a case"):  # fmt: skip
            live_shapes(level, HOSTILE[attack], pool=kept)
            [right] = judge.judge(level, Answer("a.py", SOLUTION.encode()))
            [not_right] = judge.judge(level, Answer("a.py", wrong.encode()))
            assert (right.verdict, not_right.verdict) == ("pass", "wrong")


@pytest.mark.parametrize("kind", ["trace", "left-out"])
def test_an_answer_that_is_judged_may_not_speak_as_a_draft(course, kind):
    told = frame({"frame": kind, "line": 1, "records": [], "problem": None})
    source = SOLUTION.replace(BEGIN, BEGIN + f"        tell({told!r})\n")
    with Judge(seed=3, course=course) as judge:
        [verdict] = judge.judge(
            course.level("fully-connected"), Answer("a.py", (SEND + source).encode())
        )
    assert verdict.verdict == "forbidden"


def test_neither_reader_takes_the_other_s_frames():
    trace = ({"frame": "trace", "line": 1, "records": []}, bytearray())
    case = ({"frame": "case", "number": 0, "values": {}}, bytearray())
    finished = Ended(Ending.FINISHED)
    assert (
        RunReader([trace, finished], {"A": 1}).to_its_end().ended.ending is Ending.BROKEN_PROTOCOL
    )
    assert read_trace([case, finished], ("A",)).ended.ending is Ending.BROKEN_PROTOCOL


def test_records_without_end_are_not_kept():
    def frames():
        for number in itertools.count():
            header = json.loads(record(number=number)[LENGTHS.size :])
            yield header, bytearray()

    trace = read_trace(frames(), ("A",))
    assert trace.ended.ending is Ending.BROKEN_PROTOCOL
    assert len(trace.records) == MOST_RECORDS


REFUSED = """
disarm()
refused = 0
for name, arguments in (("openat", (-100, b"/", 0, 0)), ("socket", (2, 1, 0)), ("fork", ()),
                        ("kill", (1, 9)), ("getpid", ())):
    try:
        call(name, *arguments)
    except OSError:
        refused += 1
total = refused
"""


def test_a_draft_is_isolated_as_an_answer_is(course, children):
    if os.uname().machine != "x86_64":
        pytest.skip("the numbers of the system calls are those of x86-64")
    source = PREAMBLE + REFUSED
    seen = live_shapes(course.level("fully-connected"), source, pool=children)
    last = {one.line: one.text for one in seen.lines}[source.count("\n")]
    assert last == "total = 4"  # its own number it may ask for
