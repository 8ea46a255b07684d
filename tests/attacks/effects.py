"""How an attack's success is seen: by the arena, from outside, never by the attack's own word.

Each effect is staged anew for a run: it lays out what the attack aims at, says what ``$names`` the
attack needs, and is asked again and again whether it has happened.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Stage:
    """One run: where it plays, and what has been seen of it so far.

    Attributes:
        folder: a temporary folder that every user may write to.
        process_id: the child's number, as we see it.
        user: the child's user, as we see it.
        zygote_id: the number of the process that the judge started.
        printed: what the child has printed.
        status: how the child ended, once it has.
    """

    folder: Path
    process_id: int
    user: int
    zygote_id: int
    canary: str = field(default_factory=lambda: secrets.token_hex(12))
    printed: str = ""
    status: str = ""

    def file(self, name: str, content: str = "", mode: int = 0o666) -> Path:
        """A file of the attacked user's, in the folder."""
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        path.chmod(mode)
        if os.geteuid() == 0:
            os.chown(path, self.user, self.user)
        return path

    def of_process(self, name: str) -> str:
        """A file of the child's in /proc, empty when it is gone."""
        with contextlib.suppress(OSError):
            return Path(f"/proc/{self.process_id}/{name}").read_text(encoding="utf-8")
        return ""

    def status_field(self, name: str) -> str:
        """A line of the child's /proc/PID/status."""
        for line in self.of_process("status").splitlines():
            if line.startswith(name + ":"):
                return line.partition(":")[2].strip()
        return ""


class Effect(ABC):
    """What is seen from outside when an attack succeeds.

    Attributes:
        comes_after_the_run: it can only be seen when the run is over, which its limits end.
    """

    comes_after_the_run = False

    def stage(self, stage: Stage) -> dict[str, str]:
        """Lay it out; the ``$names`` that the attack may use."""
        return {"folder": str(stage.folder)}

    @abstractmethod
    def happened(self, stage: Stage) -> bool:
        """Whether it has happened by now."""

    def clear(self) -> None:
        """Take away what was laid out outside the folder."""


class Told(Effect):
    """A canary that lies in a file turns up in what the child prints."""

    def stage(self, stage: Stage) -> dict[str, str]:
        path = stage.file("secret.txt", f"canary {stage.canary}\n")
        (stage.folder / "link").symlink_to(path)
        (stage.folder / stage.canary).mkdir()
        (stage.folder / "told").symlink_to(f"/nowhere/{stage.canary}")
        return super().stage(stage) | {"path": str(path), "link": str(stage.folder / "link")}

    def happened(self, stage: Stage) -> bool:
        return stage.canary in stage.printed


class SizeTold(Effect):
    """The size of a file, which only its inode tells, turns up in what the child prints."""

    def stage(self, stage: Stage) -> dict[str, str]:
        self.size = 100_003 + secrets.randbelow(100_000)
        path = stage.file("sized.txt", "x" * self.size)
        return super().stage(stage) | {"path": str(path)}

    def happened(self, stage: Stage) -> bool:
        return str(self.size) in stage.printed


@dataclass
class FileIs(Effect):
    """Something about the folder's files changed; `changed` looks at it."""

    changed: Callable[[Path], bool]

    def stage(self, stage: Stage) -> dict[str, str]:
        path = stage.file("victim.txt", "untouched")
        os.utime(path, (1, 1))
        return super().stage(stage) | {"path": str(path), "new": str(stage.folder / "new")}

    def happened(self, stage: Stage) -> bool:
        return self.changed(stage.folder)


@dataclass
class Heard(Effect):
    """A listener of ours got a word."""

    family: int
    kind: int
    address: Callable[[Stage], object]

    def stage(self, stage: Stage) -> dict[str, str]:
        self.listener = socket.socket(self.family, self.kind)
        self.listener.bind(self.address(stage))
        self.listener.setblocking(False)
        if self.kind == socket.SOCK_STREAM:
            self.listener.listen()
        name = self.listener.getsockname()
        if self.family == socket.AF_UNIX and isinstance(name, str) and name:
            Path(name).chmod(0o777)
        port = name[1] if isinstance(name, tuple) else 0
        return super().stage(stage) | {"port": str(port), "address": repr(name)}

    def happened(self, stage: Stage) -> bool:
        with contextlib.suppress(OSError):
            if self.kind == socket.SOCK_STREAM:
                self.listener.accept()[0].close()
            else:
                self.listener.recv(100)
            return True
        return False

    def clear(self) -> None:
        self.listener.close()


class Answers(Effect):
    """The child listens on a port, and we can connect to it."""

    def stage(self, stage: Stage) -> dict[str, str]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        return super().stage(stage) | {"port": str(self.port)}

    def happened(self, stage: Stage) -> bool:
        with socket.socket() as caller:
            caller.settimeout(0.1)
            with contextlib.suppress(OSError):
                caller.connect(("127.0.0.1", self.port))
                return True
        return False


VICTIM = """
import ctypes, os, sys, time
if os.getuid() == 0:
    user = int(sys.argv[2])
    os.setgroups([]), os.setresgid(user, user, user), os.setresuid(user, user, user)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # a change of user makes a process untraceable
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # whoever may, may trace it
secret = ctypes.create_string_buffer(sys.argv[1].encode())
reading, writing = os.pipe()
os.write(writing, sys.argv[1].encode())
print(ctypes.addressof(secret), reading, flush=True)
while True:
    time.sleep(0.005)
    if secret.value != sys.argv[1].encode():
        print("changed", flush=True)
        time.sleep(5)
"""


