"""Gives up rights for good: the root user, capabilities, new privileges, dumps, executable memory.

See capabilities(7), prctl(2), setresuid(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from . import kernel

FIRST_OWN_ID = 2_000_000_000  # far above every range that a system hands out
NOBODY = 65534
CAPABILITY_VERSION = 0x20080522  # include/uapi/linux/capability.h
MOST_CAPABILITIES = 64
SIGKILL = 9


def become_own_user() -> None:
    """As root: become a user that owns no file and no other process. Otherwise do nothing."""
    if os.geteuid() != 0:
        return
    _drop_bounding_set()
    own = FIRST_OWN_ID + os.getpid()
    try:
        _become(own)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a container has no such number
            raise
        _become(NOBODY)
    # A change of user makes a process undumpable, and it could then not write its own uid_map.
    kernel.prctl("dumpable", kernel.PR_SET_DUMPABLE, 1)


def _become(user: int) -> None:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def give_up() -> None:
    """No capabilities, no new ones, no dumps or tracing, no memory that is written and then run."""
    _drop_bounding_set()
    _drop_capabilities()
    kernel.prctl("no new privileges", kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl("not dumpable", kernel.PR_SET_DUMPABLE, 0)
    try:
        kernel.prctl("no executable memory", kernel.PR_SET_MDWE, kernel.PR_MDWE_REFUSE_EXEC_GAIN)
    except OSError as error:
        if error.errno != errno.EINVAL:  # before Linux 6.3; seccomp refuses it as well
            raise


def allow_no_new_privileges() -> None:
    """Required by Landlock and seccomp (seccomp(2)), with or without this layer."""
    kernel.prctl("no new privileges", kernel.PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent(parent: int) -> None:
    """Be killed when the parent ends. A change of user clears this, so call it afterwards.

    `parent` is the parent's process number as this process sees it: if it has changed, the parent has
    ended already.
    """
    kernel.prctl("die with parent", kernel.PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _drop_bounding_set() -> None:
    for capability in range(MOST_CAPABILITIES):
        try:
            kernel.prctl("bounding set", kernel.PR_CAPBSET_DROP, capability)
        except OSError:  # past the last one, or no right to drop: then there is none to lose
            return


def _drop_capabilities() -> None:
    kernel.prctl("ambient set", kernel.PR_CAP_AMBIENT, kernel.PR_CAP_AMBIENT_CLEAR_ALL)
    header = ctypes.create_string_buffer(struct.pack("=Ii", CAPABILITY_VERSION, 0))
    none = ctypes.create_string_buffer(struct.pack("=6I", 0, 0, 0, 0, 0, 0))
    kernel.system_call("capabilities", kernel.number_of("capset"), header, none)
