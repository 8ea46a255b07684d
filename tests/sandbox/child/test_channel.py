"""The child's end of the pipe: frames are held until they are sent, and stay in order."""

from __future__ import annotations

import contextlib
import os

import pytest

from handgrad.sandbox.child.channel import Channel
from handgrad.sandbox.protocol.wire import EndOfStream, frame, read_frame


@pytest.fixture
def pipes():
    descriptors = [*os.pipe(), *os.pipe()]
    yield descriptors
    for descriptor in descriptors:
        with contextlib.suppress(OSError):
            os.close(descriptor)


def test_held_frames_go_with_the_next(pipes):
    reading, writing, _, _ = pipes
    channel = Channel(-1, writing)
    os.set_blocking(reading, False)
    channel.hold({"frame": "ready"})
    with pytest.raises(BlockingIOError):
        os.read(reading, 1)
    channel.send({"frame": "end"}, [b"abc"])

    def next_frame():
        return read_frame(lambda n: os.read(reading, n), header_cap=99, payload_cap=9)

    assert next_frame() == ({"frame": "ready"}, bytearray())
    assert next_frame() == ({"frame": "end"}, bytearray(b"abc"))


def test_jobs_and_the_end_of_them(pipes):
    _, _, reading, writing = pipes
    channel = Channel(reading, -1)
    os.write(writing, frame({"frame": "job"}, [b"xy"]))
    assert channel.receive_job() == ({"frame": "job"}, bytearray(b"xy"))
    os.close(writing)
    with pytest.raises(EndOfStream):
        channel.receive_job()
