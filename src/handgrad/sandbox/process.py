"""One child process, seen from the parent: started, handed a job, watched, ended."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from handgrad.errors import SandboxError
from handgrad.languages import Text
from handgrad.sandbox.child.wire import BrokenFrame, EndOfStream, read_frame, write_all
from handgrad.sandbox.limits import Limits
from handgrad.sandbox.usage import usage_of

HEADER_CAP = 1 << 20
PAYLOAD_CAP = 256 << 20
START_SECONDS = 60.0
WATCH_SECONDS = 0.02
ONE_THREAD = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
INHERITED = ("SYSTEMROOT", "WINDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TEMP")

Frame = tuple[dict[str, Any], bytearray]


class Ending(Enum):
    """How a child's run came to its end."""

    FINISHED = "finished"
    TIME_LIMIT = "time-limit"
    MEMORY_LIMIT = "memory-limit"
    OUTPUT_LIMIT = "output-limit"
    EXITED = "exited"
    BROKEN_PROTOCOL = "broken-protocol"
    FAULT = "fault"


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what is known about it.

    Attributes:
        ending: the way it ended.
        detail: which limit (``"processor"``, ``"wall"``), the exit status, or our own traceback.
    """

    ending: Ending
    detail: str = ""


def child_command() -> list[str]:
    """The command that starts a child.

    ``-I`` keeps the user's environment and folders out, ``-S`` every installed package; NumPy's
    own folder is named on the command line.
    """
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        raise SandboxError(
            Text(
                zh="评测进程需要 NumPy，但这个 Python 环境里没有装。请运行 pip install numpy。",
                en="The judge's process needs NumPy, which this Python does not have. "
                "Try: pip install numpy",
            )
        )
    boot = Path(__file__).with_name("child") / "boot.py"
    return [sys.executable, "-I", "-S", str(boot), str(Path(spec.origin).parent.parent)]


def child_environment() -> dict[str, str]:
    """What a child sees of the environment: one BLAS thread, and what the system needs to load it."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return inherited | dict.fromkeys(ONE_THREAD, "1") | {"PYTHONHASHSEED": "0"}


class Child:
    """A started process that takes one job.

    It loads NumPy while the parent goes on; `run` waits for that first.
    """

    def __init__(self) -> None:
        options: dict[str, Any] = {}
        if sys.platform == "win32":
            options["creationflags"] = subprocess.CREATE_NO_WINDOW
        else:
            options["start_new_session"] = True  # Ctrl-C in the terminal is not for it
        try:
            self._process = subprocess.Popen(
                child_command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(),
                bufsize=0,
                **options,
            )
        except OSError as error:
            raise SandboxError(
                Text(
                    zh="无法启动评测进程：{reason}。",
                    en="The judge's process could not be started: {reason}.",
                ).format(reason=error)
            ) from error
        self._frames: queue.SimpleQueue[Frame | BrokenFrame] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read_frames, daemon=True)
        self._reader.start()
        self._is_ready = False

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
            raise SandboxError(
                Text(
                    zh="评测进程没能启动（退出码 {status}）。请运行 handgrad doctor 查看原因。",
                    en="The judge's process did not start (exit status {status}). "
                    "`handgrad doctor` looks into it.",
                ).format(status=self._process.returncode)
            )
        self._is_ready = True

    def run(self, job: bytes, limits: Limits) -> Iterator[Frame | Ended]:
        """Hand over the job; yield every frame that comes back, then one `Ended`.

        The child is gone when this returns, however it returns.

        Raises:
            SandboxError: the child could not be started or could not take the job.
        """
        try:
            self.wait_until_ready()
            watch = _Watch(self._process.pid, limits)
            self._hand_over(job)
            yield from self._watched(watch)
        finally:
            self.end()

    def _hand_over(self, job: bytes) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        try:
            write_all(pipe.write, job)
        except OSError as error:
            raise SandboxError(
                Text(
                    zh="评测进程在接收任务之前就结束了。",
                    en="The judge's process ended before it took its job.",
                )
            ) from error

    def _watched(self, watch: _Watch) -> Iterator[Frame | Ended]:
        while True:
            try:
                arrived = self._frames.get(timeout=WATCH_SECONDS)
            except queue.Empty:
                passed = watch.limit_passed()
                if passed is not None:
                    yield passed
                    return
                continue
            if isinstance(arrived, BrokenFrame):
                yield watch.limit_passed() or self._ended_by(arrived)
                return
            kind = arrived[0].get("frame")
            if kind == "end":
                yield Ended(Ending.FINISHED)
                return
            if kind == "output-limit":
                yield Ended(Ending.OUTPUT_LIMIT)
                return
            if kind == "fault":
                yield Ended(Ending.FAULT, str(arrived[0].get("traceback"))[:8000])
                return
            yield arrived

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
            except (OSError, ValueError):  # the parent closed the pipe: nobody waits any more
                self._frames.put(EndOfStream())
                return
            self._frames.put(arrived)

    def end(self) -> None:
        """Kill the process if it still lives, and leave nothing of it behind."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()


class _Watch:
    """Time and memory of a running child, measured from outside, since the job was handed over."""

    def __init__(self, process_id: int, limits: Limits) -> None:
        self._limits = limits
        self._process_id = process_id
        self._started = time.monotonic()
        self._before = usage_of(process_id)

    def limit_passed(self) -> Ended | None:
        """The limit that the child has passed by now, if any."""
        used, before = usage_of(self._process_id), self._before
        if used.memory_bytes - before.memory_bytes > self._limits.memory_bytes:
            return Ended(Ending.MEMORY_LIMIT)
        if used.processor_seconds - before.processor_seconds > self._limits.processor_seconds:
            return Ended(Ending.TIME_LIMIT, "processor")
        if time.monotonic() - self._started > self._limits.wall_seconds:
            return Ended(Ending.TIME_LIMIT, "wall")
        return None
