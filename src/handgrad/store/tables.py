"""The tables. A change here needs a migration in ``migrations/versions``; a test compares the two.

Moments are milliseconds since 1970 (UTC), in 64 bits. What a learner wrote is stored as its bytes:
PostgreSQL's text cannot hold a NUL, and an answer may.
"""

from __future__ import annotations

import sqlalchemy as sa

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = sa.MetaData(naming_convention=CONVENTION)

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite numbers rows by itself only where the type is INTEGER; it holds 64 bits all the same."""

Moment = sa.BigInteger


def _learner(*, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(
        "learner",
        Number,
        sa.ForeignKey("learners.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


settings = sa.Table(
    "settings",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

learners = sa.Table(
    "learners",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("name", sa.String(80), nullable=False),
    # the name as it is looked up: case-folded, so that Ada and ada are one
    sa.Column("key", sa.String(160), nullable=False, unique=True),
    sa.Column("role", sa.String(10), nullable=False),  # alone, learner or teacher
    sa.Column("password", sa.String(200)),  # a salted hash; NULL where there is no login
    sa.Column("joined_at", Moment, nullable=False),
    sa.Column("seen_at", Moment),
    sqlite_autoincrement=True,  # a deleted learner's number is never given to another one
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),  # the hash of the cookie, never the cookie
    _learner(),
    sa.Column("began_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False),
    sa.Index("ix_sessions_learner", "learner"),
)

invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),  # the hash of the code
    sa.Column("code", sa.String(40)),  # shown to the teacher again; NULL for a teacher's own link
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("left", sa.Integer),  # how often it can still be used; NULL: any number of times
    sa.Column("began_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False),
)

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    _learner(),
    sa.Column("level", sa.String(80), nullable=False),
    sa.Column("source", sa.LargeBinary, nullable=False),
    sa.Column("submitted_at", Moment, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),  # waiting, judging, judged
    sa.Column("lease", sa.String(32)),  # of whoever is judging it
    sa.Column("holder", sa.BigInteger),  # the server that holds the lease
    sa.Column("leased_until", Moment),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("judged_at", Moment),
    sa.Index("ix_answers_learner_level", "learner", "level", "id"),
    sa.Index(
        "ix_answers_open",
        "state",
        "id",
        sqlite_where=sa.text("state <> 'judged'"),
        postgresql_where=sa.text("state <> 'judged'"),
    ),
    sqlite_autoincrement=True,
)

verdicts = sa.Table(
    "verdicts",
    metadata,
    sa.Column("answer", Number, sa.ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),  # in the level's order of classes
    sa.Column("class", sa.String(80), nullable=False, key="class_name"),
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("kind", sa.String(20)),
    sa.Column("mistakes", sa.Text, nullable=False),  # JSON: the names alone, for the history
    sa.Column("document", sa.Text, nullable=False),  # JSON: a `Verdict`
)

passes = sa.Table(
    "passes",
    metadata,
    _learner(primary_key=True),
    sa.Column("level", sa.String(80), primary_key=True),
    sa.Column("class", sa.String(80), primary_key=True, key="class_name"),
    sa.Column("answer", Number, sa.ForeignKey("answers.id", ondelete="CASCADE"), nullable=False),
    sa.Column("passed_at", Moment, nullable=False),
    sa.Index("ix_passes_answer", "answer"),
)

drafts = sa.Table(
    "drafts",
    metadata,
    _learner(primary_key=True),
    sa.Column("level", sa.String(80), primary_key=True),
    sa.Column("source", sa.LargeBinary, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
)

hints = sa.Table(
    "hints",
    metadata,
    _learner(primary_key=True),
    sa.Column("level", sa.String(80), primary_key=True),
    sa.Column("shown", sa.Integer, nullable=False),
)
