"""Invitations: a code that lets learners join the class, or the teacher begin it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from handgrad.errors import UsageError
from handgrad.languages import Text
from handgrad.store.database import Database
from handgrad.store.learners import Learner, Role, add_learner
from handgrad.store.sessions import key_of_secret
from handgrad.store.tables import invitations
from handgrad.store.timestamps import DAY, now

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike on a blackboard
CODE_LETTERS = 10
"""31^10: 2^49. Tries are limited, and a code is good for a few weeks."""
LASTS = 30 * DAY
MOST = 100
IS_LEFT = sa.or_(invitations.c.left.is_(None), invitations.c.left > 0)
"""An invitation that was not used as often as it may be."""


@dataclass(frozen=True)
class Invitation:
    """An invitation to the class that can still be used.

    Attributes:
        code: to be written down by the learners.
        left: how often it can still be used; None for any number of times.
        ends_at: when it ends, in milliseconds since 1970.
    """

    code: str
    left: int | None
    ends_at: int


class Invitations:
    """All invitations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def invite_teacher(self) -> str:
        """The code of a link that makes one teacher, once; earlier ones no longer work."""
        code, moment = secrets.token_urlsafe(24), now()
        with self._database.writing() as connection:
            connection.execute(invitations.delete().where(invitations.c.role == "teacher"))
            connection.execute(invitations.insert(), _row(code, None, "teacher", 1, moment))
        return code

    def invite_class(self, left: int | None = None) -> Invitation:
        """A new code with which learners can join.

        Raises:
            UsageError: there are very many already.
        """
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
        moment = now()
        with self._database.writing() as connection:
            connection.execute(invitations.delete().where(invitations.c.ends_at < moment))
            counted = connection.scalar(sa.select(sa.func.count()).select_from(invitations)) or 0
            if counted >= MOST:
                raise UsageError(TOO_MANY.format(most=MOST))
            connection.execute(invitations.insert(), _row(code, code, "learner", left, moment))
        return Invitation(code, left, moment + LASTS)

    def of_class(self) -> list[Invitation]:
        """The codes that can still be used, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                sa.select(invitations)
                .where(invitations.c.role == "learner", invitations.c.ends_at >= now(), IS_LEFT)
                .order_by(invitations.c.began_at.desc(), invitations.c.key)
            ).all()
        return [Invitation(row.code, row.left, row.ends_at) for row in rows]

    def is_good(self, code: str) -> bool:
        """Whether a code can be used now."""
        with self._database.reading() as connection:
            return _good(connection, code) is not None

    def join(self, code: str, name: str, password: str) -> Learner:
        """Use an invitation: the learner is added and the invitation counted, or neither.

        Args:
            code: as it was written down; case does not count in a class's.
            name: `valid_name` has seen it.
            password: its hash.

        Raises:
            UsageError: the invitation is not good, or the name is taken.
        """
        with self._database.writing() as connection:
            found = _good(connection, code)
            if found is None:
                raise UsageError(NOT_GOOD)
            key, role = found
            used = connection.execute(
                invitations.update()
                .where(invitations.c.key == key, IS_LEFT)
                .values(left=invitations.c.left - 1)
            )
            if used.rowcount != 1:  # somebody else was faster
                raise UsageError(NOT_GOOD)
            return add_learner(connection, name, password, role)


def _row(
    code: str, shown: str | None, role: Role, left: int | None, moment: int
) -> dict[str, object]:
    return {
        "key": key_of_secret(code),
        "code": shown,
        "role": role,
        "left": left,
        "began_at": moment,
        "ends_at": moment + LASTS,
    }


def _good(connection: sa.Connection, code: str) -> tuple[str, Role] | None:
    plain = code.strip()
    row = connection.execute(
        sa.select(invitations.c.key, invitations.c.role).where(
            invitations.c.key.in_([key_of_secret(plain), key_of_secret(plain.lower())]),
            invitations.c.ends_at >= now(),
            IS_LEFT,
        )
    ).first()
    return None if row is None else (row.key, row.role)


NOT_GOOD = Text(
    zh="这个邀请码不能用：可能输错了、用完了或过期了。请向老师要一个新的。",
    en="This invitation cannot be used: it may be mistyped, used up or expired. Ask your teacher for a "
    "new one.",
)
TOO_MANY = Text(
    zh="邀请码已经有 {most} 个，请先用已有的。",
    en="There are {most} invitations already; use one of them.",
)
