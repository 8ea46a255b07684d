"""The life of a child: load NumPy, wait for a job, run it, send what it gave; then again, or the end.

All jobs of a child are of one answer: the first brings its source, a further one only other cases.
(Or its one job is a ``draft``, which is followed and not judged.)
It sends the frames of its `Session` or `Draft`; ``fault`` says that the child itself failed. One that was
started for itself (`serve`) says ``ready`` first; the children of a zygote (`zygote`) are ready when
they exist.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from ..protocol.wire import BrokenFrame, Buffer, frame, read_frame, write_all
from .answer.printed_output import Printed, nowhere
from .answer.session import Session
from .draft.draft_run import Draft
from .isolation import audit_hooks, resource_limits

Job = tuple[dict[str, Any], bytearray]

JOB_HEADER_CAP = 64 << 20
JOB_PAYLOAD_CAP = 1 << 30


class Channel:
    """The pipe to the parent. Frames are whole even when the answer prints from several threads."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing
        self._lock = threading.Lock()
        self._held: list[bytes] = []
        self._arrived: queue.SimpleQueue[Job] | None = None

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

    def receive_job(self) -> Job:
        """Wait for a job.

        Raises:
            BrokenFrame: the parent has closed its end: there will be none.
        """
        if self._arrived is not None:
            return self._arrived.get()
        return read_frame(
            lambda count: os.read(self._reading, count),
            header_cap=JOB_HEADER_CAP,
            payload_cap=JOB_PAYLOAD_CAP,
        )

    def end_with_parent(self) -> None:
        """End this process when the parent's end of the pipe closes: nothing outlives a judge.

        From now on a thread reads the jobs, since it alone sees the end while an answer runs.
        """
        arrived: queue.SimpleQueue[Job] = queue.SimpleQueue()

        def read() -> None:
            try:
                while True:
                    arrived.put(
                        read_frame(
                            lambda count: os.read(self._reading, count),
                            header_cap=JOB_HEADER_CAP,
                            payload_cap=JOB_PAYLOAD_CAP,
                        )
                    )
            finally:
                os._exit(1)

        threading.Thread(target=read, daemon=True).start()
        self._arrived = arrived


def serve(channel: Channel, numpy_folder: str) -> None:
    """A child that was started for itself: say that it is ready, run its jobs, end the process."""
    channel.send({"frame": "ready"})
    readable = audit_hooks.Readable(
        (os.path.dirname(os.__file__), os.path.join(numpy_folder, "numpy")),
        (numpy_folder, *sys.path),
    )

    def before_answer(limits: dict[str, Any]) -> None:
        channel.end_with_parent()
        resource_limits.limit_job(limits)
        audit_hooks.install(readable)

    run_jobs(channel, before_answer)


def run_jobs(channel: Channel, before_answer: Callable[[dict[str, Any]], None]) -> None:
    """Run the jobs of one answer until the parent closes its end, or one draft, and end the process.

    `before_answer` is given the first job's limits when the job is there and nothing of it has run.
    """
    try:
        job, payload = channel.receive_job()
        before_answer(job["limits"])
        is_draft = job["frame"] == "draft"
        printed = nowhere() if is_draft else Printed(channel.send, job["limits"]["printed_bytes"])
        for stream in ("stdout", "stderr", "__stdout__", "__stderr__"):
            setattr(sys, stream, printed)
        if is_draft:
            Draft(channel, job, payload).run()
            return
        session = Session(channel, job, payload)
        while True:
            session.run()
            session.take(*channel.receive_job())
    except BrokenFrame:  # the parent wants nothing more
        pass
    except Exception:  # our own fault: the learner's exceptions are caught where they happen
        channel.send({"frame": "fault", "traceback": traceback.format_exc()[-8000:]})
    finally:
        # Threads, atexit handlers and finalizers that the answer left behind get no turn.
        os._exit(0)
