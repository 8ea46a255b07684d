"""Brings a database to the form that this handgrad knows, or refuses it unharmed.

An older one is migrated, in SQLite after a backup beside it; PostgreSQL's changes of form are one
transaction. A newer one, and one of another program, are left as they are.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from handgrad.errors import StoreError
from handgrad.languages import Text, name_list
from handgrad.store.database import Database

MIGRATIONS = Path(__file__).with_name("migrations")
VERSIONS = MIGRATIONS / "versions"
HEAD = "0001"
"""The form of the database that this handgrad knows: the last of the migrations."""


def bring_up_to_date(
    database: Database, versions: Sequence[Path] = (VERSIONS,), head: str = HEAD
) -> Path | None:
    """Make the tables, or migrate them; the backup, where one was made.

    Args:
        database: it may be empty.
        versions: the folders of the migrations.
        head: the last of them.

    Raises:
        StoreError: the database cannot be reached, is broken, is another program's, or is of a
            newer handgrad. It is unharmed.
    """
    try:
        found = _revision(database)
        return None if found == head else _upgrade(database, found, versions, head)
    except sa.exc.DatabaseError as error:
        reason = next(iter(str(error.orig).strip().splitlines()), "?")
        raise StoreError(UNUSABLE.format(name=database.name, reason=reason)) from error


def _revision(database: Database) -> str | None:
    """The form that the database has; None when it is empty."""
    with database.reading() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        if "alembic_version" in tables:
            return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    if tables:
        raise StoreError(FOREIGN.format(name=database.name, tables=name_list(sorted(tables)[:5])))
    return None


def _upgrade(
    database: Database, found: str | None, versions: Sequence[Path], head: str
) -> Path | None:
    """Migrate from the revision that was found; the backup, where one was made."""
    # Alembic takes a third of a second to load: only where there is something to migrate
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    configuration = Config()
    configuration.set_main_option("script_location", _escaped(MIGRATIONS))
    configuration.set_main_option("path_separator", "newline")
    configuration.set_main_option("version_locations", "\n".join(map(_escaped, versions)))
    script = ScriptDirectory.from_config(configuration)
    if found not in {None, *(known.revision for known in script.walk_revisions())}:
        raise StoreError(NEWER.format(name=database.name, found=found, known=head))
    backup = None if found is None else _backup(database, found)
    with database.writing() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, head)
    return backup


def _escaped(path: Path) -> str:
    """A path as the configuration's interpolation reads it."""
    return str(path).replace("%", "%%")


def _backup(database: Database, revision: str) -> Path | None:
    """A copy of SQLite's file beside it, whole even while others write."""
    if database.file is None:
        return None
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = database.file.with_name(f"{database.file.name}.before-{revision}-{moment}")
    with (
        contextlib.closing(sqlite3.connect(database.file)) as source,
        contextlib.closing(sqlite3.connect(path)) as copy,
    ):
        source.backup(copy)
    return path


NEWER = Text(
    zh="数据库 {name} 的版本是 {found}，是更新的 handgrad 写的；这个 handgrad 只认识到 {known}。"
    "数据没有改动。请升级 handgrad（pip install -U handgrad），或用 --data 换一个文件夹。",
    en="The database {name} has the revision {found}, of a newer handgrad; this one knows up to "
    "{known}. Nothing in it was changed. Upgrade handgrad (pip install -U handgrad), or choose another "
    "folder with --data.",
)
FOREIGN = Text(
    zh="数据库 {name} 里已有别的程序的表（{tables}）。数据没有改动。请给 handgrad 一个空的数据库。",
    en="The database {name} holds tables of another program ({tables}). Nothing in it was changed. "
    "Give handgrad an empty database.",
)
UNUSABLE = Text(
    zh="数据库 {name} 不能使用：{reason}。请检查地址、权限和磁盘空间；若文件已损坏，请换成备份。",
    en="The database {name} cannot be used: {reason}. Check the address, the permissions and the space "
    "on the disk; put a backup in its place if the file is broken.",
)
