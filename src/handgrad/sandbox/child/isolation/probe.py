"""Tests whether an isolation layer holds: tries forbidden acts in a process with that layer alone.

What a kernel reports and what it does differ: inside containers, under security modules, with settings
that a distribution changed. So every layer is tried.
"""

from __future__ import annotations

import errno
import importlib
import json
import mmap
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from . import kernel, landlock, privileges, resource_limits, seccomp

REPORT_CAP = 4096


@dataclass(frozen=True)
class Act:
    """A forbidden act: with the layer it must raise an OSError, one of `refusals` if given."""

    name: str
    attempt: Callable[[], object]
    refusals: tuple[int, ...] = ()


def _open_folder() -> None:
    os.close(os.open("/", os.O_RDONLY))


def _make_file() -> None:
    os.close(os.open("/handgrad-probe", os.O_WRONLY | os.O_CREAT, 0o600))


def _find_files() -> None:
    if not os.listdir("/"):
        raise FileNotFoundError(errno.ENOENT, "the root is empty")


def _find_an_interface() -> None:
    """A network namespace of its own holds only a loopback interface that is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("127.0.0.1", 9))


def _find_a_parent() -> None:
    if os.getppid() == 1:
        raise ProcessLookupError(errno.ESRCH, "the zygote is the first process here")


def _make_socket() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _copy_descriptor() -> None:
    os.close(os.dup(0))


def _signal_parent() -> None:
    os.kill(os.getppid(), 0)


def _new_user_namespace() -> None:
    kernel.unshare("user namespace", kernel.CLONE_NEWUSER)


def _map_code() -> None:
    mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def _raise_limit() -> None:
    """Only a process with capabilities may raise its own hard limit."""
    # not there on Windows, where tests still read this file
    resource = importlib.import_module("resource")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (4096, 4096))
    except ValueError as error:  # Python reports EPERM in this way here
        raise PermissionError(errno.EPERM, str(error)) from None


def _set_host_name() -> None:
    name = os.uname().nodename.encode()
    kernel.checked(kernel.LIBC.sethostname(name, len(name)), "host name")


SETUPS: dict[str, Callable[[], None]] = {
    "landlock": landlock.deny_everything,
    "resource-limits": resource_limits.allow_nothing_new,
    "seccomp": seccomp.allow_only_computing,
}
"""The layers that each child sets up for itself; the zygote has set up the others."""
ACTS: dict[str, tuple[Act, ...]] = {
    "empty-root": (
        Act("find a file", _find_files),
        Act("make a file", _make_file, (errno.EROFS,)),
    ),
    "network": (Act("reach loopback", _find_an_interface, (errno.ENETUNREACH,)),),
    "processes": (Act("see another process", _find_a_parent),),
    "ipc": (),  # `namespaces.enter` has compared the kernel's names of the namespaces
    "privileges": (
        Act("raise a limit", _raise_limit, (errno.EPERM,)),
        Act("set the host name", _set_host_name, (errno.EPERM,)),
    ),
    "landlock": (Act("open the root folder", _open_folder, (errno.EACCES,)),),
    "resource-limits": (
        Act("copy a descriptor", _copy_descriptor, (errno.EMFILE, errno.EINVAL)),
        Act("start a process", _fork, (errno.EAGAIN,)),
    ),
    "seccomp": (
        Act("make a socket", _make_socket, (errno.EPERM,)),
        Act("open the root folder", _open_folder, (errno.EPERM,)),
        Act("start a process", _fork, (errno.EPERM,)),
        Act("signal the parent", _signal_parent, (errno.EPERM,)),
        Act("make a user namespace", _new_user_namespace, (errno.EPERM,)),
        Act("map writable code", _map_code, (errno.EPERM,)),
    ),
}


def try_layer(layer: str) -> str | None:
    """Why a layer does not hold, or None when it refused every forbidden act.

    Runs in a process of its own, which has ended when this returns.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(writing, 0)  # the one descriptor that seccomp lets through
            os.write(0, json.dumps(_failure(layer)).encode()[:REPORT_CAP])
        finally:
            os._exit(0)
    os.close(writing)
    try:
        report = os.read(reading, REPORT_CAP)
    finally:
        os.close(reading)
        os.waitpid(pid, 0)
    return json.loads(report) if report else "the probe ended without a report"


def _failure(layer: str) -> str | None:
    try:
        privileges.allow_no_new_privileges()
        if layer in SETUPS:
            SETUPS[layer]()
    except (OSError, ValueError, KeyError) as error:
        return error_text(error)
    for act in ACTS[layer]:
        try:
            act.attempt()
        except OSError as error:
            if act.refusals and error.errno not in act.refusals:
                return f"{act.name}: {error_text(error)}"
        else:
            return f"{act.name}: it worked"
    return None


def error_text(error: BaseException) -> str:
    """An error in one line, with the step that failed."""
    if isinstance(error, OSError) and error.errno is not None:
        name = errno.errorcode.get(error.errno, str(error.errno))
        step = f"{error.filename}: " if error.filename else ""
        return f"{step}{name} ({error.strerror})"
    return f"{type(error).__name__}: {error}"
