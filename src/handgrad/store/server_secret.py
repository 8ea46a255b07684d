"""The server's secret, which signs the tokens of the pages."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from handgrad.store.database import Database
from handgrad.store.tables import settings


def server_secret(database: Database) -> bytes:
    """256 random bits, drawn once for a database: a page stays good when the server is restarted."""
    with database.writing() as connection:
        query = sa.select(settings.c.value).where(settings.c.name == "secret")
        found = connection.scalar(query)
        if found is None:
            found = secrets.token_hex(32)
            connection.execute(settings.insert(), {"name": "secret", "value": found})
    return bytes.fromhex(found)
