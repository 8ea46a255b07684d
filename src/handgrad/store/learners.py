"""Learners: who they are, how they sign in, and how they came to be invited."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from handgrad.errors import UsageError
from handgrad.languages import Text
from handgrad.store.database import Database
from handgrad.store.tables import answers, learners, passes, sessions
from handgrad.store.timestamps import SECOND, now

Role = Literal["alone", "learner", "teacher"]
ALONE = "me"
LONGEST_NAME = 40
SEEN_EVERY = 5 * 60 * SECOND
"""How exactly it is known when a learner was last seen."""


@dataclass(frozen=True)
class Learner:
    """Somebody who learns, or teaches.

    Attributes:
        number: their number in the store.
        name: as they wrote it.
        role: alone (one machine, one learner, no login), learner or teacher.
    """

    number: int
    name: str
    role: Role


@dataclass(frozen=True)
class ClassMember:
    """A learner as the teacher's page shows them.

    Attributes:
        learner: who.
        joined_at: when, in milliseconds since 1970.
        seen_at: when last, to five minutes; None for never.
        passed: by level, the classes that passed.
        answers: how many answers were handed in.
    """

    learner: Learner
    joined_at: int
    seen_at: int | None
    passed: dict[str, frozenset[str]]
    answers: int


class Learners:
    """All learners."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def alone(self) -> Learner:
        """The one learner of a machine that has only one; made when first asked for."""
        with self._database.writing() as connection:
            row = connection.execute(
                sa.select(learners).where(learners.c.role == "alone")
            ).one_or_none()
            if row is not None:
                return Learner(row.id, row.name, row.role)
            number = connection.execute(
                learners.insert().returning(learners.c.id),
                {"name": ALONE, "key": "", "role": "alone", "joined_at": now()},
            ).scalar_one()
        return Learner(number, ALONE, "alone")

    def named(self, name: str) -> tuple[Learner, str] | None:
        """Who has that name, and the hash of their password; None for nobody."""
        with self._database.reading() as connection:
            row = connection.execute(
                sa.select(learners).where(learners.c.key == key_of(name))
            ).one_or_none()
        if row is None or row.password is None:
            return None
        return Learner(row.id, row.name, row.role), row.password

    def is_any_teacher(self) -> bool:
        """Whether there is a teacher yet."""
        with self._database.reading() as connection:
            query = sa.select(learners.c.id).where(learners.c.role == "teacher").limit(1)
            return connection.scalar(query) is not None

    def set_password(self, learner: Learner, password: str) -> None:
        """Give a learner another password, by its hash; every session of theirs ends."""
        with self._database.writing() as connection:
            connection.execute(
                learners.update().where(learners.c.id == learner.number).values(password=password)
            )
            connection.execute(sessions.delete().where(sessions.c.learner == learner.number))

    def strengthen(self, learner: Learner, password: str) -> None:
        """Store a stronger hash of the same password; sessions go on."""
        with self._database.writing() as connection:
            connection.execute(
                learners.update().where(learners.c.id == learner.number).values(password=password)
            )

    def remove(self, learner: Learner) -> None:
        """Remove a learner and all that is theirs."""
        with self._database.writing() as connection:
            connection.execute(learners.delete().where(learners.c.id == learner.number))

    def seen(self, learner: int) -> None:
        """A learner is there."""
        moment = now()
        with self._database.writing() as connection:
            connection.execute(
                learners.update()
                .where(
                    learners.c.id == learner,
                    sa.or_(learners.c.seen_at.is_(None), learners.c.seen_at < moment - SEEN_EVERY),
                )
                .values(seen_at=moment)
            )

    def members(self) -> list[ClassMember]:
        """Everybody of the class, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(
                sa.select(learners).where(learners.c.role != "alone").order_by(learners.c.key)
            ).all()
            query = sa.select(answers.c.learner, sa.func.count()).group_by(answers.c.learner)
            counted: dict[int, int] = dict(connection.execute(query).all())
            passed: dict[int, dict[str, set[str]]] = {}
            for row in connection.execute(
                sa.select(passes.c.learner, passes.c.level, passes.c.class_name)
            ):
                of_level = passed.setdefault(row.learner, {}).setdefault(row.level, set())
                of_level.add(row.class_name)
        return [
            ClassMember(
                Learner(row.id, row.name, row.role),
                row.joined_at,
                row.seen_at,
                {level: frozenset(n) for level, n in passed.get(row.id, {}).items()},
                counted.get(row.id, 0),
            )
            for row in rows
        ]


def add_learner(connection: sa.Connection, name: str, password: str, role: Role) -> Learner:
    """Add somebody, within a transaction.

    Args:
        connection: of the transaction.
        name: as they want to be called; `valid_name` has seen it.
        password: its hash.
        role: learner or teacher.

    Raises:
        UsageError: somebody has that name already.
    """
    key = key_of(name)
    if connection.scalar(sa.select(learners.c.id).where(learners.c.key == key)) is not None:
        raise UsageError(TAKEN.format(name=name))
    number = connection.execute(
        learners.insert().returning(learners.c.id),
        {"name": name, "key": key, "role": role, "password": password, "joined_at": now()},
    ).scalar_one()
    return Learner(number, name, role)


def key_of(name: str) -> str:
    """The name as it is looked up: case and width do not count.

    >>> key_of("Ａda") == key_of("ada ")
    True
    """
    return unicodedata.normalize("NFKC", name).strip().casefold()


def valid_name(name: str) -> str:
    """A name in the form in which it is stored.

    Raises:
        UsageError: it is empty, too long, or holds characters that cannot be seen.
    """
    plain = unicodedata.normalize("NFC", name).strip()
    is_visible = all(character.isprintable() for character in plain)
    if not key_of(plain) or len(plain) > LONGEST_NAME or not is_visible or "/" in plain:
        raise UsageError(BAD_NAME.format(longest=LONGEST_NAME))
    return plain


TAKEN = Text(
    zh="名字「{name}」已经有人用了，请换一个。",
    en="The name “{name}” is taken; choose another one.",
)
BAD_NAME = Text(
    zh="名字要有 1 到 {longest} 个字符，不能有看不见的字符和斜杠。",
    en="A name has 1 to {longest} characters, none of them invisible, and no slash.",
)
