"""Databases of older, newer and other programs: migrated with a backup, or refused unharmed."""

import hashlib
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from handgrad.errors import StoreError
from handgrad.store.database import Database
from handgrad.store.learners import Learners
from handgrad.store.migration import HEAD, MIGRATIONS, VERSIONS, bring_up_to_date
from handgrad.store.tables import metadata

LATER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "later", "{head}", None, None


def upgrade():
    op.add_column("learners", sa.Column("motto", sa.String(40)))
    {more}
"""


@pytest.fixture
def later(tmp_path):
    """The migrations of a handgrad to come."""
    folder = tmp_path / "versions%20 of later"
    folder.mkdir()

    def write(more="pass"):
        (folder / "later.py").write_text(LATER.format(head=HEAD, more=more))
        return (VERSIONS, folder)

    return write


@pytest.fixture
def connect(store_address):
    opened = []

    def connected():
        opened.append(Database(store_address))
        return opened[-1]

    yield connected
    for one in opened:
        one.close()


def test_the_migrations_make_the_very_tables_that_the_code_speaks_of(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_head_is_the_last_migration():
    assert ScriptDirectory(str(MIGRATIONS), version_locations=[str(VERSIONS)]).get_heads() == [HEAD]


def test_an_older_database_is_migrated_with_a_backup_beside_it(connect, later):
    database = connect()
    assert bring_up_to_date(database) is None
    learner = Learners(database).alone()
    backup = bring_up_to_date(database, later(), "later")
    with database.reading() as connection:
        row = connection.execute(sa.text("SELECT id, motto FROM learners")).one()
    assert tuple(row) == (learner.number, None)
    if database.is_sqlite:
        assert HEAD in backup.name
        with sqlite3.connect(backup) as copy:
            assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
            assert copy.execute("SELECT id FROM learners").fetchall() == [(learner.number,)]
        copy.close()
    assert bring_up_to_date(database, later(), "later") is None


def test_a_newer_database_is_refused_naming_both_and_not_touched(connect, later):
    database = connect()
    bring_up_to_date(database, later(), "later")
    Learners(database).alone()
    before = contents(database)
    with pytest.raises(StoreError) as caught:
        bring_up_to_date(database)
    for words in (caught.value.text.zh, caught.value.text.en):
        assert "later" in words
        assert HEAD in words
    assert contents(database) == before


def test_a_migration_that_fails_half_way_leaves_everything_as_it_was(connect, later):
    database = connect()
    bring_up_to_date(database)
    Learners(database).alone()
    before = contents(database)
    with pytest.raises(StoreError):
        bring_up_to_date(database, later("op.drop_table('not there')"), "later")
    assert contents(database) == before
    bring_up_to_date(database)


def contents(database):
    """All that is in the tables, and their columns."""
    with database.engine.connect() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        return {
            name: (list(table.c.keys()), [tuple(r) for r in connection.execute(table.select())])
            for name, table in sorted(tables.tables.items())
        }


def test_another_programs_database_is_refused_and_not_touched(connect):
    database = connect()
    with database.writing() as connection:
        connection.execute(sa.text("CREATE TABLE invoices (id INTEGER)"))
    with pytest.raises(StoreError) as caught:
        bring_up_to_date(database)
    assert "invoices" in caught.value.text.en
    assert list(contents(database)) == ["invoices"]


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"x" * 99]
)
def test_a_broken_file_is_refused_and_not_touched(tmp_path, content):
    path = tmp_path / "lab.sqlite3"
    path.write_bytes(content)
    before = hashlib.sha256(content).digest()
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StoreError) as caught:
        bring_up_to_date(database)
    database.close()
    assert str(path) in caught.value.text.zh
    assert hashlib.sha256(path.read_bytes()).digest() == before


def test_a_server_that_is_not_there_is_told_without_its_password():
    database = Database("postgresql+psycopg://ada:sesame@127.0.0.1:9/lab")
    with pytest.raises(StoreError) as caught:
        bring_up_to_date(database)
    database.close()
    assert "127.0.0.1:9/lab" in caught.value.text.en
    assert "sesame" not in caught.value.text.en + caught.value.text.zh


def test_the_migrations_are_in_the_package():
    assert sorted(path.name for path in VERSIONS.glob("*.py")) == ["revision_0001.py"]
    assert Path(VERSIONS.parent, "env.py").is_file()
