"""Which user opened a loopback connection; on Linux the kernel says so.

One learner without a login is fine on one's own machine; on a shared one, any other user could connect
to a loopback port. The kernel is asked for the very socket (sock_diag(7): a tenth of a millisecond);
where it cannot be asked so, ``/proc/net/tcp`` (proc(5)) lists all. A socket that its process has closed
already is listed as root's: so root is no exception, or anybody could send and close.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY = 4, 20
NLM_F_REQUEST, NLMSG_ERROR = 1, 2
ENOENT = 2
ANY_STATE = NO_COOKIE = 0xFFFFFFFF
HEADER = struct.Struct("=IHHII")
"""``struct nlmsghdr``: length, type, flags, sequence number, process."""
WANTED = struct.Struct("=BBBBI")
"""The head of ``struct inet_diag_req_v2``: family, protocol, extensions, padding, states."""
USER_AT = HEADER.size + 4 + 48 + 12
"""Where ``idiag_uid`` lies: behind the header, four bytes, the socket's ends, and three numbers."""
TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
LOCAL, REMOTE, USER = 1, 2, 7
REPLY_SECONDS = 0.5

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class SocketEnd:
    """One end of a connection."""

    address: Address
    port: int

    @property
    def packed(self) -> bytes:
        """The address in 16 bytes, as ``struct inet_diag_sockid`` has it."""
        return self.address.packed.ljust(16, b"\0")


def is_opened_by_another_user(
    client: tuple[str, int] | None, server: tuple[str, int | None] | None
) -> bool:
    """Whether the connection was opened by another user of this machine.

    False where that cannot be known: not on Linux, or in a test that opens no connection.
    """
    if sys.platform != "linux" or not client or not server or server[1] is None:
        return False
    try:
        near = SocketEnd(ipaddress.ip_address(client[0]), client[1])
        far = SocketEnd(ipaddress.ip_address(server[0]), server[1])
    except ValueError:
        return False
    owner = owner_of(near, far)
    return owner is not None and owner != os.getuid()


def owner_of(near: SocketEnd, far: SocketEnd) -> int | None:
    """The user whose socket is at the near end, connected to the far one; None for nobody's."""
    try:
        return _owner_by_sock_diag(near, far)
    except OSError:  # a kernel without sock_diag, or a sandbox that refuses it
        return owner_by_proc_net(near.port, far.port)


def _owner_by_sock_diag(near: SocketEnd, far: SocketEnd) -> int | None:
    """The kernel's answer to the question for one socket.

    Raises:
        OSError: it cannot be asked.
    """
    family = socket.AF_INET if near.address.version == 4 else socket.AF_INET6
    ends = struct.pack("!HH", near.port, far.port) + near.packed + far.packed
    ends += struct.pack("=III", 0, NO_COOKIE, NO_COOKIE)
    wanted = WANTED.pack(family, socket.IPPROTO_TCP, 0, 0, ANY_STATE) + ends
    head = HEADER.pack(HEADER.size + len(wanted), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_SOCK_DIAG) as asked:
        asked.settimeout(REPLY_SECONDS)
        asked.send(head + wanted)
        reply = asked.recv(4096)
    if HEADER.unpack_from(reply)[1] == NLMSG_ERROR:
        [error] = struct.unpack_from("=i", reply, HEADER.size)
        if -error == ENOENT:
            return None
        raise OSError(-error, "sock_diag")
    owner: int = struct.unpack_from("=I", reply, USER_AT)[0]
    return owner


def owner_by_proc_net(port: int, other_port: int) -> int | None:
    """The same by the list of all connections, which takes milliseconds.

    A port may be in use on several loopback addresses: one that is not ours is returned first.
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
