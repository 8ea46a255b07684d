"""The zygote and its children, seen from the judge (Linux).

A zygote loads everything once and goes behind the kernel's walls; each answer gets a child that it
forks, in a millisecond. The other side of this is `handgrad.sandbox.child.zygote`.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from handgrad.errors import SandboxError
from handgrad.sandbox.child.wire import BrokenFrame, EndOfStream, take_frame
from handgrad.sandbox.command import (
    child_command,
    child_environment,
    ended_too_soon,
    not_startable,
    not_started,
)
from handgrad.sandbox.isolation import Isolation, isolation_behind
from handgrad.sandbox.limits import Limits
from handgrad.sandbox.usage import NOTHING, Usage, usage_of
from handgrad.sandbox.watch import (
    HEADER_CAP,
    PAYLOAD_CAP,
    Ended,
    Ending,
    Frame,
    Watch,
    watched,
)

IS_POSSIBLE = sys.platform == "linux" and all(
    hasattr(owner, name)
    for owner, name in ((os, "fork"), (os, "pidfd_open"), (signal, "pidfd_send_signal"))
)
START_SECONDS = 60.0
END_SECONDS = 5.0
REPLY_CAP = 1 << 16
PIECE = 1 << 18


class Zygote:
    """A started zygote. It loads while the judge goes on; the first child waits for that.

    Attributes:
        forked: how many children it was asked for.
    """

    def __init__(self, *, without: Collection[str] = (), namespaces: bool = True) -> None:
        """Start it.

        Args:
            without: walls to leave away; only tests, which show what a wall stops, name any.
            namespaces: whether to try them; False is a machine that refuses them.
        """
        self.forked = 0
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(START_SECONDS)
        options = json.dumps({"without": sorted(without), "namespaces": namespaces})
        try:
            self._process = self._launch(theirs.fileno(), options)
        except OSError as error:
            self._control.close()
            raise not_startable(error) from error
        finally:
            theirs.close()
        self._ready: dict[str, Any] | None = None
        self._isolation: Isolation | None = None
        self._awaited: deque[ForkedChild | None] = deque()
        self._statuses: dict[int, int | None] = {}
        self._status_of: deque[int] = deque()
        self._is_retired = False
        self._living = 0
        self.is_dead = False

    def _launch(self, control: int, options: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*child_command(), options],
            stdin=control,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            start_new_session=True,  # Ctrl-C in the terminal is not for it
        )

    @property
    def isolation(self) -> Isolation:
        """What its walls are, as the zygote found by trying them; waits until it has."""
        if self._isolation is None:
            self._isolation = isolation_behind(self._told_when_ready()["walls"])
        return self._isolation

    @property
    def resident_bytes(self) -> int:
        """Memory that every child shares with the zygote."""
        return int(self._told_when_ready()["resident"])

    @property
    def process_id(self) -> int:
        """The system's number of the process that was started."""
        return self._process.pid

    @property
    def is_ready(self) -> bool:
        """Whether it has loaded and said so (or died), without waiting for it."""
        return self._ready is not None or bool(select.select([self._control], [], [], 0)[0])

    def _told_when_ready(self) -> dict[str, Any]:
        if self._ready is None:
            self._ready, _ = self._receive()
            if "walls" not in self._ready:
                raise self._dead()
        return self._ready

    def start(self) -> ForkedChild:
        """Ask for a child; it is forked while the judge goes on.

        Raises:
            SandboxError: the zygote is dead.
        """
        self._send(b"fork")
        self.forked += 1
        self._living += 1
        child = ForkedChild(self)
        self._awaited.append(child)
        return child

    def fetch(self, child: ForkedChild) -> None:
        """Receive what was asked for, up to this child's descriptors."""
        self._told_when_ready()
        while not child.is_fetched:
            self._receive_reply()

    def status_of(self, number: int) -> int | None:
        """How a child ended, waiting for it: its exit status, or minus the signal's number."""
        self._reap(number)
        while number not in self._statuses:
            self._receive_reply()
        return self._statuses.pop(number)

    def retire(self) -> None:
        """Fork no more, and end with the last child."""
        self._is_retired = True
        if self._living == 0:
            self.close()

    def forget(self, number: int | None) -> None:
        """A child is over; with its number, it is yet to be reaped."""
        self._living -= 1
        if self.is_dead:
            return
        if self._is_retired and self._living == 0:
            self.close()
        elif number is not None:
            with contextlib.suppress(SandboxError):
                self._reap(number)

    def _reap(self, number: int) -> None:
        self._send(b"status %d" % number)
        self._awaited.append(None)
        self._status_of.append(number)

    def _receive_reply(self) -> None:
        told, descriptors = self._receive()
        awaited = self._awaited.popleft()
        if awaited is not None:
            awaited.take_over(told["child"], *descriptors)
        else:
            self._statuses[self._status_of.popleft()] = told["status"]
            while len(self._statuses) > 1:  # those that nobody asks about
                del self._statuses[next(iter(self._statuses))]

    def _send(self, request: bytes) -> None:
        if self.is_dead:
            raise ended_too_soon()
        try:
            self._control.send(request)
        except OSError as error:
            raise self._dead() from error

    def _receive(self) -> tuple[dict[str, Any], list[int]]:
        if self.is_dead:
            raise ended_too_soon()
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, REPLY_CAP, 2)
        except OSError as error:
            raise self._dead() from error
        if not data:
            raise self._dead()
        return json.loads(data), descriptors

    def _dead(self) -> SandboxError:
        was_ready = self._ready is not None
        self.close()
        return ended_too_soon() if was_ready else not_started(self._process.returncode)

    def close(self) -> None:
        """End it and every child it has: they end when the control socket closes."""
        self.is_dead = True
        self._control.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Zygote:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class ForkedChild:
    """A child that a zygote forks: it takes one job."""

    def __init__(self, zygote: Zygote) -> None:
        self._zygote = zygote
        self._number = 0
        self._channel: socket.socket | None = None
        self._pidfd = -1
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
        told = Path(f"/proc/self/fdinfo/{self._pidfd}").read_text(encoding="ascii")
        number = int(told.partition("Pid:")[2].split(maxsplit=1)[0])
        return max(0, number)

    def wait_until_ready(self) -> None:
        """Wait until it is forked.

        Raises:
            SandboxError: the zygote could not be started, or died.
        """
        if not self.is_fetched:
            self._zygote.fetch(self)

    def run(self, job: bytes, limits: Limits) -> Iterator[Frame | Ended]:
        """Hand over the job; yield every frame that comes back, then one `Ended`.

        The child is killed when this returns, however it returns.

        Raises:
            SandboxError: the zygote could not be started, or died.
        """
        try:
            self.wait_until_ready()
            assert self._channel is not None
            frames = SocketFrames(self._channel)
            self._wait_for_walls(frames)
            before = Usage(0.0, self._zygote.resident_bytes)
            watch = Watch(self._usage, before, limits)
            try:
                self._channel.sendall(job)
            except OSError as error:
                raise ended_too_soon() from error
            yield from watched(frames, watch, self._ended_by)
        finally:
            self.end()

    def _wait_for_walls(self, frames: SocketFrames) -> None:
        """The child says that it is behind its walls before it is sent anything."""
        try:
            arrived = frames.get(timeout=START_SECONDS)
        except queue.Empty:
            arrived = BrokenFrame("nothing")
        if isinstance(arrived, BrokenFrame) or arrived[0].get("frame") != "ready":
            raise ended_too_soon()

    def _usage(self) -> Usage:
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
        """Kill the process, and leave nothing of it behind."""
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
    """What a process's exit status says about its end."""
    if status == -signal.SIGXCPU:
        return Ended(Ending.TIME_LIMIT, "processor")
    return Ended(Ending.EXITED, str(status))


class SocketFrames:
    """The frames that arrive on a child's channel."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._arrived = bytearray()

    def get(self, *, timeout: float) -> Frame | BrokenFrame:
        """The next frame, or why there will be none; ``queue.Empty`` when none came in time."""
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
