"""Who is at the other end of a loopback connection: on Linux the kernel says which user.

One learner without a login is fine on one's own machine; on a shared one, any other user could connect
to a loopback port. ``/proc/net/tcp`` (proc(5)) lists every connection's owner. One whose process has
closed it already is listed as root's: so root is no exception, or anybody could send and close.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
LOCAL, REMOTE, USER = 1, 2, 7
"""The columns: the end that has the socket, the other end, whose socket it is."""


def is_somebody_else(client: tuple[str, int] | None, server: tuple[str, int | None] | None) -> bool:
    """Whether the connection was opened by another user of this machine.

    False where that cannot be known: not on Linux, or in a test that opens no connection.
    """
    if sys.platform != "linux" or not client or not server or server[1] is None:
        return False
    owner = owner_of(client[1], server[1])
    return owner is not None and owner != os.getuid()


def owner_of(port: int, other_port: int) -> int | None:
    """The user whose socket has that port and is connected to the other one; None for nobody's.

    A port may be in use on several of the machine's addresses: one that is not ours is told first.
    """
    ours = os.getuid() if hasattr(os, "getuid") else 0
    found: set[int] = set()
    for table in TABLES:
        try:
            lines = table.read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            ends = columns[LOCAL], columns[REMOTE]
            if [*map(_port, ends)] == [port, other_port] and all(map(_is_loopback, ends)):
                found.add(int(columns[USER]))
    return next(iter(found - {ours}), ours) if found else None


def _port(end: str) -> int:
    """The port of an end such as ``0100007F:1F90``.

    >>> _port("0100007F:1F90")
    8080
    """
    return int(end.rpartition(":")[2], 16)


def _is_loopback(end: str) -> bool:
    """Whether an end is 127.x.x.x (also as an IPv6 address) or ::1; words are in the machine's order.

    >>> _is_loopback("0100007F:1F90"), _is_loopback("0101A8C0:1F90")
    (True, False)
    """
    address = end.rpartition(":")[0]
    return address.endswith("7F") or address == "0" * 24 + "01000000"
