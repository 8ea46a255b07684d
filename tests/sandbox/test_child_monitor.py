from __future__ import annotations

import itertools
import queue

import pytest

from handgrad.sandbox import Ended, Ending, Limits
from handgrad.sandbox.child_monitor import LimitMonitor, monitored_frames
from handgrad.sandbox.protocol.wire import BrokenFrame, EndOfStream
from handgrad.sandbox.resource_usage import ResourceUsage


class Clock:
    """A clock that stands still until a wait moves it."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


class Scripted:
    """Frames that arrive as written down, each after a millisecond; None is silence until the time-out."""

    def __init__(self, arrivals, clock):
        self._arrivals, self._clock = iter(arrivals), clock

    def get(self, *, timeout):
        arrived = next(self._arrivals)
        self._clock.now += timeout if arrived is None else 0.001
        if arrived is None:
            raise queue.Empty
        return arrived


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("handgrad.sandbox.child_monitor.time", clock)
    return clock


@pytest.fixture
def run(clock):
    def run(arrivals, usage=lambda: ResourceUsage(0.0, 0), **limits):
        monitor = LimitMonitor(usage, ResourceUsage(0.0, 0), Limits(**limits))
        scripted = Scripted(arrivals, clock)
        return list(
            monitored_frames(scripted, monitor, lambda broken: Ended(Ending.EXITED, str(broken)))
        )

    return run


def case(number):
    return {"frame": "case", "number": number}, bytearray()


def test_every_frame_then_the_end(run):
    frames = [case(0), case(1), ({"frame": "end"}, bytearray()), case(2)]
    assert run(frames) == [*frames[:2], Ended(Ending.FINISHED)]


def test_silence_ends_at_the_wall_limit(run, clock):
    started = clock.now
    assert run(itertools.repeat(None), wall_seconds=0.1) == [Ended(Ending.TIME_LIMIT, "wall")]
    assert clock.now - started == pytest.approx(0.1)


def test_the_wall_time_counts_from_the_first_read(clock):
    monitor = LimitMonitor(
        lambda: ResourceUsage(0.0, 0), ResourceUsage(0.0, 0), Limits(wall_seconds=0.1)
    )
    scripted = Scripted([case(0), case(1), ({"frame": "end"}, bytearray())], clock)
    frames = monitored_frames(scripted, monitor, lambda broken: Ended(Ending.EXITED, str(broken)))
    clock.now += 5.0  # the judge explains what it has
    assert list(frames) == [case(0), case(1), Ended(Ending.FINISHED)]


def test_a_child_that_sends_without_end_ends_at_the_wall_limit_too(run):
    *frames, ended = run((case(n) for n in itertools.count()), wall_seconds=0.05)
    assert ended == Ended(Ending.TIME_LIMIT, "wall")
    assert len(frames) in (49, 50)  # one each millisecond


@pytest.mark.parametrize(
    ("usage", "ended"),
    [
        (ResourceUsage(9.0, 0), Ended(Ending.TIME_LIMIT, "processor")),
        (ResourceUsage(0.0, 1 << 40), Ended(Ending.MEMORY_LIMIT)),
    ],
)
def test_a_limit_that_is_passed_in_silence(run, usage, ended):
    assert run(itertools.repeat(None), lambda: usage) == [ended]


def test_an_end_of_the_stream_behind_a_limit_is_the_limit(run):
    spent = ResourceUsage(9.0, 0)
    assert run([EndOfStream()], lambda: spent) == [Ended(Ending.TIME_LIMIT, "processor")]
    assert run([BrokenFrame("cut")]) == [Ended(Ending.EXITED, "cut")]


def test_a_fault_s_traceback_is_cut(run):
    ended = run([({"frame": "fault", "traceback": "x" * 10**6}, bytearray())])[0]
    assert ended.ending is Ending.FAULT
    assert len(ended.detail) < 10_000