@dataclass
class Victim(Effect):
    """A process of the child's own user, outside, to which something happens.

    `suffered` looks at it; it gets the process and what it has said.
    """

    suffered: Callable[[subprocess.Popen[str], str], bool]

    def stage(self, stage: Stage) -> dict[str, str]:
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", VICTIM, stage.canary, str(stage.user)],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env={"SECRET": stage.canary},
            start_new_session=True,
        )
        assert self.process.stdout is not None
        address, descriptor = self.process.stdout.readline().split()
        self.said = ""
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        return super().stage(stage) | {
            "victim": str(self.process.pid),
            "address": address,
            "descriptor": descriptor,
            "length": str(len(stage.canary)),
        }

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line

    def happened(self, stage: Stage) -> bool:
        return self.suffered(self.process, self.said) or stage.canary in stage.printed

    def clear(self) -> None:
        self.process.kill()
        self.process.wait()
        self.listener.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


def died(process: subprocess.Popen[str], _: str) -> bool:
    """The victim is dead."""
    return process.poll() is not None


def of_status(name: str, is_so: Callable[[str], bool]) -> Callable[..., bool]:
    """A line of the victim's /proc/PID/status."""

    def look(process: subprocess.Popen[str], _: str) -> bool:
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
            return is_so(status.partition(name + ":")[2].partition("\n")[0].strip())
        return False

    return look


@dataclass
class Seen(Effect):
    """Something about the child itself, in /proc, or about its end."""

    look: Callable[[Stage], bool]

    def stage(self, stage: Stage) -> dict[str, str]:
        path = stage.file("tool", "#!/bin/sh\nsleep 5\n", mode=0o755)
        return super().stage(stage) | {"path": str(path)}

    def happened(self, stage: Stage) -> bool:
        return self.look(stage)


def descriptor(kind: str, count: int = 1) -> Seen:
    """The child has so many descriptors of that kind (its channel is a socket)."""

    def look(stage: Stage) -> bool:
        with contextlib.suppress(OSError):
            folder = f"/proc/{stage.process_id}/fd"
            links = [os.readlink(f"{folder}/{name}") for name in os.listdir(folder)]
            return sum(kind in link for link in links) >= count
        return False

    return Seen(look)


@dataclass
class ManyProcesses(Effect):
    """There are that many more living processes in the zygote's session, which holds all it started."""

    more: int
    before: frozenset[int] = frozenset()
    session: int = 0

    def stage(self, stage: Stage) -> dict[str, str]:
        self.session = stage.zygote_id
        self.before = self.living()
        return super().stage(stage)

    def living(self) -> frozenset[int]:
        found = set()
        for name in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if os.getsid(int(name)) == self.session:
                    stat = Path(f"/proc/{name}/stat").read_text(encoding="utf-8")
                    if stat.rpartition(")")[2].split()[0] not in "ZX":
                        found.add(int(name))
        return frozenset(found)

    def happened(self, stage: Stage) -> bool:
        return len(self.living() - self.before) >= self.more

    def clear(self) -> None:
        for number in self.living() - self.before:
            with contextlib.suppress(OSError):
                os.kill(number, signal.SIGKILL)


@dataclass
class Outlives(Effect):
    """A process of the child's user is there whose command line holds the canary, after the end."""

    comes_after_the_run = True
    staged: Stage | None = None

    def happened(self, stage: Stage) -> bool:
        return bool(stage.status) and bool(self.survivors(stage))  # a status: the run is over

    def survivors(self, stage: Stage) -> list[int]:
        found = []
        for name in os.listdir("/proc"):
            with contextlib.suppress(OSError):
                if name.isdigit() and name != str(stage.process_id):
                    line = Path(f"/proc/{name}/stat").read_text(encoding="utf-8")
                    if os.getsid(int(name)) == stage.zygote_id and stage.canary[:10] in line:
                        found.append(int(name))
        return found

    def stage(self, stage: Stage) -> dict[str, str]:
        self.staged = stage
        return super().stage(stage) | {"canary": stage.canary[:10]}

    def clear(self) -> None:
        for number in self.survivors(self.staged) if self.staged else ():
            with contextlib.suppress(OSError):
                os.kill(number, signal.SIGKILL)


@dataclass
class InSystemV(Effect):
    """The child's user owns a System V object, in the table of that kind (shm, msg, sem)."""

    kind: str
    user: int = -1

    def stage(self, stage: Stage) -> dict[str, str]:
        self.user = stage.user
        self.before = set(self.numbers())
        return super().stage(stage)

    def numbers(self) -> list[int]:
        lines = Path(f"/proc/sysvipc/{self.kind}").read_text(encoding="ascii").splitlines()
        where = lines[0].split().index("uid")
        rows = [line.split() for line in lines[1:]]
        return [int(row[1]) for row in rows if int(row[where]) == self.user]

    def happened(self, stage: Stage) -> bool:
        return bool(set(self.numbers()) - self.before)

    def clear(self) -> None:
        remove = {"shm": "shmctl", "msg": "msgctl", "sem": "semctl"}[self.kind]
        for number in set(self.numbers()) - self.before:
            arguments = (number, 0, 0, 0) if self.kind == "sem" else (number, 0, None)
            getattr(ctypes.CDLL(None), remove)(*arguments)  # IPC_RMID is 0


class HasKey(Effect):
    """The child's user has one more key in the kernel's store."""

    def stage(self, stage: Stage) -> dict[str, str]:
        self.before = self.count(stage)
        return super().stage(stage)

    def count(self, stage: Stage) -> int:
        """The second column of /proc/key-users holds the number of keys (keyrings(7))."""
        for line in Path("/proc/key-users").read_text(encoding="ascii").splitlines():
            user, _, figures = line.partition(":")
            if int(user) == stage.user:
                return int(figures.split()[1].partition("/")[0])
        return 0

    def happened(self, stage: Stage) -> bool:
        return self.count(stage) > self.before
