"""A learner's progress: classes passed, answers submitted, hints shown, drafts."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from handgrad.store.database import Database
from handgrad.store.tables import answers, drafts, hints, learners, passes
from handgrad.store.timestamps import now

PASSED = (
    sa.select(passes.c.level, passes.c.class_name, answers.c.source)
    .join(answers, answers.c.id == passes.c.answer)
    .where(passes.c.learner == sa.bindparam("who"))
    .order_by(passes.c.level, passes.c.class_name)
)


@dataclass(frozen=True)
class LearnerProgress:
    """What a learner has done so far.

    Attributes:
        passed: by level, the classes that passed.
        answers: by level, how many answers were handed in.
    """

    passed: dict[str, frozenset[str]]
    answers: dict[str, int]


@dataclass(frozen=True)
class SavedDraft:
    """What a learner has typed and not handed in, and how often it was saved."""

    source: str
    revision: int


@dataclass(frozen=True)
class PassedClass:
    """A class that a learner passed, and the source of the answer that did."""

    level: str
    class_name: str
    source: bytes


class ProgressStore:
    """Progress, drafts and hints of all learners."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def progress(self, learner: int) -> LearnerProgress:
        """How far a learner is."""
        with self._database.reading() as connection:
            passed: dict[str, set[str]] = {}
            for row in connection.execute(
                sa.select(passes.c.level, passes.c.class_name).where(passes.c.learner == learner)
            ):
                passed.setdefault(row.level, set()).add(row.class_name)
            counted = connection.execute(
                sa.select(answers.c.level, sa.func.count())
                .where(answers.c.learner == learner)
                .group_by(answers.c.level)
            ).all()
            return LearnerProgress(
                {level: frozenset(names) for level, names in passed.items()}, dict(counted)
            )

    def passed_classes(self, learner: int) -> list[PassedClass]:
        """Every class that a learner passed, with the source of the latest answer that did."""
        with self._database.reading() as connection:
            rows = connection.execute(PASSED, {"who": learner}).all()
        return [PassedClass(row.level, row.class_name, bytes(row.source)) for row in rows]

    def draft(self, learner: int, level: str) -> SavedDraft | None:
        """The draft of a level, or None."""
        with self._database.reading() as connection:
            return _draft(connection, learner, level)

    def save_draft(
        self, learner: int, level: str, source: str, base: int | None
    ) -> SavedDraft | int:
        """Save a draft that was typed upon the revision `base`; None for no draft at all.

        Returns:
            Its revision; or, where another tab has saved something else since, that draft, and
            nothing is stored.
        """
        mine = (drafts.c.learner == learner, drafts.c.level == level)
        with self._database.writing() as connection:
            self._wait_for_others(connection, learner)
            latest = _draft(connection, learner, level)
            if latest is not None and latest.source == source:
                return latest.revision
            if latest is not None and latest.revision != base:
                return latest
            revision = 1 if latest is None else latest.revision + 1
            row = {"source": source.encode(), "revision": revision, "saved_at": now()}
            if latest is None:
                connection.execute(drafts.insert(), row | {"learner": learner, "level": level})
            else:
                connection.execute(drafts.update().where(*mine).values(row))
        return revision

    def hints_shown(self, learner: int, level: str) -> int:
        """How many hints of a level were shown."""
        with self._database.reading() as connection:
            shown = connection.scalar(
                sa.select(hints.c.shown).where(hints.c.learner == learner, hints.c.level == level)
            )
        return shown or 0

    def show_hint(self, learner: int, level: str, count: int) -> int:
        """Show one hint more, up to `count`; how many are shown now."""
        with self._database.writing() as connection:
            self._wait_for_others(connection, learner)
            mine = (hints.c.learner == learner, hints.c.level == level)
            shown = connection.scalar(sa.select(hints.c.shown).where(*mine))
            more = min(count, (shown or 0) + 1)
            if shown is None:
                connection.execute(
                    hints.insert(), {"learner": learner, "level": level, "shown": more}
                )
            else:
                connection.execute(hints.update().where(*mine).values(shown=more))
        return more

    def _wait_for_others(self, connection: sa.Connection, learner: int) -> None:
        """Of two first drafts or hints on PostgreSQL, one waits here for the other."""
        if not self._database.is_sqlite:
            connection.execute(
                sa.select(learners.c.id).where(learners.c.id == learner).with_for_update()
            )


def _draft(connection: sa.Connection, learner: int, level: str) -> SavedDraft | None:
    row = connection.execute(
        sa.select(drafts.c.source, drafts.c.revision).where(
            drafts.c.learner == learner, drafts.c.level == level
        )
    ).one_or_none()
    return None if row is None else SavedDraft(bytes(row.source).decode(), row.revision)
