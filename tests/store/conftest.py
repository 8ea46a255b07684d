"""A store of each kind with two learners in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handgrad.store.answers import Answers
from handgrad.store.database import Database
from handgrad.store.invitations import Invitations
from handgrad.store.learner_progress import ProgressStore
from handgrad.store.learners import Learner, Learners
from handgrad.store.migration import bring_up_to_date
from handgrad.store.sessions import Sessions


@pytest.fixture
def database(store_address: str) -> Iterator[Database]:
    """A database with its tables."""
    opened = Database(store_address)
    bring_up_to_date(opened)
    yield opened
    opened.close()


@pytest.fixture
def answers(database: Database) -> Answers:
    return Answers(database)


@pytest.fixture
def progress_store(database: Database) -> ProgressStore:
    return ProgressStore(database)


@pytest.fixture
def learners(database: Database) -> Learners:
    return Learners(database)


@pytest.fixture
def sessions(database: Database) -> Sessions:
    return Sessions(database)


@pytest.fixture
def invitations(database: Database) -> Invitations:
    return Invitations(database)


@pytest.fixture
def ada(invitations: Invitations) -> Learner:
    return invitations.join(invitations.invite_class().code, "Ada", "a hash")


@pytest.fixture
def bo(invitations: Invitations) -> Learner:
    return invitations.join(invitations.invite_class().code, "Bo", "another hash")
