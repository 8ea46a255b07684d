"""Sessions: who is signed in. The cookie's value is stored only as a hash."""

from __future__ import annotations

import hashlib
import secrets

import sqlalchemy as sa

from handgrad.store.database import Database
from handgrad.store.learners import SEEN_EVERY, Learner, Learners
from handgrad.store.tables import learners, sessions
from handgrad.store.timestamps import DAY, now

LASTS = 30 * DAY


def key_of_secret(secret: str) -> str:
    """The hash under which a secret of 256 random bits is looked up; it needs no salt."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


class Sessions:
    """All sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._learners = Learners(database)

    def begin(self, learner: Learner) -> str:
        """Sign a learner in; the secret for their cookie. Sessions that have ended are cleared."""
        secret, moment = secrets.token_urlsafe(32), now()
        with self._database.writing() as connection:
            connection.execute(sessions.delete().where(sessions.c.ends_at < moment))
            connection.execute(
                sessions.insert(),
                {
                    "key": key_of_secret(secret),
                    "learner": learner.number,
                    "began_at": moment,
                    "ends_at": moment + LASTS,
                },
            )
        return secret

    def learner(self, secret: str) -> Learner | None:
        """Who is signed in with that secret; None for nobody: ended, unknown, or of a learner who was
        removed.
        """
        moment = now()
        with self._database.reading() as connection:
            row = connection.execute(
                sa.select(learners)
                .join(sessions, sessions.c.learner == learners.c.id)
                .where(sessions.c.key == key_of_secret(secret), sessions.c.ends_at >= moment)
            ).one_or_none()
        if row is None:
            return None
        if row.seen_at is None or row.seen_at < moment - SEEN_EVERY:
            self._learners.seen(row.id)
        return Learner(row.id, row.name, row.role)

    def end(self, secret: str) -> None:
        """Sign out."""
        with self._database.writing() as connection:
            connection.execute(sessions.delete().where(sessions.c.key == key_of_secret(secret)))
