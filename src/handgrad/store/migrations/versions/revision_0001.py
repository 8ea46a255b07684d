"""The first form: learners, sessions, invitations, answers, verdicts, passes, drafts, hints.

Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "invitations",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("left", sa.Integer(), nullable=True),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_invitations")),
    )
    op.create_table(
        "learners",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learners")),
        sa.UniqueConstraint("key", name=op.f("uq_learners_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "answers",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("learner", NUMBER, nullable=False),
        sa.Column("level", sa.String(length=80), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("holder", sa.BigInteger(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("judged_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner"],
            ["learners.id"],
            name=op.f("fk_answers_learner_learners"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_answers_learner_level", "answers", ["learner", "level", "id"], unique=False)
    op.create_index(
        "ix_answers_open",
        "answers",
        ["state", "id"],
        unique=False,
        sqlite_where=sa.text("state <> 'judged'"),
        postgresql_where=sa.text("state <> 'judged'"),
    )
    op.create_table(
        "drafts",
        sa.Column("learner", NUMBER, nullable=False),
        sa.Column("level", sa.String(length=80), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner"],
            ["learners.id"],
            name=op.f("fk_drafts_learner_learners"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner", "level", name=op.f("pk_drafts")),
    )
    op.create_table(
        "hints",
        sa.Column("learner", NUMBER, nullable=False),
        sa.Column("level", sa.String(length=80), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner"], ["learners.id"], name=op.f("fk_hints_learner_learners"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner", "level", name=op.f("pk_hints")),
    )
    op.create_table(
        "sessions",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("learner", NUMBER, nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner"],
            ["learners.id"],
            name=op.f("fk_sessions_learner_learners"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_learner", "sessions", ["learner"], unique=False)
    op.create_table(
        "passes",
        sa.Column("learner", NUMBER, nullable=False),
        sa.Column("level", sa.String(length=80), nullable=False),
        sa.Column("class", sa.String(length=80), nullable=False),
        sa.Column("answer", NUMBER, nullable=False),
        sa.Column("passed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer"], ["answers.id"], name=op.f("fk_passes_answer_answers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["learner"],
            ["learners.id"],
            name=op.f("fk_passes_learner_learners"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner", "level", "class", name=op.f("pk_passes")),
    )
    op.create_index("ix_passes_answer", "passes", ["answer"], unique=False)
    op.create_table(
        "verdicts",
        sa.Column("answer", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("class", sa.String(length=80), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("mistakes", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer"], ["answers.id"], name=op.f("fk_verdicts_answer_answers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("answer", "position", name=op.f("pk_verdicts")),
    )
