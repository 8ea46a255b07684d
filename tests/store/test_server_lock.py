"""Who works on a database, and what is known of those who died."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from handgrad.errors import StoreError
from handgrad.store.database import Database
from handgrad.store.server_lock import lock_database

HOLD = """
import sys
from handgrad.store.server_lock import lock_database
from handgrad.store.database import Database
held = lock_database(Database(sys.argv[1]))
held.publish_address("http://127.0.0.1:8300/")
print(held.holder, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(database, store_address):
    """Another process that holds the lock of the database; its number."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, store_address],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.holder = int(process.stdout.readline())
    yield process
    process.kill()
    process.communicate()


def test_a_killed_server_is_known_to_be_dead(database, other):
    if not database.is_sqlite:
        mine = lock_database(database)
        assert not mine.is_dead(other.holder)
        assert not mine.is_dead(mine.holder)
        mine.close()
    other.kill()
    other.wait()
    mine = lock_database(database)
    if not database.is_sqlite:  # PostgreSQL notices in its own time
        deadline = time.monotonic() + 10
        while not mine.is_dead(other.holder) and time.monotonic() < deadline:
            time.sleep(0.02)
    assert mine.is_dead(other.holder)
    assert not mine.is_dead(mine.holder)
    mine.close()


def test_a_file_is_served_by_one_and_the_other_is_told_where(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'lab.sqlite3'}")
    mine = lock_database(database)
    mine.publish_address("http://127.0.0.1:8301/")
    with pytest.raises(StoreError) as caught:
        lock_database(database)
    assert "8301" in caught.value.text.zh
    assert "8301" in caught.value.text.en
    mine.close()
    lock_database(database).close()
    database.close()
    assert not [path for path in Path(tmp_path).iterdir() if path.name.endswith(".server")]


def test_any_number_of_servers_share_postgresql(database):
    if database.is_sqlite:
        return
    locks = [lock_database(database) for _ in range(3)]
    assert len({one.holder for one in locks}) == 3
    assert not any(a.is_dead(b.holder) for a in locks for b in locks)
    for one in locks:
        one.close()
    assert locks[0]._database is database
