"""Where attacks are tried: a child with all isolation layers, or all but some, observed from outside."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Any

from attacks.attack import Attack
from attacks.effects import Stage
from attacks.preamble import PREAMBLE

from handgrad.course import load_course
from handgrad.errors import SandboxError
from handgrad.judging import Judge
from handgrad.languages import Text
from handgrad.sandbox import Ended, Limits, child, protocol
from handgrad.sandbox.child_command import child_environment
from handgrad.sandbox.forked_child import ForkedChild
from handgrad.sandbox.zygote import Zygote

LOOK_SECONDS = 0.004
LAST_LOOKS = 0.05
PATIENT_SECONDS = 60.0
LATEST_EFFECT = 20.0


USER = 47_110
"""An ordinary user, who has no account here and needs none."""


FIND_NUMPY = "import numpy, os; print(os.path.dirname(os.path.dirname(numpy.__file__)))"


class ZygoteOfAUser(Zygote):
    """A zygote that an ordinary user starts, with a Python and sources that it may read.

    We stay root, so as to see what happens in processes that may not be looked into.
    """

    def __init__(self, ground: Ground, **options: Any) -> None:
        self._ground = ground
        super().__init__(**options)

    def _launch(self, control: int, options: str) -> subprocess.Popen[bytes]:
        boot = self._ground.folder / "child" / "boot.py"
        return subprocess.Popen(
            [self._ground.python, "-I", "-S", str(boot), self._ground.numpy, options],
            stdin=control,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            start_new_session=True,
            user=USER,
            group=USER,
            extra_groups=[],
        )


@dataclass(frozen=True)
class Ground:
    """What an ordinary user needs for a zygote: a Python with NumPy, and the child's source."""

    folder: Path
    python: str
    numpy: str

    @classmethod
    def find(cls) -> Ground | None:
        """The Python that the checks name, this one, or the system's; None when none will do."""
        for python in (os.environ.get("HANDGRAD_USER_PYTHON"), sys.executable, "/usr/bin/python3"):
            if not python:
                continue
            try:
                told = subprocess.run(
                    [python, "-c", FIND_NUMPY], user=USER, group=USER, extra_groups=[],
                    capture_output=True, text=True, check=False, cwd="/", env={},
                )  # fmt: skip
            except OSError:  # it lies where only root may look
                continue
            if told.returncode == 0:
                folder = Path(tempfile.mkdtemp(prefix="handgrad-user-"))
                for package in (protocol, child):
                    source = Path(package.__file__).parent
                    ignored = shutil.ignore_patterns("*.pyc")
                    shutil.copytree(source, folder / source.name, ignore=ignored)
                subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)
                return cls(folder, python, told.stdout.strip())
        return None

    def clear(self) -> None:
        """Take the copy away."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Arena:
    """Keeps a zygote for each set of layers that was taken away, so that a try costs milliseconds."""

    def __init__(self, level: int, ground: Ground | None = None) -> None:
        """`level`: 3 with namespaces, 2 without. `ground`: where an ordinary user starts them."""
        self.level = level
        self._ground = ground
        self._zygotes: dict[frozenset[str], Zygote] = {}
        with Judge(seed=7, expected_answers=0) as judge:
            self._preparation = judge.prepare(load_course().level("fully-connected"))

    def succeeds(
        self, attack: Attack, without: Collection[str] = (), *, is_control: bool = False
    ) -> bool:
        """Whether the attack succeeds with these layers taken away, as seen from outside.

        A control waits for the effect or for the end of the process, however slow the machine is: it
        is ended as soon as the effect is seen.
        """
        child = self._child(frozenset(without))
        assert child._channel is not None
        select.select([child._channel], [], [], 10)  # it says so when it is isolated
        with self._stage(child) as stage:
            try:
                names = attack.effect.stage(stage)
                source = PREAMBLE + Template(attack.source).substitute(names)
                limits = attack.limits
                if is_control and not attack.effect.comes_after_the_run:
                    source = source.replace("HOLD_SECONDS = 0.5", "HOLD_SECONDS = 30")
                    limits = dataclasses.replace(
                        limits, processor_seconds=PATIENT_SECONDS, wall_seconds=PATIENT_SECONDS
                    )
                return self._observed(attack, child, stage, source, limits, is_control)
            finally:
                attack.effect.clear()

    def _observed(
        self,
        attack: Attack,
        one: ForkedChild,
        stage: Stage,
        source: str,
        limits: Limits,
        is_control: bool,
    ) -> bool:
        over, seen = threading.Event(), threading.Event()
        channel = one._channel
        assert channel is not None

        def look() -> None:
            while not seen.is_set():
                is_last = over.is_set()
                if attack.effect.happened(stage):
                    seen.set()
                    with contextlib.suppress(OSError):
                        os.kill(stage.process_id, signal.SIGKILL)
                    with contextlib.suppress(
                        OSError
                    ):  # a process that it left may hold its end open
                        channel.shutdown(socket.SHUT_RDWR)
                if is_last:
                    return
                time.sleep(LOOK_SECONDS)

        observer = threading.Thread(target=look)
        observer.start()
        try:
            job = self._preparation.job("attack.py", source.encode())
            for arrived in one.ask(job, limits):
                if isinstance(arrived, Ended):
                    stage.status = f"{arrived.ending.value} {arrived.detail}"
                elif arrived[0].get("frame") == "printed":
                    stage.printed += str(arrived[0].get("text"))
                else:
                    stage.printed += str(arrived[0])[:2000]  # what it raised
        except SandboxError as error:  # its zygote died
            stage.status = f"zygote died: {error}"
        finally:
            one.end()
            if attack.control is None and not seen.is_set():
                if is_control:  # an effect may come after the end of the process
                    seen.wait(LATEST_EFFECT)
                else:
                    time.sleep(LAST_LOOKS if stage.status == "" else LOOK_SECONDS)
            over.set()
            observer.join()
        self.last = stage
        return seen.is_set()

    def _child(self, without: frozenset[str]) -> ForkedChild:
        for _ in range(2):
            zygote = self._zygotes.get(without)
            if zygote is None or zygote.is_dead:
                zygote = self._zygotes[without] = self._start(without)
            try:
                child = zygote.start()
                child.wait_until_ready()
            except SandboxError:  # it died of an attack before
                continue
            return child
        raise SandboxError(Text(zh="", en="no zygote survives here"))

    def _start(self, without: frozenset[str]) -> Zygote:
        has_namespaces = self.level == 3 and "user-namespace" not in without
        without -= {"user-namespace"}
        if self._ground is not None:
            return ZygoteOfAUser(self._ground, without=without, namespaces=has_namespaces)
        return Zygote(without=without, namespaces=has_namespaces)

    @contextlib.contextmanager
    def _stage(self, child: ForkedChild) -> Iterator[Stage]:
        folder = Path(tempfile.mkdtemp(prefix="handgrad-attack-"))
        folder.chmod(0o777)
        number = child.process_id
        stage = Stage(folder, number, _user_of(number), child._zygote.process_id)
        try:
            yield stage
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """End every zygote."""
        for zygote in self._zygotes.values():
            zygote.close()
        self._zygotes.clear()

    def __enter__(self) -> Arena:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _user_of(process_id: int) -> int:
    status = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8")
    return int(status.partition("Uid:")[2].split()[0])
