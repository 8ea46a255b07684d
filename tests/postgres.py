"""A PostgreSQL server of the tests' own, thrown away afterwards; or the one that is named."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

VARIABLE = "HANDGRAD_TEST_POSTGRESQL"
"""The address of a server on which the tests may make databases, where one is to be used."""
USER = "postgres"
START_SECONDS = 30


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps them off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    found = [*folders, *([Path(on_path).parent] if on_path else [])]
    return next((folder for folder in found if (folder / "initdb").exists()), None)


@contextlib.contextmanager
def server() -> Iterator[str | None]:
    """The address of a server, without a database's name; None where there is no PostgreSQL."""
    if os.environ.get(VARIABLE):
        yield os.environ[VARIABLE]
        return
    found = programs()
    if found is None or not hasattr(os, "fork"):
        yield None
        return
    as_user = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="handgrad-postgresql-") as name:
        folder = Path(name)
        if as_user:
            shutil.chown(folder, USER, USER)
        data = folder / "data"
        subprocess.run(
            [
                found / "initdb", "-D", data, "-U", USER, "--auth=trust", "--encoding=UTF8",
                "--locale=C", "--no-sync",
            ],
            check=True, capture_output=True, cwd=folder, **as_user,
        )  # fmt: skip
        with (folder / "log").open("wb") as log:
            running = subprocess.Popen(
                [
                    found / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=",
                    "-c", "fsync=off", "-c", "max_connections=200",
                ],
                stdout=log, stderr=log, cwd=folder, **as_user,
            )  # fmt: skip
        address = f"postgresql+psycopg://{USER}@/{{name}}?host={folder}"
        try:
            _wait(address.format(name="postgres"), running, folder / "log")
            yield address
        finally:
            running.terminate()
            running.wait(START_SECONDS)


def _wait(address: str, running: subprocess.Popen[bytes], log: Path) -> None:
    engine = sa.create_engine(address)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            engine.connect().close()
            break
        except sa.exc.OperationalError:
            if running.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text()) from None
            time.sleep(0.05)
    engine.dispose()


@contextlib.contextmanager
def database(server_address: str) -> Iterator[str]:
    """The address of an empty database on the server, dropped afterwards."""
    name = f"handgrad_{secrets.token_hex(6)}"
    engine = sa.create_engine(server_address.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    try:
        yield server_address.format(name=name)
    finally:
        with engine.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()
