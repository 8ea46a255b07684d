"""Answers and their verdicts: stored before they are judged, leased, decided exactly once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from handgrad.store.database import Database
from handgrad.store.tables import answers, passes, verdicts
from handgrad.store.timestamps import SECOND, now

AnswerState = Literal["waiting", "judging", "judged"]
LEASE = 60 * SECOND
OFTEN = 2
"""What was taken more often than this and not decided lets all others go first."""
PAGE = 20
IS_OPEN = sa.text("answers.state <> 'judged'")
BEING_JUDGED = sa.text("other.state <> 'judged' AND other.state = 'judging'")
"""Written out, so that both databases see that the partial index holds all that is asked for."""

ADD = answers.insert().returning(answers.c.id)
OLDEST = (
    sa.select(answers.c.id)
    .where(
        IS_OPEN,
        sa.or_(answers.c.state == "waiting", answers.c.leased_until < sa.bindparam("moment")),
    )
    .order_by(
        answers.c.learner.in_(sa.select(answers.alias("other").c.learner).where(BEING_JUDGED)),
        answers.c.attempts > OFTEN,
        answers.c.id,
    )
    .limit(1)
    .with_for_update(
        skip_locked=True
    )  # SQLite, with one writer at a time, needs and writes no such clause
)
TAKE = (
    answers.update()
    .where(answers.c.id == sa.bindparam("number"))
    .values(
        state="judging",
        lease=sa.bindparam("token"),
        holder=sa.bindparam("by"),
        leased_until=sa.bindparam("until"),
        attempts=answers.c.attempts + 1,
    )
    .returning(*answers.c)
)
DECIDE = (
    answers.update()
    .where(
        answers.c.id == sa.bindparam("number"),
        answers.c.state == "judging",
        answers.c.lease == sa.bindparam("token"),
    )
    .values(state="judged", judged_at=sa.bindparam("moment"), lease=None, holder=None)
)


def _latest_pass(insert: Any) -> sa.Executable:
    """A class was passed, unless a later answer passed it before."""
    return cast(
        sa.Executable,
        insert.on_conflict_do_update(
            index_elements=[passes.c.learner, passes.c.level, passes.c.class_name],
            set_={"answer": insert.excluded.answer, "passed_at": insert.excluded.passed_at},
            where=passes.c.answer < insert.excluded.answer,
        ),
    )


PASS = {
    "sqlite": _latest_pass(sqlite.insert(passes)),
    "postgresql": _latest_pass(postgresql.insert(passes)),
}
"""Made once: to make a statement takes as long as to execute it."""


@dataclass(frozen=True)
class StoredAnswer:
    """An answer as it was handed in, and how far it has come.

    Attributes:
        number: its number in the store.
        learner: the learner's number.
        level: the level's name.
        source: what was handed in, byte for byte.
        submitted_at: when, in milliseconds since 1970.
        state: waiting, judging or judged.
        documents: the verdicts as JSON texts, in the level's order of classes; empty until judged.
    """

    number: int
    learner: int
    level: str
    source: bytes
    submitted_at: int
    state: AnswerState
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lease:
    """An answer that somebody has taken to judge.

    Attributes:
        answer: the answer.
        token: lets the holder store its verdicts, once.
        attempts: how often it was taken, this time included.
    """

    answer: StoredAnswer
    token: str
    attempts: int


@dataclass(frozen=True)
class AnswerSummary:
    """One answer in a learner's history, and in JSON what the history shows of its verdicts."""

    number: int
    submitted_at: int
    state: AnswerState
    verdicts: list[dict[str, Any]]


