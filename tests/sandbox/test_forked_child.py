"""The judge's side of a forked child's channel, and what an exit status says."""

from __future__ import annotations

import queue
import signal
import socket

import pytest

from handgrad.sandbox import Ended, Ending
from handgrad.sandbox.forked_child import SocketFrames, ending_of
from handgrad.sandbox.protocol.wire import BrokenFrame, EndOfStream, frame

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no socket pairs here")


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_frames_that_arrive_in_pieces(ends):
    ours, theirs = ends
    frames, data = SocketFrames(ours), frame({"frame": "a"}, [b"xyz"]) + frame({"frame": "b"})
    theirs.sendall(data[:9])
    with pytest.raises(queue.Empty):
        frames.get(timeout=0.0)
    theirs.sendall(data[9:])
    assert frames.get(timeout=60) == ({"frame": "a"}, bytearray(b"xyz"))
    assert frames.get(timeout=60) == ({"frame": "b"}, bytearray())


def test_the_end_of_the_stream(ends):
    ours, theirs = ends
    frames = SocketFrames(ours)
    theirs.close()
    assert isinstance(frames.get(timeout=60), EndOfStream)


def test_an_end_inside_a_frame(ends):
    ours, theirs = ends
    frames = SocketFrames(ours)
    theirs.sendall(frame({"frame": "a"})[:-1])
    theirs.close()
    cut = frames.get(timeout=60)
    assert isinstance(cut, BrokenFrame)
    assert not isinstance(cut, EndOfStream)


def test_a_header_beyond_the_cap(ends):
    ours, theirs = ends
    theirs.sendall(b"\xff" * 12)
    assert isinstance(SocketFrames(ours).get(timeout=60), BrokenFrame)


@pytest.mark.skipif(not hasattr(signal, "SIGXCPU"), reason="no such signal here")
def test_an_exit_status_as_an_ending():
    assert ending_of(-signal.SIGXCPU) == Ended(Ending.TIME_LIMIT, "processor")
    assert ending_of(-9) == Ended(Ending.EXITED, "-9")
    assert ending_of(3) == Ended(Ending.EXITED, "3")
