"""The connection to the database: SQLite by default, PostgreSQL by address."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from handgrad.errors import StoreError
from handgrad.languages import Text

BUSY_SECONDS = 10.0
CONNECT_SECONDS = 10


class Database:
    """A database with handgrad's tables; `migration.bring_up_to_date` makes them.

    Reading and writing are separate: SQLite has one writer at a time, and one that finds out
    half-way that it must wait cannot. Here a writer waits before it begins.
    """

    def __init__(self, address: str) -> None:
        """Connect when first used.

        Args:
            address: as SQLAlchemy writes it: ``sqlite:////path/lab.sqlite3`` or
                ``postgresql+psycopg://user@host/name``.

        Raises:
            StoreError: the address cannot be read, or the driver is not installed.
        """
        try:
            self.url = sa.make_url(address)
            self.is_sqlite = self.url.get_backend_name() == "sqlite"
            self.engine = sa.create_engine(
                self.url,
                pool_size=8,
                max_overflow=32,
                pool_pre_ping=not self.is_sqlite,  # a server may have been started afresh
                connect_args={} if self.is_sqlite else {"connect_timeout": CONNECT_SECONDS},
            )
        except ModuleNotFoundError as error:
            raise StoreError(NO_DRIVER.format(name=error.name)) from error
        except sa.exc.ArgumentError as error:
            raise StoreError(NOT_AN_ADDRESS) from error
        self._writing: contextlib.AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite else contextlib.nullcontext()
        )
        if self.is_sqlite:
            sa.event.listen(self.engine, "connect", _prepare_sqlite)

    @property
    def name(self) -> str:
        """The database as it may be shown: without a password."""
        if self.file is not None:
            return str(self.file)
        return self.url.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """SQLite's file; None for a server."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

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


NO_DRIVER = Text(
    zh='连接这个数据库需要 {name}，还没有安装：pip install "handgrad[server]"',
    en='That database needs {name}, which is not installed: pip install "handgrad[server]"',
)
NOT_AN_ADDRESS = Text(
    zh="数据库地址的格式不对。应写成 postgresql://用户:密码@主机/库名。",
    en="This is not a database address. Write postgresql://user:password@host/name.",
)
