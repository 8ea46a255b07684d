"""Whose connection it is, by the kernel's table."""

import ipaddress
import os
import socket
import subprocess
import sys

import pytest

from handgrad.lab import connection_owner
from handgrad.lab.connection_owner import (
    SocketEnd,
    is_opened_by_another_user,
    owner_by_proc_net,
    owner_of,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Only Linux says.")
TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:206C 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1
   1: 0100007F:C350 0100007F:206C 01 00000000:00000000 00:00000000 00000000  {uid}        0 2 1
   2: 0100007F:206C 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 3 1
   3: 0101A8C0:C351 08080808:206C 01 00000000:00000000 00:00000000 00000000  4242        0 4 1
"""


def ends(near=0xC350, far=0x206C, host="127.0.0.1"):
    address = ipaddress.ip_address(host)
    return SocketEnd(address, near), SocketEnd(address, far)


@pytest.mark.parametrize(("uid", "other"), [(os.getuid(), False), (os.getuid() + 1, True)])
def test_where_the_kernel_cannot_be_asked_its_list_is_read(tmp_path, monkeypatch, uid, other):
    table = tmp_path / "tcp"
    table.write_text(TABLE.format(uid=uid))

    def refused(*_):
        raise PermissionError

    monkeypatch.setattr(connection_owner, "_owner_by_sock_diag", refused)
    monkeypatch.setattr(connection_owner, "TABLES", (table, tmp_path / "not there"))
    assert owner_of(*ends()) == uid
    assert owner_of(*ends(near=0xC351)) is None  # a connection to elsewhere is none to us
    assert is_opened_by_another_user(("127.0.0.1", 0xC350), ("127.0.0.1", 0x206C)) is other
    assert not is_opened_by_another_user(("127.0.0.1", 9), ("127.0.0.1", 0x206C))


def test_where_nothing_can_be_known_nobody_is_refused():
    assert not is_opened_by_another_user(None, None)
    assert not is_opened_by_another_user(("testclient", 50000), ("testserver", None))
    assert not is_opened_by_another_user(("testclient", 50000), ("testserver", 80))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_both_ways_of_asking_agree(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listening:
        try:
            listening.bind((host, 0))
        except OSError:
            return  # a machine without IPv6
        listening.listen()
        port = listening.getsockname()[1]
        with socket.create_connection((host, port)) as connection:
            near, far = ends(connection.getsockname()[1], port, host)
            assert owner_of(near, far) == os.getuid()
            assert owner_by_proc_net(near.port, far.port) == os.getuid()
            assert owner_of(SocketEnd(near.address, 1), far) is None


ASK = """
import http.client, sys
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=20)
connection.request("GET", "/api/session")
print(connection.getresponse().status)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="Needs a second user.")
def test_another_user_of_the_machine_is_refused(alone):
    port = alone.address.rpartition(":")[2]
    statuses = [
        subprocess.run(
            ["/usr/bin/python3", "-c", ASK, port],
            capture_output=True, text=True, check=True, env={}, cwd="/", **options,
        ).stdout.strip()
        for options in ({}, {"user": 47110, "group": 47110, "extra_groups": []})
    ]  # fmt: skip
    assert statuses == ["200", "403"]
