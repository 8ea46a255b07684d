"""Calls into the kernel: the C library through ``ctypes``, and the numbers of this processor."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from typing import Any

if sys.platform == "linux":
    LIBC = ctypes.CDLL(None, use_errno=True)
    LIBC.syscall.restype = ctypes.c_long

MACHINE = platform.machine()
ARCHITECTURES = ("x86_64", "aarch64")
"""The processors whose numbers the tables here hold (aarch64: never run by us)."""

# include/uapi/linux/audit.h
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# include/uapi/linux/sched.h
CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

# include/uapi/linux/prctl.h
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
PR_SET_MDWE = 65
PR_MDWE_REFUSE_EXEC_GAIN = 1

# The same on both processors (the unified table begins at 424); the rest per processor.
LANDLOCK_CREATE_RULESET = 444
LANDLOCK_RESTRICT_SELF = 446
CLOSE_RANGE = 436
NUMBERS = {
    "x86_64": {"capset": 126, "pivot_root": 155, "seccomp": 317},
    "aarch64": {"capset": 91, "pivot_root": 41, "seccomp": 277},
}


def checked(result: int, step: str) -> int:
    """The result of a call; an OSError that names the step when it is -1."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), step)
    return result


def system_call(step: str, number: int, *arguments: Any) -> int:
    """A system call by its number (syscall(2)); every argument as wide as a register."""
    widened = [
        ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments
    ]
    return checked(LIBC.syscall(ctypes.c_long(number), *widened), step)


def prctl(step: str, option: int, *arguments: int) -> int:
    """A process control (prctl(2)), the unused arguments zero as newer options demand."""
    padded = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    return checked(LIBC.prctl(ctypes.c_int(option), *padded), step)


def unshare(step: str, flags: int) -> None:
    """New namespaces for this process (unshare(2))."""
    checked(LIBC.unshare(ctypes.c_int(flags)), step)


def mount(
    step: str, source: str, target: str, kind: str | None, flags: int, options: str = ""
) -> None:
    """Mount a file system, or change a mount (mount(2))."""
    encoded = None if kind is None else kind.encode()
    checked(
        LIBC.mount(
            source.encode(),
            target.encode(),
            encoded,
            ctypes.c_ulong(flags),
            options.encode() or None,
        ),
        step,
    )


def unmount(step: str, target: str, flags: int) -> None:
    """Unmount (umount2(2))."""
    checked(LIBC.umount2(target.encode(), ctypes.c_int(flags)), step)


def number_of(name: str) -> int:
    """The number of a system call on this processor."""
    return NUMBERS[MACHINE][name]
