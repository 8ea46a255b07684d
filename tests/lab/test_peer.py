"""Whose connection it is, by the kernel's table."""

import os
import subprocess
import sys

import pytest

from handgrad.lab import peer
from handgrad.lab.peer import is_somebody_else, owner_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Only Linux says.")
TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:206C 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1
   1: 0100007F:C350 0100007F:206C 01 00000000:00000000 00:00000000 00000000  {uid}        0 2 1
   2: 0100007F:206C 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 3 1
   3: 0101A8C0:C351 08080808:206C 01 00000000:00000000 00:00000000 00000000  4242        0 4 1
"""


@pytest.mark.parametrize(("uid", "other"), [(os.getuid(), False), (os.getuid() + 1, True)])
def test_the_owner_of_the_far_end_decides(tmp_path, monkeypatch, uid, other):
    table = tmp_path / "tcp"
    table.write_text(TABLE.format(uid=uid))
    monkeypatch.setattr(peer, "TABLES", (table, tmp_path / "not there"))
    assert owner_of(0xC350, 0x206C) == uid
    assert owner_of(0xC351, 0x206C) is None  # a connection to elsewhere is none to us
    assert is_somebody_else(("127.0.0.1", 0xC350), ("127.0.0.1", 0x206C)) is other
    assert not is_somebody_else(("127.0.0.1", 9), ("127.0.0.1", 0x206C))
    assert not is_somebody_else(None, None)


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
