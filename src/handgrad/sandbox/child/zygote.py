"""The zygote: loads everything once, isolates itself, and forks a child for each answer.

A forked child has Python and NumPy loaded already, shares their memory, and is isolated before it
receives a job. The zygote itself never receives an answer.

Processes: *launcher* (started by the judge) → *keeper* (in the new namespaces but for the PIDs) →
*zygote* (the first process of its PID namespace) → children. Where namespaces are refused, the
launcher itself becomes the zygote. When the judge's end of the control socket closes, the zygote
ends, and all its children with it.

Requests, one message each: ``fork``, answered by ``child`` with two descriptors (the child's channel
and its pidfd); ``status N``, answered by how child N ended; ``reap N``, which has no answer. Answers
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
from typing import TYPE_CHECKING, NoReturn

from . import warm_up
from .channel import Channel
from .isolation import (
    NAMESPACE_LAYERS,
    audit_hooks,
    kernel,
    landlock,
    namespaces,
    privileges,
    probe,
    resource_limits,
    seccomp,
)
from .job_loop import run_jobs
from .preloaded_modules import preload

if TYPE_CHECKING:
    from ..protocol.frames import (
        ForkedReply,
        LimitFields,
        StatusReply,
        ZygoteOptions,
        ZygoteReady,
    )

REQUEST_CAP = 256
READY = b"ready"
REAP_SECONDS = 0.02
WARM_UP_RUNS = 12  # Python specialises a function's bytecode after eight calls


def serve(control: socket.socket, options: ZygoteOptions) -> NoReturn:
    """Become a zygote and serve until the judge closes its end."""
    preload()
    for _ in range(WARM_UP_RUNS):
        warm_up.run_draft()
        warm_up.run_answer()
    server = ForkServer(control, frozenset(options["without"]))
    privileges.become_own_user()
    refused = "switched off"
    if options["namespaces"]:
        refused = _in_namespaces(server)
    server.without |= set(NAMESPACE_LAYERS)
    server.serve(dict.fromkeys(NAMESPACE_LAYERS, refused))


def _in_namespaces(server: ForkServer) -> str:
    """Serve in new namespaces; returns only when they are refused, with the reason."""
    launcher = os.getpid()
    reading, writing = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        os.close(reading)
        _keep(server, launcher, writing)
    os.close(writing)
    report = os.read(reading, probe.REPORT_CAP)
    os.close(reading)
    if report != READY:
        os.waitpid(keeper, 0)
        return report.decode() or "the namespaces' first process ended without a report"
    # Only the zygote keeps the control socket, so that the judge sees when the zygote ends.
    server.control.close()
    os.waitpid(keeper, 0)
    os._exit(0)


def _keep(server: ForkServer, launcher: int, reporting: int) -> NoReturn:
    """Make the namespaces and their first process, and wait for its end."""
    try:
        namespaces.enter(server.without)
        privileges.die_with_parent(launcher)
        keeper = os.getpid()
        first = os.fork()
        if first == 0:
            _begin(server, keeper, reporting)
    except BaseException as error:  # nothing may propagate in a fork: report it and end the process
        os.write(reporting, probe.error_text(error).encode())
        os._exit(1)
    os.close(reporting)
    server.control.close()
    os.waitpid(first, 0)
    os._exit(0)


def _begin(server: ForkServer, keeper: int, reporting: int) -> NoReturn:
    """The first process of the namespaces: an empty root, then serve."""
    try:
        privileges.die_with_parent(keeper if "processes" in server.without else 0)
        if "empty-root" not in server.without:
            namespaces.empty_root()
        os.write(reporting, READY)
        os.close(reporting)
    except BaseException as error:  # nothing may propagate in a fork: report it and end the process
        os.write(reporting, probe.error_text(error).encode())
        os._exit(1)
    server.serve({})


class ForkServer:
    """Forks children on request."""

    def __init__(self, control: socket.socket, without: frozenset[str]) -> None:
        self.control = control
        self.without = set(without)
        self._address_space = resource_limits.address_space_in_use()
        self._resident = _resident_bytes()
        self._ended: set[int] = set()  # killed, and perhaps still ending

    def serve(self, refused: dict[str, str | None]) -> NoReturn:
        """Give up every right, try the layers, report which hold, and answer requests until the end.

        `refused`: layers that could not be set up, and why.
        """
        try:
            if "privileges" not in self.without:
                privileges.give_up()
            layers = self._tried_layers(refused)
            # A layer that does not hold lowers the level; the others are used all the same.
            self.without |= {layer for layer, failure in layers.items() if failure}
            ready: ZygoteReady = {
                "walls": layers,
                "resident": self._resident,
                "without": sorted(self.without),
            }
            # The garbage collector of a child must not touch shared objects. Nothing is collected
            # before: a child's new objects would fill the gaps, and copy every page with a gap.
            gc.freeze()
            self.control.send(json.dumps(ready).encode())
            while True:
                self.control.settimeout(REAP_SECONDS if self._ended else None)
                with contextlib.suppress(TimeoutError):
                    self._answer(self.control.recv(REQUEST_CAP))
                self._reap()
        except OSError:  # the judge is gone
            os._exit(0)

    def _tried_layers(self, refused: dict[str, str | None]) -> dict[str, str | None]:
        """Each layer that the probe knows: None where it holds, else why not."""
        left_out: dict[str, str | None] = dict.fromkeys(self.without, "taken away")
        tried = {layer: probe.try_layer(layer) for layer in probe.ACTS if layer not in left_out}
        return tried | left_out | refused

    def _answer(self, request: bytes) -> None:
        verb, _, number = request.partition(b" ")
        if verb == b"fork":
            self._fork()
        elif verb == b"status":
            reply: StatusReply = {"status": _status_of(int(number))}
            self.control.send(json.dumps(reply).encode())
        elif verb == b"reap":  # the end of a process takes a while: do not wait for it
            self._ended.add(int(number))
        else:  # the other end is closed; every child has asked to be killed when the zygote ends
            os._exit(0)

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
        reply: ForkedReply = {"child": pid}
        socket.send_fds(self.control, [json.dumps(reply).encode()], [ours.fileno(), pidfd])
        os.close(pidfd)
        ours.close()

    def _reap(self) -> None:
        for pid in list(self._ended):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self._ended.discard(pid)

    def _live(self, channel: int, parent: int) -> NoReturn:
        """The life of a child, from the fork to its end."""
        try:
            self._isolate(channel, parent)
            judge = Channel(0, 0)
            judge.send({"frame": "ready"})
            run_jobs(judge, self._before_answer)
        finally:  # a child that could not be isolated runs nothing
            os._exit(1)

    def _isolate(self, channel: int, parent: int) -> None:
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
            audit_hooks.install(audit_hooks.ReadableFiles())

    def _before_answer(self, limits: LimitFields) -> None:
        if "resource-limits" not in self.without:
            resource_limits.limit_job(limits, self._address_space)


def _status_of(pid: int) -> int | None:
    """How a child ended: its exit status, or minus the number of a signal."""
    try:
        _, status = os.waitpid(pid, 0)
    except ChildProcessError:
        return None
    return os.waitstatus_to_exitcode(status)


def _resident_bytes() -> int:
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def take_over_control() -> socket.socket:
    """Move the control socket from descriptor 0; connect 0, 1 and 2 to the null device."""
    control = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin = io.StringIO()
    return control
