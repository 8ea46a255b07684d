"""Learners, and what they have done besides answering: progress, drafts, hints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from handgrad.store.database import Database
from handgrad.store.moments import now
from handgrad.store.tables import learners

Role = Literal["alone", "learner", "teacher"]
ALONE = "me"


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
