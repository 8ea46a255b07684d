"""A child that is started on its own, on every platform: it loads Python and NumPy, and runs one answer."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from handgrad.sandbox.child_command import (
    child_command,
    child_environment,
    ended_too_soon,
    not_startable,
    not_started,
)
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
from handgrad.sandbox.protocol.wire import BrokenFrame, EndOfStream, read_frame, write_all
from handgrad.sandbox.resource_usage import usage_of

START_SECONDS = 60.0


class SpawnedChild:
    """A started process that runs one answer.

    It loads NumPy while the judge goes on; `ask` waits for that first.
    """

    def __init__(self, wrapper: Sequence[str] = ()) -> None:
        """Start it.

        Args:
            wrapper: a command that runs the child's command (``nice``, ``bwrap``, …).
        """
        options: dict[str, Any] = {}
        if sys.platform == "win32":
            options["creationflags"] = subprocess.CREATE_NO_WINDOW
        else:
            options["start_new_session"] = True  # Ctrl-C in the terminal is not for it
        try:
            self._process = subprocess.Popen(
                [*wrapper, *child_command()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(),
                bufsize=0,
                **options,
            )
        except OSError as error:
            raise not_startable(error) from error
        self._frames: queue.SimpleQueue[Frame | BrokenFrame] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read_frames, daemon=True)
        self._reader.start()
        self._is_ready = False

    @property
    def process_id(self) -> int:
        """The system's number of the process."""
        return self._process.pid

    @property
    def is_lost(self) -> bool:
        """Never: `ask` finds out whether it is alive."""
        return False

    def wait_until_ready(self) -> None:
        """Wait until NumPy is loaded.

        Raises:
            SandboxError: the child ended, or said something else, before it was ready.
        """
        if self._is_ready:
            return
        try:
            arrived = self._frames.get(timeout=START_SECONDS)
        except queue.Empty:
            arrived = BrokenFrame("nothing")
        if isinstance(arrived, BrokenFrame) or arrived[0].get("frame") != "ready":
            self.end()
            raise not_started(self._process.returncode)
        self._is_ready = True

    def ask(self, job: bytes, limits: Limits) -> Iterator[Frame | Ended]:
        """Send a job; yield every frame that comes back, then one `Ended`.

        Raises:
            SandboxError: the child could not be started or could not take the job.
        """
        self.wait_until_ready()
        pid = self._process.pid
        monitor = LimitMonitor(lambda: usage_of(pid), usage_of(pid), limits)
        self._send_job(job, limits)
        return monitored_frames(self._frames, monitor, self._ended_by)

    def _send_job(self, job: bytes, limits: Limits) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        # A full pipe that nobody reads would block the judge for ever.
        timeout = threading.Timer(limits.wall_seconds, self._process.kill)
        timeout.start()
        try:
            write_all(pipe.write, job)
        except OSError as error:
            raise ended_too_soon() from error
        finally:
            timeout.cancel()

    def _ended_by(self, broken: BrokenFrame) -> Ended:
        if not isinstance(broken, EndOfStream):
            return Ended(Ending.BROKEN_PROTOCOL, str(broken))
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1.0)
        return Ended(Ending.EXITED, str(self._process.returncode))

    def _read_frames(self) -> None:
        """Runs in a thread of its own: pipes have no time-outs on Windows."""
        pipe = self._process.stdout
        assert pipe is not None
        while True:
            try:
                arrived = read_frame(pipe.read, header_cap=HEADER_CAP, payload_cap=PAYLOAD_CAP)
            except BrokenFrame as broken:
                self._frames.put(broken)
                return
            except (OSError, ValueError):  # the judge closed the pipe: nobody waits any more
                self._frames.put(EndOfStream())
                return
            self._frames.put(arrived)

    def end(self) -> None:
        """Kill the process if it is alive and release everything that it holds."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()
