"""The judge's handle of a zygote (Linux).

A zygote loads everything once and isolates itself; each answer gets a child that it forks in a
millisecond. Its own code is `handgrad.sandbox.child.zygote`.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from handgrad.errors import SandboxError
from handgrad.sandbox.child_command import (
    child_command,
    child_environment,
    ended_too_soon,
    not_startable,
    not_started,
)
from handgrad.sandbox.forked_child import START_SECONDS, ForkedChild
from handgrad.sandbox.isolation import Isolation, isolation_from

if TYPE_CHECKING:
    from handgrad.sandbox.protocol.frames import (
        ForkedReply,
        StatusReply,
        ZygoteOptions,
        ZygoteReady,
    )

IS_POSSIBLE = sys.platform == "linux" and all(
    hasattr(owner, name)
    for owner, name in ((os, "fork"), (os, "pidfd_open"), (signal, "pidfd_send_signal"))
)
END_SECONDS = 5.0
REPLY_CAP = 1 << 16


class Zygote:
    """A started zygote. It loads while the judge goes on; the first child waits for that.

    Threads may share it: a lock keeps requests and their replies in one order.

    Attributes:
        forked: how many children were requested.
    """

    def __init__(self, *, without: Collection[str] = (), namespaces: bool = True) -> None:
        """Start it.

        Args:
            without: isolation layers to leave out; only tests name any, to show what a layer stops.
            namespaces: whether to try them; False is a machine that refuses them.
        """
        self.forked = 0
        self._lock = threading.RLock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(START_SECONDS)
        options: ZygoteOptions = {"without": sorted(without), "namespaces": namespaces}
        try:
            self._process = self._launch(theirs.fileno(), json.dumps(options))
        except OSError as error:
            self._control.close()
            raise not_startable(error) from error
        finally:
            theirs.close()
        self._ready: ZygoteReady | None = None
        self._isolation: Isolation | None = None
        # Requests without a reply so far: a child, or the status of the child of that number.
        self._awaited: deque[ForkedChild | int] = deque()
        self._last_status: tuple[int, int | None] = (0, None)
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
        """Its isolation, as the zygote found by trying each layer; waits until it has."""
        if self._isolation is None:
            self._isolation = isolation_from(self._wait_until_ready()["walls"])
        return self._isolation

    @property
    def resident_bytes(self) -> int:
        """Memory that every child shares with the zygote."""
        return int(self._wait_until_ready()["resident"])

    @property
    def process_id(self) -> int:
        """The system's number of the process that was started."""
        return self._process.pid

    @property
    def is_ready(self) -> bool:
        """Whether it has loaded and said so (or died), without waiting for it."""
        with self._lock:
            return self._ready is not None or bool(select.select([self._control], [], [], 0)[0])

    def _wait_until_ready(self) -> ZygoteReady:
        with self._lock:
            if self._ready is None:
                self._ready, _ = self._receive()
                if "walls" not in self._ready:
                    raise self._dead()
            return self._ready

    def start(self) -> ForkedChild:
        """Request a child; it is forked while the judge goes on.

        Raises:
            SandboxError: the zygote is dead.
        """
        with self._lock:
            self._send(b"fork")
            self.forked += 1
            self._living += 1
            child = ForkedChild(self)
            self._awaited.append(child)
            return child

    def fetch(self, child: ForkedChild) -> None:
        """Receive replies up to this child's descriptors."""
        with self._lock:
            self._wait_until_ready()
            while not child.is_fetched:
                self._receive_reply()

    def status_of(self, number: int) -> int | None:
        """How a child ended, waiting for it: its exit status, or minus the signal's number."""
        with self._lock:
            self._last_status = (0, None)
            self._send(b"status %d" % number)
            self._awaited.append(number)
            while self._last_status[0] != number:
                self._receive_reply()
            return self._last_status[1]

    def retire(self) -> None:
        """Fork no more, and end with the last child."""
        with self._lock:
            self._is_retired = True
            if self._living == 0:
                self.close()

    def forget(self, number: int | None) -> None:
        """A child has ended; `number` is given where it still has to be reaped."""
        with self._lock:
            self._living -= 1
            if self.is_dead:
                return
            if self._is_retired and self._living == 0:
                self.close()
            elif number is not None:
                with contextlib.suppress(SandboxError):
                    self._send(b"reap %d" % number)

    def _receive_reply(self) -> None:
        reply, descriptors = self._receive()
        awaited = self._awaited.popleft()
        if isinstance(awaited, ForkedChild):
            forked: ForkedReply = reply
            awaited.take_over(forked["child"], *descriptors)
        else:
            ended: StatusReply = reply
            self._last_status = (awaited, ended["status"])

    def _send(self, request: bytes) -> None:
        if self.is_dead:
            raise ended_too_soon()
        try:
            self._control.send(request)
        except OSError as error:
            raise self._dead() from error

    def _receive(self) -> tuple[Any, list[int]]:
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
        with self._lock:
            self.is_dead = True
            self._control.close()
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
