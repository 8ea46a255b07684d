"""The judge's handle of a child that a zygote forked: sends its jobs, monitors it, kills it."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from handgrad.errors import SandboxError
from handgrad.sandbox.child_command import ended_too_soon
from handgrad.sandbox.child_monitor import (
    HEADER_CAP,
    PAYLOAD_CAP,
    Ended,
    Ending,
    Frame,
    LimitMonitor,
    monitored_frames,
)
from handgrad.sandbox.limits import Limits
from handgrad.sandbox.protocol.wire import BrokenFrame, EndOfStream, take_frame
from handgrad.sandbox.resource_usage import NOTHING, ResourceUsage, usage_of

START_SECONDS = 60.0
PIECE = 1 << 18


class ChildOwner(Protocol):
    """The part of a zygote that its children use."""

    is_dead: bool

    @property
    def resident_bytes(self) -> int:
        """Memory that every child shares with the zygote."""

    def fetch(self, child: ForkedChild) -> None:
        """Receive replies up to this child's descriptors."""

    def status_of(self, number: int) -> int | None:
        """How a child ended, waiting for it."""

    def forget(self, number: int | None) -> None:
        """A child has ended; `number` is given where it still has to be reaped."""


class ForkedChild:
    """A child that a zygote forks: it runs one answer."""

    def __init__(self, zygote: ChildOwner) -> None:
        self._zygote = zygote
        self._number = 0
        self._channel: socket.socket | None = None
        self._pidfd = -1
        self._frames: SocketFrames | None = None
        self._is_reaped = False
        self._is_over = False

    @property
    def is_lost(self) -> bool:
        """Whether it died with its zygote before its job."""
        return self._zygote.is_dead

    @property
    def is_fetched(self) -> bool:
        """Whether its descriptors have arrived."""
        return self._channel is not None or self._is_over

    def take_over(self, number: int, channel: int, pidfd: int) -> None:
        """Its number in the zygote's namespace, its channel and its pidfd."""
        self._number = number
        self._channel = socket.socket(fileno=channel)
        self._pidfd = pidfd

    @property
    def process_id(self) -> int:
        """The system's number of the process, as this process sees it; 0 when it is gone."""
        self.wait_until_ready()
        info = Path(f"/proc/self/fdinfo/{self._pidfd}").read_text(encoding="ascii")
        number = int(info.partition("Pid:")[2].split(maxsplit=1)[0])
        return max(0, number)

    def wait_until_ready(self) -> None:
        """Wait until it is forked.

        Raises:
            SandboxError: the zygote could not be started, or died.
        """
        if not self.is_fetched:
            self._zygote.fetch(self)

    def ask(self, job: bytes, limits: Limits) -> Iterator[Frame | Ended]:
        """Send a job; yield every frame that comes back, then one `Ended`.

        Raises:
            SandboxError: the zygote could not be started, or died.
        """
        self.wait_until_ready()
        assert self._channel is not None
        is_first = self._frames is None
        if self._frames is None:
            self._frames = SocketFrames(self._channel)
            self._wait_until_isolated(self._frames)
        processor = 0.0 if is_first else self._usage().processor_seconds
        monitor = LimitMonitor(
            self._usage, ResourceUsage(processor, self._zygote.resident_bytes), limits
        )
        try:
            self._channel.settimeout(limits.wall_seconds)
            self._channel.sendall(job)
        except OSError as error:
            raise ended_too_soon() from error
        return monitored_frames(self._frames, monitor, self._ended_by)

    def _wait_until_isolated(self, frames: SocketFrames) -> None:
        """Wait until the child says that it is isolated, before anything is sent to it."""
        try:
            arrived = frames.get(timeout=START_SECONDS)
        except queue.Empty:
            arrived = BrokenFrame("nothing")
        if isinstance(arrived, BrokenFrame) or arrived[0].get("frame") != "ready":
            raise ended_too_soon()

    def _usage(self) -> ResourceUsage:
        try:
            number = self.process_id
        except (OSError, ValueError, IndexError):
            return NOTHING
        return usage_of(number) if number else NOTHING

    def _ended_by(self, broken: BrokenFrame) -> Ended:
        if not isinstance(broken, EndOfStream):
            return Ended(Ending.BROKEN_PROTOCOL, str(broken))
        self._kill()  # it may have closed its channel and live on
        self._is_reaped = True
        status = self._zygote.status_of(self._number)
        if status is None:
            raise ended_too_soon()
        return ending_of(status)

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def end(self) -> None:
        """Kill the process and release everything that it holds."""
        if self._is_over:
            return
        with contextlib.suppress(SandboxError):  # it died with its zygote
            self.wait_until_ready()
        self._is_over = True
        if self._channel is not None:
            self._kill()
            self._channel.close()
            os.close(self._pidfd)
        self._zygote.forget(None if self._is_reaped else self._number)


def ending_of(status: int) -> Ended:
    """The end of a process, from its exit status."""
    if status == -signal.SIGXCPU:
        return Ended(Ending.TIME_LIMIT, "processor")
    return Ended(Ending.EXITED, str(status))


class SocketFrames:
    """The frames that arrive on a child's channel."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._arrived = bytearray()

    def get(self, *, timeout: float) -> Frame | BrokenFrame:
        """The next frame, or why there is none; ``queue.Empty`` when none arrived in time."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                whole = take_frame(self._arrived, header_cap=HEADER_CAP, payload_cap=PAYLOAD_CAP)
                if whole is not None:
                    return whole
                self._channel.settimeout(max(0.0, deadline - time.monotonic()))
                piece = self._channel.recv(PIECE)
            except (TimeoutError, BlockingIOError):
                raise queue.Empty from None
            except BrokenFrame as broken:
                return broken
            except ConnectionError:
                piece = b""
            if not piece:
                return BrokenFrame("a frame cut short") if self._arrived else EndOfStream()
            self._arrived += piece
