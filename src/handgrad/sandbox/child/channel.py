"""The child's end of its connection to the judge."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..protocol.wire import Buffer, frame, read_frame, write_all

if TYPE_CHECKING:
    from ..protocol.frames import ChildFrame

Job = tuple[Any, bytearray]
"""The header of a frame from the judge (an `AnswerJob` or a `DraftJob`) and its payload."""

JOB_HEADER_CAP = 64 << 20
JOB_PAYLOAD_CAP = 1 << 30


class Channel:
    """The pipe or socket to the judge. Frames stay whole when an answer prints from several threads."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing
        self._lock = threading.Lock()
        self._held: list[bytes] = []
        self._arrived: queue.SimpleQueue[Job] | None = None

    def hold(self, header: ChildFrame, buffers: Iterable[Buffer] = ()) -> None:
        """Send one frame together with the next that is sent, or at the next `flush`."""
        with self._lock:
            self._held.append(frame(header, buffers))

    def send(self, header: ChildFrame, buffers: Iterable[Buffer] = ()) -> None:
        """Send one frame, after those that are held."""
        self.hold(header, buffers)
        self.flush()

    def flush(self) -> None:
        """Send the frames that are held."""
        with self._lock:
            data = b"".join(self._held)
            self._held.clear()
            write_all(lambda piece: os.write(self._writing, piece), data)

    def receive_job(self) -> Job:
        """Wait for a job.

        Raises:
            BrokenFrame: the judge has closed its end; there are no more jobs.
        """
        return self._read_job() if self._arrived is None else self._arrived.get()

    def _read_job(self) -> Job:
        return read_frame(
            lambda count: os.read(self._reading, count),
            header_cap=JOB_HEADER_CAP,
            payload_cap=JOB_PAYLOAD_CAP,
        )

    def end_with_parent(self) -> None:
        """End this process when the judge's end of the pipe closes, so that no child outlives a judge.

        From now on a thread reads the jobs: only a thread notices the end while an answer runs.
        """
        arrived: queue.SimpleQueue[Job] = queue.SimpleQueue()

        def read() -> None:
            try:
                while True:
                    arrived.put(self._read_job())
            finally:
                os._exit(1)

        threading.Thread(target=read, daemon=True).start()
        self._arrived = arrived
