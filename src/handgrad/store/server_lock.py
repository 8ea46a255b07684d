"""The lock that a running server holds on its database.

It ends with the process, however that ends, so that the answers of a dead server are known at once. On
SQLite it is a lock on a file beside the database, which only one server can hold; on PostgreSQL an
advisory lock of a session, of which every server holds one of its own. A lock's `holder` is the server's
number, under which it holds leases.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sqlite3
from pathlib import Path

import sqlalchemy as sa

from handgrad.errors import StoreError
from handgrad.languages import Text
from handgrad.store.database import Database

LOCKS = 0x68616E64
"""The class of handgrad's advisory locks: "hand"."""


class SqliteServerLock:
    """The only server of a SQLite database: it holds the lock of a second, empty one beside it.

    SQLite locks files on every platform, and the system takes the lock from a process that ends.
    """

    def __init__(self, database: Path) -> None:
        """Take the lock.

        Raises:
            StoreError: another process holds it.
        """
        self.holder = 1 + secrets.randbelow(2**31 - 1)
        self._address_file = database.with_name(f"{database.name}.server")
        self._lock = sqlite3.connect(
            database.with_name(f"{database.name}.lock"),
            timeout=0,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._lock.close()
            found = _read(self._address_file)
            raise StoreError(
                IN_USE.format(
                    name=database,
                    process=found.get("process", "?"),
                    address=found.get("address", "?"),
                )
            ) from error

    def is_dead(self, holder: int) -> bool:
        """Every other server is: this one holds the only lock."""
        return holder != self.holder

    def publish_address(self, address: str) -> None:
        """Write process and address to a file beside the database."""
        text = json.dumps({"process": os.getpid(), "address": address})
        with contextlib.suppress(
            OSError
        ):  # a full disk: only the message to others lacks the address
            self._address_file.write_text(text, encoding="utf-8")

    def close(self) -> None:
        """Release the lock."""
        with contextlib.suppress(OSError):
            self._address_file.unlink(missing_ok=True)
        self._lock.close()


def _read(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


class PostgresServerLock:
    """An advisory lock on PostgreSQL, held by a connection of its own."""

    def __init__(self, database: Database) -> None:
        """Take a lock of a random number."""
        self._database = database
        self._connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self.holder = 1 + secrets.randbelow(2**31 - 1)
        while not self._try(self._connection, "pg_try_advisory_lock", self.holder):
            self.holder = 1 + secrets.randbelow(2**31 - 1)

    @staticmethod
    def _try(connection: sa.Connection, function: str, holder: int) -> bool:
        query = sa.select(getattr(sa.func, function)(LOCKS, holder))
        return bool(connection.scalar(query))

    def is_dead(self, holder: int) -> bool:
        """Whether nobody holds the lock of that number."""
        if holder == self.holder:
            return False
        with self._database.reading() as connection:  # the lock is given back with the transaction
            return self._try(connection, "pg_try_advisory_xact_lock", holder)

    def publish_address(self, address: str) -> None:
        """Nothing to do: any number of servers may share the database."""

    def close(self) -> None:
        """Release the lock."""
        with contextlib.suppress(
            sa.exc.SQLAlchemyError
        ):  # the server is gone, and the lock with it
            self._connection.close()


ServerLock = SqliteServerLock | PostgresServerLock


def lock_database(database: Database) -> ServerLock:
    """Lock a database for this server.

    Raises:
        StoreError: another server uses this SQLite file; the message says at which address.
    """
    if database.file is not None:
        return SqliteServerLock(database.file)
    return PostgresServerLock(database)


IN_USE = Text(
    zh="数据 {name} 正被另一个 handgrad lab（进程 {process}，{address}）使用。请用那一个，或先关掉它，"
    "或用 --data 换一个文件夹。",
    en="{name} is in use by another handgrad lab (process {process}, {address}). Use that one, end it, "
    "or choose another folder with --data.",
)
