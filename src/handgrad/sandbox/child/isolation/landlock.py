"""Landlock: no file, no TCP port, no signal and no abstract socket outside this process.

A ruleset that handles everything and allows nothing. See landlock(7) and
Documentation/userspace-api/landlock.rst for the rights that each ABI version knows.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from . import kernel

VERSION_FLAG = 1
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many bits, by ABI version
TCP_RIGHTS = 0b11  # bind and connect, from version 4
SCOPES = 0b11  # abstract sockets and signals, from version 6


def version() -> int:
    """The kernel's Landlock ABI version.

    Raises:
        OSError: there is none (not built in, or switched off at boot).
    """
    return kernel.system_call("Landlock", kernel.LANDLOCK_CREATE_RULESET, None, 0, VERSION_FLAG)


def deny_everything() -> None:
    """Restrict this process and all it forks."""
    abi = version()
    if abi < 1:
        raise OSError(errno.ENOSYS, "Landlock has no version", "Landlock")
    fields = [(1 << FILE_RIGHTS[min(abi, max(FILE_RIGHTS))]) - 1]
    if abi >= 4:
        fields.append(TCP_RIGHTS)
    if abi >= 6:
        fields.append(SCOPES)
    attributes = ctypes.create_string_buffer(struct.pack(f"={len(fields)}Q", *fields))
    ruleset = kernel.system_call(
        "Landlock ruleset", kernel.LANDLOCK_CREATE_RULESET, attributes, 8 * len(fields), 0
    )
    try:
        kernel.system_call("Landlock restriction", kernel.LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
