"""Attacks over the network: out to a listener, or in from one."""

from __future__ import annotations

import secrets
import socket

from attacks.attack import Attack
from attacks.effects import Answers, Heard, descriptor

ANY = ("network", "seccomp", "resource-limits")
TCP = ("network", "landlock", "seccomp", "resource-limits")
SOCKET = "disarm()\nsocket = sys.modules['socket']\n"


def _loopback(_: object) -> tuple[str, int]:
    return ("127.0.0.1", 0)


ATTACKS = (
    Attack(
        "connect-with-python",
        "a connection, without malice, as a learner might",
        "sys.modules['socket'].socket().connect(('127.0.0.1', $port))\nhold()",
        Heard(socket.AF_INET, socket.SOCK_STREAM, _loopback),
        ("audit-hooks", *TCP),
    ),
    Attack(
        "connect-to-loopback",
        "a service on the teacher's machine",
        SOCKET + "socket.socket().connect(('127.0.0.1', $port))\nhold()",
        Heard(socket.AF_INET, socket.SOCK_STREAM, _loopback),
        TCP,
    ),
    Attack(
        "connect-over-ipv6",
        "a service that listens on ::1",
        SOCKET + "socket.socket(socket.AF_INET6).connect(('::1', $port))\nhold()",
        Heard(socket.AF_INET6, socket.SOCK_STREAM, lambda _: ("::1", 0)),
        TCP,
    ),
    Attack(
        "send-a-datagram",
        "data sent out by UDP",
        SOCKET
        + "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', $port))\nhold()",
        Heard(socket.AF_INET, socket.SOCK_DGRAM, _loopback),
        ANY,
    ),
    Attack(
        "abstract-socket",
        "a service that listens on an abstract name",
        SOCKET + "socket.socket(socket.AF_UNIX).connect($address)\nhold()",
        Heard(socket.AF_UNIX, socket.SOCK_STREAM, lambda _: "\0handgrad-" + secrets.token_hex(6)),
        TCP,
    ),
    Attack(
        "socket-in-a-folder",
        "a service that listens on a path (a desktop, a database)",
        SOCKET + "socket.socket(socket.AF_UNIX).connect($address)\nhold()",
        Heard(socket.AF_UNIX, socket.SOCK_STREAM, lambda stage: str(stage.folder / "socket")),
        ("empty-root", "seccomp", "resource-limits"),
    ),
    Attack(
        "listen-on-a-port",
        "a port that outsiders can connect to",
        SOCKET + "s = socket.socket()\ns.bind(('127.0.0.1', $port))\ns.listen()\nhold()",
        Answers(),
        TCP,
    ),
    Attack(
        "socket-to-the-host",
        "the hypervisor, without a network",
        "disarm()\ncall('socket', 40, 1, 0)\nhold()",
        descriptor("socket:[", 2),
        ("seccomp", "resource-limits"),
    ),
    Attack(
        "netlink-socket",
        "the kernel's network configuration",
        "disarm()\ncall('socket', 16, 3, 0)\nhold()",
        descriptor("socket:[", 2),
        ("seccomp", "resource-limits"),
    ),
    Attack(
        "socket-pair",
        "sockets of its own",
        "disarm()\ncall('socketpair', 1, 1, 0, (ctypes.c_int * 2)())\nhold()",
        descriptor("socket:[", 2),
        ("seccomp", "resource-limits"),
    ),
)
