"""The life of a child: load NumPy, wait for one job, run it, send what it gave, end.

It sends the frames of its `Session`; ``fault`` says that the child itself failed. One that was
started for itself (`serve`) says ``ready`` first; the children of a zygote (`zygote`) are ready when
they exist.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from . import refusals
from .printed import Printed
from .session import Session
from .walls import resource_limits
from .wire import Buffer, frame, read_frame, write_all

JOB_HEADER_CAP = 64 << 20
JOB_PAYLOAD_CAP = 1 << 30


class Channel:
    """The pipe to the parent. Frames are whole even when the answer prints from several threads."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing
        self._lock = threading.Lock()
        self._held: list[bytes] = []

    def hold(self, header: dict[str, Any], buffers: Iterable[Buffer] = ()) -> None:
        """Send one frame with the next that is sent, or at the next `flush`."""
        with self._lock:
            self._held.append(frame(header, buffers))

    def send(self, header: dict[str, Any], buffers: Iterable[Buffer] = ()) -> None:
        """Send one frame, after those that are held."""
        self.hold(header, buffers)
        self.flush()

    def flush(self) -> None:
        """Send what is held."""
        with self._lock:
            data = b"".join(self._held)
            self._held.clear()
            write_all(lambda piece: os.write(self._writing, piece), data)

    def receive_job(self) -> tuple[dict[str, Any], bytearray]:
        """Wait for the job."""
        return read_frame(
            lambda count: os.read(self._reading, count),
            header_cap=JOB_HEADER_CAP,
            payload_cap=JOB_PAYLOAD_CAP,
        )

    def end_with_parent(self) -> None:
        """End this process when the parent's end of the pipe closes: nothing outlives a judge.

        The parent sends nothing after the job, so whatever ends this wait is the end of the pipe.
        """

        def wait() -> None:
            with contextlib.suppress(OSError):
                os.read(self._reading, 1)
            os._exit(1)

        threading.Thread(target=wait, daemon=True).start()


def serve(channel: Channel, numpy_folder: str) -> None:
    """A child that was started for itself: say that it is ready, run one job, end the process."""
    channel.send({"frame": "ready"})
    readable = refusals.Readable(
        (os.path.dirname(os.__file__), os.path.join(numpy_folder, "numpy")),
        (numpy_folder, *sys.path),
    )

    def before_answer(limits: dict[str, Any]) -> None:
        channel.end_with_parent()
        resource_limits.limit_job(limits)
        refusals.install(readable)

    run_job(channel, before_answer)


def run_job(channel: Channel, before_answer: Callable[[dict[str, Any]], None]) -> None:
    """Wait for the one job, run it, and end the process.

    `before_answer` is given the job's limits when the job is there and nothing of it has run.
    """
    try:
        job, payload = channel.receive_job()
        before_answer(job["limits"])
        printed = Printed(channel.send, job["limits"]["printed_bytes"])
        for stream in ("stdout", "stderr", "__stdout__", "__stderr__"):
            setattr(sys, stream, printed)
        Session(channel, job, payload).run()
    except Exception:  # our own fault: the learner's exceptions are caught where they happen
        channel.send({"frame": "fault", "traceback": traceback.format_exc()[-8000:]})
    finally:
        # Threads, atexit handlers and finalizers that the answer left behind get no turn.
        os._exit(0)
