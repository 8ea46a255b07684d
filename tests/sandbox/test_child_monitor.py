from __future__ import annotations

import itertools
import queue
import time

import pytest

from handgrad.sandbox import Ended, Ending, Limits
from handgrad.sandbox.child_monitor import Watch, watched
from handgrad.sandbox.protocol.wire import BrokenFrame, EndOfStream
from handgrad.sandbox.resource_usage import Usage


class Scripted:
    """Frames that arrive as written down; None is a silence until the time-out."""

    def __init__(self, arrivals):
        self._arrivals = iter(arrivals)

    def get(self, *, timeout):
        arrived = next(self._arrivals)
        if arrived is None:
            time.sleep(timeout)
            raise queue.Empty
        return arrived


def run(arrivals, usage=lambda: Usage(0.0, 0), **limits):
    watch = Watch(usage, Usage(0.0, 0), Limits(**limits))
    return list(
        watched(Scripted(arrivals), watch, lambda broken: Ended(Ending.EXITED, str(broken)))
    )


def case(number):
    return {"frame": "case", "number": number}, bytearray()


def test_every_frame_then_the_end():
    frames = [case(0), case(1), ({"frame": "end"}, bytearray()), case(2)]
    assert run(frames) == [*frames[:2], Ended(Ending.FINISHED)]


def test_silence_ends_at_the_wall_limit():
    started = time.perf_counter()
    assert run(itertools.repeat(None), wall_seconds=0.1) == [Ended(Ending.TIME_LIMIT, "wall")]
    assert 0.1 <= time.perf_counter() - started < 1.0


def test_a_child_that_sends_without_end_is_watched_as_well():
    ended = run((case(n) for n in itertools.count()), wall_seconds=0.05)[-1]
    assert ended == Ended(Ending.TIME_LIMIT, "wall")


@pytest.mark.parametrize(
    ("usage", "ended"),
    [
        (Usage(9.0, 0), Ended(Ending.TIME_LIMIT, "processor")),
        (Usage(0.0, 1 << 40), Ended(Ending.MEMORY_LIMIT)),
    ],
)
def test_a_limit_that_is_passed_in_silence(usage, ended):
    assert run(itertools.repeat(None), lambda: usage) == [ended]


def test_an_end_of_the_stream_behind_a_limit_is_the_limit():
    spent = Usage(9.0, 0)
    assert run([EndOfStream()], lambda: spent) == [Ended(Ending.TIME_LIMIT, "processor")]
    assert run([BrokenFrame("cut")]) == [Ended(Ending.EXITED, "cut")]


def test_a_fault_s_traceback_is_cut():
    ended = run([({"frame": "fault", "traceback": "x" * 10**6}, bytearray())])[0]
    assert ended.ending is Ending.FAULT
    assert len(ended.detail) < 10_000
