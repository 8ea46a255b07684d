"""The zygote: loads everything once, goes behind the walls, and forks a child for each answer.

A forked child has Python and NumPy loaded already, shares their memory, and is walled off before
anything is asked of it. The zygote itself never sees an answer.

Processes: *launcher* (started by the judge) → *keeper* (in the new namespaces but for the PIDs) →
*zygote* (the first process of its PID namespace) → children. Where namespaces are refused, the
launcher itself becomes the zygote. When the judge's end of the control socket closes, the zygote
ends, and everything behind it with it.

Requests, one message each: ``fork``, answered by ``child`` with two descriptors (the child's channel
and its pidfd); ``status N``, answered by how child N ended; ``reap N``, which wants no answer. Answers
come in the order of the requests.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import signal
import socket
import sys
from typing import Any, NoReturn

from . import warm_up
from .isolation import (
    NAMESPACE_WALLS,
    audit_hooks,
    kernel,
    landlock,
    namespaces,
    privileges,
    probe,
    resource_limits,
    seccomp,
)
from .job_loop import Channel, run_jobs
from .preloaded_modules import preload

REQUEST_CAP = 256
READY = b"ready"
REAP_SECONDS = 0.02
WARM_UP_RUNS = 12  # Python specialises a function's bytecode after eight calls


def serve(control: socket.socket, options: dict[str, Any]) -> NoReturn:
    """Become a zygote and serve until the judge closes its end.

    `options`: ``without`` (walls left away, for tests) and ``namespaces`` (False: do not try them).
    """
    preload()
    for _ in range(WARM_UP_RUNS):
        warm_up.run_draft()
        warm_up.run_answer()
    zygote = Zygote(control, frozenset(options["without"]))
    privileges.become_own_user()
    refused = "switched off"
    if options["namespaces"]:
        refused = _in_namespaces(zygote)
    zygote.without |= set(NAMESPACE_WALLS)
    zygote.serve(dict.fromkeys(NAMESPACE_WALLS, refused))


def _in_namespaces(zygote: Zygote) -> str:
    """Serve from new namespaces; returns only when they are refused, and says why."""
    launcher = os.getpid()
    reading, writing = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        os.close(reading)
        _keep(zygote, launcher, writing)
    os.close(writing)
    told = os.read(reading, probe.REPORT_CAP)
    os.close(reading)
    if told != READY:
        os.waitpid(keeper, 0)
        return told.decode() or "the namespaces' first process ended without a word"
    # The zygote alone holds the control socket: its end must be seen at the other side.
    zygote.control.close()
    os.waitpid(keeper, 0)
    os._exit(0)


def _keep(zygote: Zygote, launcher: int, telling: int) -> NoReturn:
    """Make the namespaces and their first process, and outlive it."""
    try:
        namespaces.enter(zygote.without)
        privileges.die_with_parent(launcher)
        keeper = os.getpid()
        first = os.fork()
        if first == 0:
            _begin(zygote, keeper, telling)
    except BaseException as error:  # in a fork nothing may go up: it is told, and the process ends
        os.write(telling, probe.told(error).encode())
        os._exit(1)
    os.close(telling)
    zygote.control.close()
    os.waitpid(first, 0)
    os._exit(0)


def _begin(zygote: Zygote, keeper: int, telling: int) -> NoReturn:
    """The first process of the namespaces: an empty root, then serve."""
    try:
        privileges.die_with_parent(keeper if "processes" in zygote.without else 0)
        if "empty-root" not in zygote.without:
            namespaces.empty_root()
        os.write(telling, READY)
        os.close(telling)
    except BaseException as error:  # in a fork nothing may go up: it is told, and the process ends
        os.write(telling, probe.told(error).encode())
        os._exit(1)
    zygote.serve({})


class Zygote:
    """Forks children on request."""

    def __init__(self, control: socket.socket, without: frozenset[str]) -> None:
        self.control = control
        self.without = set(without)
        self._address_space = resource_limits.address_space_in_use()
        self._resident = _resident_bytes()
        self._ended: set[int] = set()  # killed, and perhaps not gone yet

    def serve(self, refused: dict[str, str | None]) -> NoReturn:
        """Give up every right, try the walls, say what holds, and answer requests until the end.

        `refused`: walls that could not be raised, and why.
        """
        try:
            if "privileges" not in self.without:
                privileges.give_up()
            walls = self._walls(refused)
            # What does not hold has lowered the level; what does hold stands all the same.
            self.without |= {wall for wall, failure in walls.items() if failure}
            ready = {
                "walls": walls,
                "resident": self._resident,
                "without": sorted(self.without),
            }
            # A child's collector leaves alone what all share. Nothing is collected before: objects
            # that a child makes would fill the holes, and every page with a hole become its own.
            gc.freeze()
            self.control.send(json.dumps(ready).encode())
            while True:
                self.control.settimeout(REAP_SECONDS if self._ended else None)
                with contextlib.suppress(TimeoutError):
                    self._answer(self.control.recv(REQUEST_CAP))
                self._reap()
        except OSError:  # the judge is gone
            os._exit(0)

    def _walls(self, refused: dict[str, str | None]) -> dict[str, str | None]:
        """Each wall that the probe knows: None where it holds, else why not."""
        told: dict[str, str | None] = dict.fromkeys(self.without, "taken away")
        return (
            {wall: probe.try_wall(wall) for wall in probe.ACTS if wall not in told} | told | refused
        )

    def _answer(self, request: bytes) -> None:
        verb, _, number = request.partition(b" ")
        if verb == b"fork":
            self._fork()
        elif verb == b"status":
            self.control.send(json.dumps({"status": _status_of(int(number))}).encode())
        elif verb == b"reap":  # the end of a process takes a while: nobody waits for it
            self._ended.add(int(number))
        else:  # the other end is closed
            self._end()

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        self.control.settimeout(None)
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._live(theirs.detach(), parent)
        theirs.close()
        pidfd = os.pidfd_open(pid)
        told = json.dumps({"child": pid}).encode()
        socket.send_fds(self.control, [told], [ours.fileno(), pidfd])
        os.close(pidfd)
        ours.close()

    def _reap(self) -> None:
        for pid in list(self._ended):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self._ended.discard(pid)

    def _live(self, channel: int, parent: int) -> NoReturn:
        """The life of a child, from the fork to its end."""
        try:
            self._wall_off(channel, parent)
            judge = Channel(0, 0)
            judge.send({"frame": "ready"})
            run_jobs(judge, self._before_answer)
        finally:  # a child that is not behind every wall runs nothing
            os._exit(1)

    def _wall_off(self, channel: int, parent: int) -> None:
        privileges.die_with_parent(parent)
        os.dup2(channel, 0)  # the channel, and no other descriptor
        kernel.system_call("close descriptors", kernel.CLOSE_RANGE, 1, 0xFFFFFFFF, 0)
        privileges.allow_no_new_privileges()
        warm_up.run_answer()
        if "landlock" not in self.without:
            landlock.deny_everything()
        if "resource-limits" not in self.without:
            resource_limits.allow_nothing_new()
        if "seccomp" not in self.without:
            seccomp.allow_only_computing()
        if "audit-hooks" not in self.without:
            audit_hooks.install(audit_hooks.Readable())

    def _before_answer(self, limits: dict[str, Any]) -> None:
        if "resource-limits" not in self.without:
            resource_limits.limit_job(limits, self._address_space)

    def _end(self) -> NoReturn:
        """Nothing outlives the zygote: each child has asked to be killed when it ends."""
        os._exit(0)


def _status_of(pid: int) -> int | None:
    """How a child ended that was killed or has ended: its exit status, or minus a signal's number."""
    try:
        _, status = os.waitpid(pid, 0)
    except ChildProcessError:
        return None
    return os.waitstatus_to_exitcode(status)


def _resident_bytes() -> int:
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def take_over_control() -> socket.socket:
    """The control socket is descriptor 0 at the start; 0, 1 and 2 lead nowhere from now on."""
    control = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin = io.StringIO()
    return control