class Answers:
    """The answers of all learners."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, learner: int, level: str, source: bytes) -> StoredAnswer:
        """Store an answer that waits to be judged."""
        return self._added(learner, level, source, "waiting")

    def add_leased(self, learner: int, level: str, source: bytes, holder: int) -> Lease:
        """Store an answer that `holder` begins to judge at once: what `add` and `lease` do, in one
        transaction. It is a lease like any other, and goes back to those that wait if the holder dies.
        """
        token = secrets.token_hex(16)
        taken = {"lease": token, "holder": holder, "leased_until": now() + LEASE, "attempts": 1}
        return Lease(self._added(learner, level, source, "judging", **taken), token, attempts=1)

    def _added(
        self, learner: int, level: str, source: bytes, state: AnswerState, **taken: Any
    ) -> StoredAnswer:
        moment = now()
        row = {"learner": learner, "level": level, "source": source, "submitted_at": moment}
        with self._database.writing() as connection:
            number = connection.execute(ADD, row | {"state": state} | taken).scalar_one()
        return StoredAnswer(number, learner, level, source, moment, state)

    def get(self, number: int, learner: int) -> StoredAnswer | None:
        """An answer of that learner's own, with its verdicts; None where they have no such answer."""
        with self._database.reading() as connection:
            row = connection.execute(
                sa.select(answers).where(answers.c.id == number, answers.c.learner == learner)
            ).one_or_none()
            if row is None:
                return None
            documents = connection.scalars(
                sa.select(verdicts.c.document)
                .where(verdicts.c.answer == number)
                .order_by(verdicts.c.position)
            ).all()
        return _answer(row, documents)

    def history(
        self, learner: int, level: str, before: int | None = None, count: int = PAGE
    ) -> tuple[list[AnswerSummary], int | None]:
        """A learner's answers to a level, newest first, and where the next page begins."""
        mine = sa.select(answers.c.id, answers.c.submitted_at, answers.c.state).where(
            answers.c.learner == learner, answers.c.level == level
        )
        if before is not None:
            mine = mine.where(answers.c.id < before)
        with self._database.reading() as connection:
            rows = connection.execute(mine.order_by(answers.c.id.desc()).limit(count + 1)).all()
            page = rows[:count]
            short: dict[int, list[dict[str, Any]]] = {row.id: [] for row in page}
            for row in connection.execute(
                sa.select(verdicts)
                .where(verdicts.c.answer.in_(short))
                .order_by(verdicts.c.answer, verdicts.c.position)
            ):
                short[row.answer].append(
                    {
                        "class": row.class_name,
                        "verdict": row.verdict,
                        "kind": row.kind,
                        "mistakes": json.loads(row.mistakes),
                    }
                )
        entries = [
            AnswerSummary(row.id, row.submitted_at, row.state, short[row.id]) for row in page
        ]
        return entries, page[-1].id if len(rows) > count else None

    def lease(self, holder: int) -> Lease | None:
        """Take the answer that has waited longest, or None when none waits.

        Learners take turns: whoever has an answer being judged waits until nobody else does, so that
        one who hands in endless loops holds up nobody but themselves. A lease that ran out is taken
        over: its holder hangs. Should it wake up after all, its token no longer stores anything.
        """
        token = secrets.token_hex(16)
        moment = now()
        with self._database.writing() as connection:
            number = connection.scalar(OLDEST, {"moment": moment})
            if number is None:
                return None
            taken = {"number": number, "token": token, "by": holder, "until": moment + LEASE}
            row = connection.execute(TAKE, taken).one()
        return Lease(_answer(row), token, row.attempts)

    def decide(self, lease: Lease, found: Sequence[Mapping[str, Any]]) -> tuple[str, ...] | None:
        """Store the verdicts of a leased answer, and return them as the JSON texts that were stored;
        None where another holder has decided already.

        The comparison with the token and the change are one statement: of any number of judges that
        worked on the same answer, one stores its verdicts, all of them, and the others none.
        """
        answer, moment = lease.answer, now()
        rows = [_row(answer.number, place, one) for place, one in enumerate(found)]
        with self._database.writing() as connection:
            given = {"number": answer.number, "token": lease.token, "moment": moment}
            if connection.execute(DECIDE, given).rowcount != 1:
                return None
            if rows:
                connection.execute(verdicts.insert(), rows)
            row = {"learner": answer.learner, "level": answer.level, "answer": answer.number}
            passed = [
                row | {"class_name": one["class"], "passed_at": moment}
                for one in found
                if one["verdict"] == "pass"
            ]
            if passed:
                connection.execute(PASS[connection.dialect.name], passed)
        return tuple(str(row["document"]) for row in rows)

    def holders(self) -> list[int]:
        """The numbers of the servers that hold leases."""
        with self._database.reading() as connection:
            query = sa.select(answers.c.holder).where(IS_OPEN, answers.c.holder.is_not(None))
            return list(connection.scalars(query.distinct()))

    def waiting(self, learner: int) -> int:
        """How many answers of a learner are not judged yet."""
        with self._database.reading() as connection:
            query = sa.select(sa.func.count()).select_from(answers)
            return connection.scalar(query.where(IS_OPEN, answers.c.learner == learner)) or 0

    def give_back(self, holder: int) -> int:
        """Let every answer wait again that `holder` has leased: it is dead. How many they are."""
        with self._database.writing() as connection:
            returned = connection.execute(
                answers.update()
                .where(answers.c.state == "judging", answers.c.holder == holder)
                .values(state="waiting", lease=None, holder=None)
            )
        return returned.rowcount


def _answer(row: Any, documents: Sequence[str] = ()) -> StoredAnswer:
    return StoredAnswer(
        number=row.id,
        learner=row.learner,
        level=row.level,
        source=bytes(row.source),
        submitted_at=row.submitted_at,
        state=row.state,
        documents=tuple(documents),
    )


def _row(answer: int, position: int, verdict: Mapping[str, Any]) -> dict[str, Any]:
    mistakes = [named["mistake"] for named in verdict["mistakes"]]
    return {
        "answer": answer,
        "position": position,
        "class_name": verdict["class"],
        "verdict": verdict["verdict"],
        "kind": verdict["kind"],
        "mistakes": json.dumps(list(dict.fromkeys(mistakes))),
        "document": json.dumps(
            verdict
        ),  # ASCII: PostgreSQL's text holds no NUL and no lone surrogate
    }
