"""The connection to the database: SQLite by default, PostgreSQL by address."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from handgrad.store.tables import metadata

BUSY_SECONDS = 10.0


class Database:
    """A database with handgrad's tables.

    Reading and writing are told apart: SQLite has one writer at a time, and one that finds out
    half-way that it must wait cannot. Here a writer waits before it begins.
    """

    def __init__(self, address: str) -> None:
        """Connect.

        Args:
            address: as SQLAlchemy writes it: ``sqlite:////path/lab.sqlite3`` or
                ``postgresql+psycopg://user@host/name``.
        """
        self.engine = sa.create_engine(address, pool_size=8, max_overflow=32)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writing: contextlib.AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite else contextlib.nullcontext()
        )
        if self.is_sqlite:
            sa.event.listen(self.engine, "connect", _prepare_sqlite)

    def create(self) -> None:
        """Make every table that is missing."""
        metadata.create_all(self.engine)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read with: one state of the data throughout."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction: all of it is stored, or nothing."""
        with self._writing, self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the module begins no transactions of its own: we do
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {int(BUSY_SECONDS * 1000)}",
        "journal_mode = WAL",
        # a killed process loses nothing; a power cut may lose the last moments, never the file
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
