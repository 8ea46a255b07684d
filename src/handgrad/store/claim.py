"""Who works on a database: what a dead server held is known at once, and two do not share a file.

A claim ends with its process, however that ends: on SQLite it is a lock on a file beside the
database, which one server holds at a time; on PostgreSQL an advisory lock of a session, which any
number of servers hold each for itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sqlite3
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from handgrad.errors import StoreError
from handgrad.languages import Text
from handgrad.store.database import Database

LOCKS = 0x68616E64
"""The class of handgrad's advisory locks: "hand"."""


class Claim(Protocol):
    """A server's claim on a database.

    Attributes:
        holder: the server's number, under which it holds leases.
    """

    holder: int

    def is_dead(self, holder: int) -> bool:
        """Whether a server of that number, not this one, no longer lives."""

    def tell(self, address: str) -> None:
        """Let whoever finds the database in use know where it is served."""

    def close(self) -> None:
        """Give the database back."""


def claim(database: Database) -> Claim:
    """Claim a database.

    Raises:
        StoreError: another server works on this SQLite file; the message says where.
    """
    if database.file is not None:
        return FileClaim(database.file)
    return ServerClaim(database)


class FileClaim:
    """The only server of a SQLite database: it holds the lock of a second, empty one beside it.

    SQLite locks files on every platform, and the system takes the lock from a process that ends.
    """

    def __init__(self, database: Path) -> None:
        """Take the lock.

        Raises:
            StoreError: another process holds it.
        """
        self.holder = 1 + secrets.randbelow(2**31 - 1)
        self._told = database.with_name(f"{database.name}.server")
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
            told = _read(self._told)
            raise StoreError(
                IN_USE.format(
                    name=database,
                    process=told.get("process", "?"),
                    address=told.get("address", "?"),
                )
            ) from error

    def is_dead(self, holder: int) -> bool:
        """Whoever held the lock before is gone, or this one could not hold it."""
        return holder != self.holder

    def tell(self, address: str) -> None:
        """Write down beside the database who holds it."""
        text = json.dumps({"process": os.getpid(), "address": address})
        with contextlib.suppress(OSError):  # a full disk: nobody is told, and nothing is lost
            self._told.write_text(text, encoding="utf-8")

    def close(self) -> None:
        """Release the lock."""
        with contextlib.suppress(OSError):
            self._told.unlink(missing_ok=True)
        self._lock.close()


def _read(path: Path) -> dict[str, object]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


class ServerClaim:
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

    def tell(self, address: str) -> None:
        """Any number of servers may share it: nobody needs to know."""

    def close(self) -> None:
        """Give the lock back."""
        with contextlib.suppress(
            sa.exc.SQLAlchemyError
        ):  # the server is gone, and the lock with it
            self._connection.close()


IN_USE = Text(
    zh="数据 {name} 正被另一个 handgrad lab（进程 {process}，{address}）使用。请用那一个，或先关掉它，"
    "或用 --data 换一个文件夹。",
    en="{name} is in use by another handgrad lab (process {process}, {address}). Use that one, end it, "
    "or choose another folder with --data.",
)
